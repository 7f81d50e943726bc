// What visitors of the demonstration may ask for. None of it touches any but the demonstration's own practice elections.
import * as z from 'zod/mini'
import { fromHex } from '#crypto/encoding.ts'
import { slug, text } from '#protocol/codec.ts'
import { hashText, operation, type Operation } from '#server/operation.ts'
import { Problem } from '#server/problem.ts'
import type { Demo } from './demo.ts'

const placeSchema = z.strictObject({ process: z.string(), election: z.string() })
const demoSchema = z.strictObject({
  /** Oldest first; those that are not yet ready are left out. */
  elections: z.array(
    z.extend(placeSchema, { state: z.enum(['registering', 'open', 'closed', 'announced']) }),
  ),
  /** Voters whom the server plays in each. */
  simulated: z.int().check(z.gte(1)),
})
const codeSchema = z.strictObject({ code: z.string() })
const seatSchema = z.strictObject({
  /** An age file with the third guardian's identity and seat. */
  backup: z.string(),
  passphrase: z.string(),
})
const visitorSchema = z.strictObject({ name: text(60), key: hashText })

const JSON_TYPE = 'application/json'

/** @param demo whose operations are gone once officials have come */
export function demoOperations(demo: Demo): Operation[] {
  return operationsOf(demo).map((one) => ({
    ...one,
    run: (c) => {
      if (demo.over) throw new Problem('not-found', 'The demonstration ended when officials came.')
      return one.run(c)
    },
  }))
}

function operationsOf(demo: Demo): Operation[] {
  const place = [{ status: 201, description: 'Where it is.', type: JSON_TYPE, schema: placeSchema }] as const
  const done = [{ status: 204, description: 'Done.' }] as const
  const path = (rest: string) => `/api/demo/elections/:election/${rest}`
  const parameters = { election: slug }
  return [
    operation(
      {
        method: 'GET',
        path: '/api/demo',
        access: 'anybody',
        summary: 'The practice elections of this demonstration.',
        parameters: {},
        query: {},
        success: [{ status: 200, description: 'Elections.', type: JSON_TYPE, schema: demoSchema }],
      },
      ({ c }) => {
        const answer = { elections: demo.list(), simulated: demo.simulated }
        return c.json(answer satisfies z.output<typeof demoSchema>)
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/demo/elections',
        access: 'anybody',
        summary: 'An election in which a visitor can register: the one there is, or a new one.',
        parameters: {},
        query: {},
        success: place,
      },
      async ({ c }) => {
        return c.json(await demo.create(), 201)
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/demo/ceremonies',
        access: 'anybody',
        summary: 'A practice election that makes its key with the visitor as third guardian; it never opens.',
        parameters: {},
        query: {},
        body: {
          type: JSON_TYPE,
          maximum: 1024,
          schema: visitorSchema,
          description: "The visitor's name and Ed25519 public key.",
        },
        success: place,
      },
      async ({ body: { name, key }, c }) => {
        return c.json(await demo.ceremony({ name, key: fromHex(key) }), 201)
      },
    ),
    operation(
      {
        method: 'POST',
        path: path('codes'),
        access: 'anybody',
        summary: 'A registration code for a visitor.',
        parameters,
        query: {},
        success: [{ status: 201, description: 'The code.', type: JSON_TYPE, schema: codeSchema }],
      },
      async ({ parameters: { election }, c }) => {
        c.header('Cache-Control', 'no-store')
        return c.json({ code: await demo.code(election) } satisfies z.output<typeof codeSchema>, 201)
      },
    ),
    ...(
      [
        ['open', 'Freezes the roll and opens; the simulated voters then cast ballots.', 'open'],
        ['close', 'Ends voting now; one of the two played guardians decrypts, the other is absent.', 'close'],
        ['step-in', 'The absent guardian decrypts after all.', 'stepIn'],
      ] as const
    ).map(([name, summary, does]) =>
      operation(
        {
          method: 'POST',
          path: path(name),
          access: 'anybody',
          summary,
          parameters,
          query: {},
          success: done,
        },
        async ({ parameters: { election }, c }) => {
          await demo[does](election)
          return c.body(null, 204)
        },
      ),
    ),
    operation(
      {
        method: 'GET',
        path: path('seat'),
        access: 'anybody',
        summary: "The third guardian's backup, for the visitor who takes that part; gone once it has served.",
        parameters,
        query: {},
        success: [{ status: 200, description: 'The backup.', type: JSON_TYPE, schema: seatSchema }],
      },
      ({ parameters: { election }, c }) => {
        c.header('Cache-Control', 'no-store')
        return c.json(demo.seat(election) satisfies z.output<typeof seatSchema>)
      },
    ),
  ]
}

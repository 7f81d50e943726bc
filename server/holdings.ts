// What a person may know of what is held about them: the row of the register, the mail to them, who has looked them up. Who asks
// shows a code of theirs, which stays good for this after it was used to register. Nothing of it leads to what they have voted
// or said, which this server cannot tell either.
import * as z from 'zod/mini'
import { Attempts } from './attempts.ts'
import { heldOf } from './data/holdings.ts'
import { lookupsOf } from './data/lookups.ts'
import { isUnknownCode, registration } from './data/register.ts'
import { LANGUAGES } from './data/schema.ts'
import { guard } from './guard.ts'
import { answers, body } from './officials/shapes.ts'
import { operation, type Operation } from './operation.ts'
import type { Parts } from './parts.ts'
import { sourceOf } from './source.ts'

const count = z.int().check(z.gte(0))
const moment = z.nullable(count)

const held = z.strictObject({
  process: z.string(),
  roll: z.string(),
  /** The register's own name of them. */
  row: z.string(),
  weight: count,
  address: z.nullable(z.string()),
  language: z.nullable(z.enum(LANGUAGES)),
  /** How the identity provider knows them. */
  identity: z.nullable(z.string()),
  /** Under which they speak in the process, or want to. */
  name: z.nullable(z.string()),
  registeredAt: moment,
  /** Of the ledger, with the credential. */
  entry: moment,
  /** The invitation or reminder that was sent last, or waits to be. */
  mail: z.nullable(
    z.strictObject({
      kind: z.enum(['invitation', 'reminder']),
      state: z.enum(['waiting', 'sending', 'sent', 'failed', 'bounced']),
      attempts: count,
      attemptedAt: moment,
      reason: z.nullable(z.string()),
    }),
  ),
  /** Of officials, the newest first. */
  lookups: z.array(
    z.strictObject({
      at: count,
      /** By name. */
      official: z.string(),
      /** Null where they were found to be given a code, replaced or removed. */
      reason: z.nullable(z.string()),
    }),
  ),
})
export type HeldView = z.output<typeof held>

type Needed = Pick<Parts, 'database' | 'proxies' | 'clock'>

export function holdingOperations({ database, proxies, clock }: Needed): Operation[] {
  const attempts = new Attempts(clock)
  return [
    operation(
      {
        method: 'POST',
        path: '/api/holdings',
        access: 'anybody',
        summary: 'All that the private tables hold of the person whose registration code this is.',
        parameters: {},
        query: {},
        body: body(
          z.strictObject({ code: z.string().check(z.maxLength(64)) }),
          'The code as it was typed, used or not.',
          1024,
        ),
        success: answers(held),
      },
      ({ body: { code }, c }) =>
        guard(
          attempts,
          sourceOf(c, proxies),
          async () => {
            const { id, process, roll, row } = await registration(database, { code })
            const lookups = await lookupsOf(database, { process, roll, row })
            const answer: HeldView = {
              ...(await heldOf(database, id)),
              lookups: lookups.map(({ at, official, reason }) => ({ at, official, reason })),
            }
            c.header('Cache-Control', 'no-store')
            return c.json(answer)
          },
          isUnknownCode,
        ),
    ),
  ]
}

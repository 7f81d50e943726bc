// What a voter may know of officials' look-ups: who has looked them up, when and why. Who asks shows a code of theirs,
// which stays good for this after it was used to register.
import * as z from 'zod/mini'
import { Attempts } from './attempts.ts'
import { lookupsOf } from './data/lookups.ts'
import { isUnknownCode, registration } from './data/register.ts'
import { guard } from './guard.ts'
import { operation, type Operation } from './operation.ts'
import type { Parts } from './parts.ts'
import { sourceOf } from './source.ts'

/** One of them. */
export const lookupSchema = z.strictObject({
  /** Milliseconds since 1970. */
  at: z.int().check(z.gte(0)),
  /** By name. */
  official: z.string(),
  /** Null where they were found to be given a code, replaced or removed. */
  reason: z.nullable(z.string()),
})
const seen = z.strictObject({ process: z.string(), roll: z.string(), lookups: z.array(lookupSchema) })
/** Of one row of the register. */
export type LookupsView = z.output<typeof seen>

type Needed = Pick<Parts, 'database' | 'proxies' | 'clock'>

export function lookupOperations({ database, proxies, clock }: Needed): Operation[] {
  const attempts = new Attempts(clock)
  return [
    operation(
      {
        method: 'POST',
        path: '/api/lookups',
        access: 'anybody',
        summary: 'Who has looked up the person whose registration code this is, the newest first.',
        parameters: {},
        query: {},
        body: {
          type: 'application/json',
          maximum: 1024,
          schema: z.strictObject({ code: z.string().check(z.maxLength(64)) }),
          description: 'The code as it was typed, used or not.',
        },
        success: [{ status: 200, description: 'Here it is.', type: 'application/json', schema: seen }],
      },
      ({ body: { code }, c }) =>
        guard(
          attempts,
          sourceOf(c, proxies),
          async () => {
            const { process, roll, row } = await registration(database, { code })
            const lookups = await lookupsOf(database, { process, roll, row })
            const answer: LookupsView = {
              ...{ process, roll },
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

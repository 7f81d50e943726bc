// What everybody may see of a ceremony: its public transcript (SPEC 10.2), as programs and pages read it.
import * as z from 'zod/mini'
import { instant } from '#server/officials/shapes.ts'

export const circuit = z.enum(['signal', 'S', 'L'])

const contributor = z.strictObject({
  name: z.string(),
  /** `contributing` while nobody else may. */
  state: z.enum(['invited', 'contributing', 'done', 'skipped']),
  /** Why somebody is no longer waited for. */
  reason: z.nullable(z.string()),
})

const key = z.strictObject({
  circuit,
  /** 0 is what it began with. */
  position: z.int(),
  /** Of the file, in hexadecimal; `/api/ceremonies/keys/` has it. */
  sha256: z.string(),
  /** Whose contribution made it, or `beacon`. */
  name: z.nullable(z.string()),
  /** Of the contribution, as contributors publish it, in hexadecimal. */
  hash: z.nullable(z.string()),
  at: instant,
})

export const ceremonyView = z.strictObject({
  id: z.int(),
  circuits: z.array(circuit),
  phase1: z.string(),
  /** Its phase 1 has public secrets. */
  development: z.boolean(),
  /** Which public value ends it, as announced at the beginning. */
  beacon: z.string(),
  beganAt: instant,
  endedAt: z.nullable(instant),
  /** That value in hexadecimal. */
  value: z.nullable(z.string()),
  contributors: z.array(contributor),
  keys: z.array(key),
})
export type CeremonyView = z.output<typeof ceremonyView>

export const turn = z.strictObject({
  name: z.string(),
  ceremony: ceremonyView,
  /** The key to contribute to next; null when all have this contribution. */
  next: z.nullable(z.strictObject({ circuit, sha256: z.string() })),
})
export type Turn = z.output<typeof turn>

// The union of everything that may stand on the ledger, and its canonical bytes. SPEC 7.1.
import * as z from 'zod/mini'
import { signedActSchema } from './act.ts'
import { ballotSchema } from './ballot.ts'
import { codec, instant } from './codec.ts'
import { genesisSchema } from './genesis.ts'
import { signedGuardianMessageSchema } from './guardian.ts'
import { Refusal } from './refusal.ts'
import { signalSchema } from './signal.ts'

/** A leaf of a C2SP tile holds no more (tlog-tiles: 16-bit length). */
export const MAX_ENTRY_BYTES = 65_535

/** An entry is [type, content]; `time` carries the clock by which all that follows is judged. SPEC 7.2. */
export const entrySchema = z.union([
  z.tuple([z.literal('genesis'), genesisSchema]),
  z.tuple([z.literal('time'), instant]),
  z.tuple([z.literal('act'), signedActSchema]),
  z.tuple([z.literal('guardian'), signedGuardianMessageSchema]),
  z.tuple([z.literal('ballot'), ballotSchema]),
  z.tuple([z.literal('signal'), signalSchema]),
])
export type Entry = z.output<typeof entrySchema>

const entryCodec = codec(entrySchema)

/** Canonical bytes of an entry. */
export function encodeEntry(entry: Entry): Uint8Array {
  return entryCodec.encode(entry)
}

/** The entry of these bytes. Throws `Refusal`: 'too-large' or 'malformed'. */
export function decodeEntry(bytes: Uint8Array): Entry {
  if (bytes.length > MAX_ENTRY_BYTES) throw new Refusal('too-large', `${bytes.length} bytes`)
  return entryCodec.decode(bytes)
}

// Canonical bytes of what a device keeps between sealing and receipt, for an encrypted vault: a sealing, which shows the
// vote to whoever reads it, and a finished ballot, which does not. SPEC 6.2, 6.3.
import * as z from 'zod/mini'
import { type Ballot, ballotContent, type BallotContext, ballotOf } from '#protocol/ballot.ts'
import { bytes, bytesUpTo, codec } from '#protocol/codec.ts'
import { decodeEntry, encodeEntry } from '#protocol/entry.ts'
import { Refusal } from '#protocol/refusal.ts'
import { decodeOpening, encodeOpening, openedBody, openingOf, type Sealing } from '#protocol/seal.ts'

/** The body follows from its opening, so that a damaged record never becomes another ballot. */
const sealingCodec = codec(z.strictObject({ opening: bytesUpTo(2000), nullifierKey: bytes(16) }))

/** A sealing's bytes: secret, and of no use once it was challenged or cast. */
export function encodeSealing(sealing: Sealing): Uint8Array {
  const { nullifierKey } = sealing
  return sealingCodec.encode({ opening: encodeOpening(openingOf(sealing)), nullifierKey })
}

/** The sealing again, in the contest that it was made for. Throws `Refusal('malformed')`. */
export function decodeSealing(context: BallotContext, encoded: Uint8Array): Sealing {
  const { opening, nullifierKey } = sealingCodec.decode(encoded)
  const opened = decodeOpening(opening)
  const body = openedBody(context, opened)
  if (body === undefined) throw new Refusal('malformed', 'not a sealing of this contest')
  const { values, weight, seed, salt } = opened
  return { body, values, weight, seed, salt, nullifierKey }
}

/** A finished ballot's bytes: those of its entry. */
export function encodeBallot(ballot: Ballot): Uint8Array {
  return encodeEntry(['ballot', ballotContent(ballot)])
}

/** The ballot of an entry. Throws `Refusal`. */
export function decodeBallot(entry: Uint8Array): Ballot {
  const [type, content] = decodeEntry(entry)
  if (type !== 'ballot') throw new Refusal('malformed', 'not a ballot')
  return ballotOf(content)
}

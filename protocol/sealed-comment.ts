// A comment that nobody can read before its phase is over: encrypted to the joint key of an election's guardians, with a
// proof that its author knows the randomness, so that nobody has them open what somebody else has encrypted. SPEC 12.11.
import * as z from 'zod/mini'
import {
  decodeKey,
  encodeField,
  encodePoint,
  G,
  multiplySecret,
  type Point,
  randomScalar,
} from '#crypto/babyjubjub.ts'
import { EncodingError, equalBytes } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { check, knowledgeStatement, prove } from '#crypto/preimage.ts'
import { openBytes, sealBytes, sharedPoint } from '#crypto/sealing.ts'
import { bytes, codec, hash, instant, natural, point, text } from './codec.ts'
import { hashUnderLog, type LogOrigin } from './genesis.ts'
import { Refusal } from './refusal.ts'
import { checkText, commitText, TEXT_KEY_BYTES } from './text.ts'

const TYPE = 'sealed-comment'

/** The deed: beside the commitment to the text the hash of the box that holds text and key, and c1 with its proof. */
export const sealedComment = z.strictObject({
  type: z.literal(TYPE),
  about: natural(Number.MAX_SAFE_INTEGER),
  /** The end of sealing, as the author was told: nobody opens it before. */
  until: instant,
  text: hash,
  /** SHA-256 of the box, which is kept beside the record. */
  box: hash,
  /** c1 = r G. */
  key: point,
  proof: bytes(64),
})
export type SealedComment = z.output<typeof sealedComment>

/** A box is no longer, in bytes: 4,000 UTF-16 units are 12,000 bytes at most. */
export const MAX_BOX_BYTES = 12_288

const boxedSchema = z.strictObject({ key: bytes(TEXT_KEY_BYTES), text: text(4000) })
/** A text and the key under which it is committed to. */
export type Boxed = z.output<typeof boxedSchema>

/** What every seal of a process is bound to. */
export interface SealPlace {
  readonly log: LogOrigin
  readonly process: string
  /** The election whose guardians open it, and Y, their joint key. */
  readonly election: string
  readonly joint: Uint8Array
}

/** The deed and its box, for the author with this nullifier; key and nonce come from r, which is drawn anew each time. */
export function sealComment(
  place: SealPlace,
  author: bigint,
  where: Pick<SealedComment, 'about' | 'until'>,
  writing: Boxed,
): { deed: SealedComment; box: Uint8Array } {
  const r = randomScalar()
  const c1 = multiplySecret(G, r)
  const text = commitText(writing.key, writing.text)
  const key = encodePoint(c1)
  const shared = sharedPoint(r, decodeKey(place.joint))
  const box = sealBytes('comment', shared, boxInfo(place, { key, text }), boxed.encode(writing))
  const stated = { ...where, text, box: sha256(box) }
  const proof = prove(TYPE, proofContext(place, author, stated), knowledgeStatement(G, [c1]), [r])
  return { deed: { type: TYPE, ...stated, key, proof }, box }
}

/** Whether c1 is a key and the author knows its logarithm. */
export function checkSeal(place: SealPlace, author: bigint, deed: SealedComment): boolean {
  try {
    const statement = knowledgeStatement(G, [decodeKey(deed.key)])
    return check(TYPE, proofContext(place, author, deed), statement, deed.proof)
  } catch (error) {
    if (error instanceof EncodingError) return false
    throw error
  }
}

/** What the box holds under the shared point r Y; undefined where it is not that box, or holds nothing that the deed commits
 *  to. */
export function openBox(
  place: SealPlace,
  deed: SealedComment,
  shared: Point,
  box: Uint8Array,
): Boxed | undefined {
  if (!equalBytes(sha256(box), deed.box)) return undefined
  const opened = openBytes('comment', shared, boxInfo(place, deed), box)
  try {
    const writing = opened && boxed.decode(opened)
    return writing && checkText(deed.text, writing.key, writing.text) ? writing : undefined
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** HKDF info of the box. */
function boxInfo({ log, process, election, joint }: SealPlace, deed: Pick<SealedComment, 'key' | 'text'>) {
  return hashUnderLog('sealed-comment-box', log, process, election, joint, deed.key, deed.text)
}

/** What the proof is bound to: whatever is public of the comment, its author too. */
function proofContext(
  { log, process, election, joint }: SealPlace,
  author: bigint,
  { about, until, text, box }: Pick<SealedComment, 'about' | 'until' | 'text' | 'box'>,
): Uint8Array {
  const by = encodeField(author)
  return hashUnderLog(TYPE, log, process, election, joint, by, about, until, text, box)
}

const boxed = codec(boxedSchema)

// What people do in a process beside voting: each deed with a proof that it comes from somebody on the roll, under a
// nullifier that cannot be linked to any other scope. SPEC 12.2.
import * as z from 'zod/mini'
import type { SignalStatement } from '#circuits/signal.ts'
import { concat } from '#crypto/encoding.ts'
import { encodeField } from '#crypto/babyjubjub.ts'
import { hashToBytes, hashToField } from '#crypto/hash.ts'
import { bytes, codec, encodeCbor, fieldElement, hash, natural, slug } from './codec.ts'
import { REPORT_REASONS } from './moderation.ts'
import { opinion, statement } from './opinion.ts'
import { scope } from './scope.ts'
import { sealedComment } from './sealed-comment.ts'
import { introduce, underName } from './speaker.ts'
import type { LogOrigin } from './genesis.ts'

const entryNumber = natural(Number.MAX_SAFE_INTEGER)

/** An idea for the process; its text is committed to. SPEC 12.3. */
const propose = z.strictObject({ type: z.literal('propose'), text: hash, ...underName })
/** Another text for it, as long as nobody supports the old one. */
const revise = z.strictObject({
  ...{ type: z.literal('revise'), proposal: entryNumber, text: hash },
  ...underName,
})
/** Its end, by its author; `into` names another proposal to which it is joined. */
const withdraw = z.strictObject({
  ...{ type: z.literal('withdraw'), proposal: entryNumber, into: z.optional(entryNumber) },
  ...underName,
})
/** Support given, or taken back. */
const support = z.strictObject({ type: z.literal('support'), proposal: entryNumber, on: z.boolean() })

/** How a comment stands to what it is about. */
export const STANCES = ['for', 'against', 'question', 'remark'] as const
export type Stance = (typeof STANCES)[number]

/** Something said about a proposal or about another comment, by the index of its entry. SPEC 12.5. */
const comment = z.strictObject({
  type: z.literal('comment'),
  about: entryNumber,
  stance: z.enum(STANCES),
  text: hash,
  ...underName,
})
/** Another text for it; the earlier ones stay. */
const edit = z.strictObject({ type: z.literal('edit'), comment: entryNumber, text: hash, ...underName })
/** All texts of one's own proposal or comment, or one's own name, erased for good. SPEC 12.6. */
const erase = z.strictObject({ type: z.literal('erase'), target: entryNumber, ...underName })

/** Somebody else's words brought before moderators. SPEC 12.7. */
const report = z.strictObject({
  type: z.literal('report'),
  target: entryNumber,
  reason: z.enum(REPORT_REASONS),
})
/** What an author says against a decision about their words. */
const appeal = z.strictObject({ type: z.literal('appeal'), target: entryNumber, text: hash, ...underName })

const deedSchema = z.discriminatedUnion('type', [
  propose,
  revise,
  withdraw,
  support,
  comment,
  sealedComment,
  edit,
  statement,
  opinion,
  erase,
  report,
  appeal,
  introduce,
])
export type Deed = z.output<typeof deedSchema>

/** [version, process, deed, sequence number]. */
const bodySchema = z.tuple([z.literal(1), slug, deedSchema, natural(65535)])

/** [body, [N, proof]]. */
export const signalSchema = z.tuple([bodySchema, z.tuple([fieldElement, bytes(256)])])

export interface Signal {
  readonly process: string
  readonly deed: Deed
  /** Accepted entries of this nullifier so far. */
  readonly sequence: number
  readonly nullifier: bigint
  readonly proof: Uint8Array
}

/** The signal of a decoded entry, by names. */
export function signalOf([[, process, deed, sequence], [nullifier, proof]]: z.output<
  typeof signalSchema
>): Signal {
  return { process, deed, sequence, nullifier, proof }
}

/** The signal as an entry's content. */
export function signalContent({
  process,
  deed,
  sequence,
  nullifier,
  proof,
}: Signal): z.output<typeof signalSchema> {
  return [
    [1, process, deed, sequence],
    [nullifier, proof],
  ]
}

/** Whether it is done under the verified name. SPEC 12.12. */
export function isSpoken(deed: Deed): boolean {
  return deed.type === 'introduce' || ('as' in deed && deed.as === 'speaker')
}

/** Under which a person's nullifier for this deed is unique: support in each proposal; opinions, reports, what is said under the
 *  verified name and everything else that is said in the whole process, each of the four under a pseudonym of its own.
 *  SPEC 4.3, 12.2. */
export function signalScope(log: LogOrigin, process: string, deed: Deed): bigint {
  if (deed.type === 'support') return scope(log, 'support', process, deed.proposal)
  if (deed.type === 'opinion' || deed.type === 'report') return scope(log, deed.type, process)
  return scope(log, isSpoken(deed) ? 'speaker' : 'pseudonym', process)
}

/** The signal's identity, whatever its proof: 32 bytes. SPEC 12.2. */
export function signalHash(signal: Signal): Uint8Array {
  return hashToBytes('signal', concat(encodeBody(signal), encodeField(signal.nullifier)), 32)
}

/** What the signal's proof must prove.
 *  @param root the 12-level root of the roll of those who take part */
export function signalStatement(log: LogOrigin, root: bigint, signal: Unproven): SignalStatement {
  return {
    scope: signalScope(log, signal.process, signal.deed),
    root,
    nullifier: signal.nullifier,
    message: hashToField('signal-message', encodeCbor([log.origin, log.genesis, encodeBody(signal)])),
  }
}

export type Unproven = Omit<Signal, 'proof'>

function encodeBody({ process, deed, sequence }: Unproven): Uint8Array {
  return bodyCodec.encode([1, process, deed, sequence])
}

const bodyCodec = codec(bodySchema)

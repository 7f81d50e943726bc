// A process as a person's device needs it, from a few entries of the ledger and their receipts; and the deeds of that
// person in it. Nothing rests on what the server says but the sequence number, and a wrong one is refused. SPEC 12.
import { commitment, nullifier } from '#circuits/credential.ts'
import { leaf, rollPath, rollRoot } from '#circuits/roll.ts'
import { CIRCUITS } from '#circuits/sizes.ts'
import { bigintToBytes, toHex } from '#crypto/encoding.ts'
import { decodeBase64, encodeBase64 } from '#ledger/base64.ts'
import type { LogOrigin } from '#protocol/genesis.ts'
import { seedName } from '#protocol/opinion.ts'
import type { Position } from '#protocol/position.ts'
import { endOfSealing, type Participation, type Phase } from '#protocol/plan.ts'
import { type Deed, type Signal, signalContent, signalScope } from '#protocol/signal.ts'
import { commitText, TEXT_KEY_BYTES } from '#protocol/text.ts'
import { Unusable } from './failure.ts'
import { actOf, logOf, sound } from './log.ts'
import type { ProvingFiles } from './proving.ts'
import { frozenRoll, type Roll } from './roll.ts'
import { jsonOf, type Recorded, type Server } from './server.ts'

/** Where a process's entries are, as the server says. */
export interface ProcessPlace {
  readonly process: string
  /** Entries that changed the officials. */
  readonly officials: readonly number[]
  readonly plan: { readonly index: number } | null
  /** The entry that froze the roll of those who take part. */
  readonly participation: { readonly frozen: number } | null
}

/** A process in which people take part: its rules as officials have signed them, its roll as they froze it. */
export interface OpenProcess {
  readonly process: string
  readonly log: LogOrigin
  readonly rules: Participation
  readonly phases: readonly Phase[]
  readonly roll: Roll
}

/** A text that a deed commits to, and the key of the commitment. */
export interface Writing {
  readonly text: string
  readonly key: Uint8Array
}

/** What goes with a deed: its text, or the box that it is sealed in. */
export type Enclosed = Writing | { readonly box: Uint8Array }

/** Throws `Unusable`: 'not-open' where nobody takes part, 'entries-unsound', 'roll-differs' and what `Server.recorded`
 *  throws. */
export async function openProcess(server: Server, place: ProcessPlace): Promise<OpenProcess> {
  const { process, plan, participation } = place
  if (plan === null || participation === null) throw new Unusable('not-open')
  const [log, planned] = await Promise.all([logOf(server, place.officials), server.recorded(plan.index)])
  const act = actOf(planned, log, process)
  sound(act.type === 'plan-process' && act.participation !== undefined, 'the plan')
  const rules = act.participation
  const roll = await frozenRoll(server, log, { process, roll: rules.roll, index: participation.frozen })
  return { process, log: log.log, rules, phases: act.phases, roll }
}

/** The name under which a person's words stand in the process, and nowhere else: 32 bytes in hexadecimal. */
export function pseudonymOf(open: OpenProcess, secret: bigint): string {
  return toHex(bigintToBytes(authorOf(open, secret), 32))
}

function authorOf({ log, process }: OpenProcess, secret: bigint): bigint {
  return nullifier(secret, signalScope(log, process, { type: 'withdraw', proposal: 0 }))
}

/** The nullifier under which they speak by their verified name there, likewise. */
export function speakerOf({ log, process }: OpenProcess, secret: bigint): string {
  const scope = signalScope(log, process, { type: 'introduce', text: new Uint8Array(32) })
  return toHex(bigintToBytes(nullifier(secret, scope), 32))
}

/** The name under which their opinions on statements stand there, likewise. */
export function thinkerOf({ log, process }: OpenProcess, secret: bigint): string {
  const deed = { type: 'opinion', statement: new Uint8Array(32), position: 'pass' } as const
  return toHex(bigintToBytes(nullifier(secret, signalScope(log, process, deed)), 32))
}

/** A statement as it is shown: words of officials by language, or somebody's with the key of their commitment (base 64). */
export type Words =
  { readonly seed: Readonly<Record<string, string>> } | { readonly text: string; readonly key: string }

/** The name of the statement with these very words: an opinion is about what its author has read. SPEC 12.8. */
export function statementOf(words: Words): Uint8Array {
  return 'seed' in words ? seedName(words.seed) : commitText(decodeBase64(words.key), words.text)
}

/** A text with a fresh key, and what a deed says of it. */
export function write(text: string): { writing: Writing; commitment: Uint8Array } {
  const key = crypto.getRandomValues(new Uint8Array(TEXT_KEY_BYTES))
  return { writing: { text, key }, commitment: commitText(key, text) }
}

/** A comment sealed to the guardians that the plan names, until its last phase of sealing is over. Throws
 *  `Unusable('not-open')` where there is none. SPEC 12.11. */
export async function sealFor(
  open: OpenProcess,
  secret: bigint,
  about: number,
  text: string,
): Promise<{ deed: Deed; writing: Writing; box: Uint8Array }> {
  const { log, process, rules, phases } = open
  const until = endOfSealing(phases)
  if (rules.sealedTo === undefined || until === 0) throw new Unusable('not-open')
  const { election, key: joint } = rules.sealedTo
  // Loaded here and not at the start: most people who read never seal.
  const { sealComment } = await import('#protocol/sealed-comment.ts')
  const place = { log, process, election, joint }
  const { writing } = write(text)
  return { ...sealComment(place, authorOf(open, secret), { about, until }, writing), writing }
}

/** The deed of the person with this secret, proven; undefined where the record has it already. Throws
 *  `Unusable('not-on-roll')`. */
export async function signalOf(
  server: Server,
  { process, log, roll }: OpenProcess,
  secret: bigint,
  deed: Deed,
  files: ProvingFiles,
): Promise<Signal | undefined> {
  const place = roll.place(secret)
  if (place === undefined) throw new Unusable('not-on-roll')
  const own = nullifier(secret, signalScope(log, process, deed))
  const { entries, on = false, position } = await saidBefore(server, process, own, deed)
  if (deed.type === 'support' && deed.on === on) return undefined
  if (deed.type === 'opinion' && deed.position === position) return undefined
  // Loaded here and not at the start: the prover is large.
  const { proveSignal } = await import('#protocol/take-part.ts')
  const unproven = { process, deed, sequence: entries, nullifier: own }
  return proveSignal(log, roll.root, unproven, { secret, ...place }, files)
}

/** Whose name an introduction is: their credential, and the proof that it made the signal. For one server's eyes alone. */
export interface Claim {
  readonly commitment: Uint8Array
  readonly proof: Uint8Array
}

/** Shows whose introduction it is: the same statement, proven of a roll of this credential alone. SPEC 12.12. */
export async function claimOf(
  { log, roll }: OpenProcess,
  secret: bigint,
  signal: Signal,
  files: ProvingFiles,
): Promise<Claim> {
  const standing = roll.find(secret)
  if (standing === undefined) throw new Unusable('not-on-roll')
  const { weight } = standing
  const own = commitment(secret)
  const leaves = [leaf(own, weight)]
  const { levels } = CIRCUITS.L
  const { proveSignal } = await import('#protocol/take-part.ts')
  const alone = { secret, weight, index: 0, path: rollPath(leaves, 0, levels) }
  const { proof } = await proveSignal(log, rollRoot(leaves, levels), signal, alone, files)
  return { commitment: bigintToBytes(own, 32), proof }
}

/** Sends a signal with what goes with it; the receipt is checked. What may be done after a failure is as for
 *  `cast` in voter.ts.
 *  @param claim of an introduction */
export function sendSignal(
  server: Server,
  signal: Signal,
  enclosed?: Enclosed,
  claim?: Claim,
): Promise<Recorded> {
  const said = enclosed && {
    ...saidOf(enclosed),
    ...(claim && { commitment: toHex(claim.commitment), proof: encodeBase64(claim.proof) }),
  }
  return server.submit(['signal', signalContent(signal)], said)
}

function saidOf(enclosed: Enclosed): Readonly<Record<string, string>> {
  if ('box' in enclosed) return { box: encodeBase64(enclosed.box) }
  return { text: enclosed.text, key: encodeBase64(enclosed.key) }
}

/** How many entries of the nullifier there are, and what they say of the same, as the server says; asked just before it is
 *  shown the nullifier anyway. */
async function saidBefore(
  server: Server,
  process: string,
  own: bigint,
  deed: Deed,
): Promise<{ entries: number; on?: boolean; position?: Position | null }> {
  const name = toHex(bigintToBytes(own, 32))
  return jsonOf(await server.send(`/api/processes/${process}/${placeOf(deed)}/${name}`))
}

/** Where the server counts entries of this kind. */
function placeOf(deed: Deed): string {
  if (deed.type === 'support') return `proposals/${deed.proposal}/supporters`
  return deed.type === 'opinion' ? `statements/${toHex(deed.statement)}/thinkers` : 'voices'
}

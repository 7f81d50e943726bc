// Sealed comments at the gate: from the plan that names whose guardians keep the seal to the shares by which all of them are
// opened together. SPEC 12.11.
import { decodeSubgroupPoint, G, type Point } from '#crypto/babyjubjub.ts'
import { equalBytes } from '#crypto/encoding.ts'
import { check, equalityStatement } from '#crypto/preimage.ts'
import { combine } from '#crypto/sharing.ts'
import { encodeCbor } from '#protocol/codec.ts'
import type { Entry } from '#protocol/entry.ts'
import type { LogOrigin } from '#protocol/genesis.ts'
import {
  guardianContext,
  type GuardianMessageOf,
  type GuardianPlace,
  OPENED_AT_ONCE,
} from '#protocol/guardian.ts'
import { endOfSealing, type Participation, type Phase } from '#protocol/plan.ts'
import { ensure, Refusal } from '#protocol/refusal.ts'
import {
  type Boxed,
  checkSeal,
  openBox,
  type SealedComment,
  type SealPlace,
} from '#protocol/sealed-comment.ts'
import { admitComment, applyComment } from './contributions.ts'
import { attemptKey, publicShare, rehearsed } from './keygen.ts'
import type {
  CommentState,
  ContributionState,
  ElectionState,
  ParticipationState,
  ProcessState,
  RecordState,
  SealedState,
} from './state.ts'

type Unseal = GuardianMessageOf<'unseal'>

/** Throws `Refusal` unless whoever may seal comments seals them to guardians who can open them, and to no others than before. */
export function admitSealing(
  state: RecordState,
  process: ProcessState,
  phases: readonly Phase[],
  { sealedTo }: Participation,
): void {
  const before = process.participation?.sealed
  if (sealedTo === undefined) {
    ensure(before === undefined, 'plan-invalid', 'comments are sealed already')
    ensure(endOfSealing(phases) === 0, 'plan-invalid', 'comments sealed to nobody')
    return
  }
  const same = before === undefined || before.election === sealedTo.election
  ensure(same, 'plan-invalid', 'comments are sealed to others already')
  const election = process.elections.get(sealedTo.election)
  if (election === undefined) throw new Refusal('unknown-election', sealedTo.election)
  ensure(election.manifest.threshold > 1, 'plan-invalid', 'a single guardian could open them')
  const attempt = keyOf(election)
  ensure(attempt !== undefined && rehearsed(state, election, attempt), 'rehearsal-missing')
  ensure(equalBytes(sealedTo.key, attemptKey(attempt)), 'keygen-transcript-mismatch', 'another key')
}

/** The seal that an admitted plan begins, if it does. */
export function newSeal(process: ProcessState, { sealedTo }: Participation): SealedState | undefined {
  const election = sealedTo && process.elections.get(sealedTo.election)
  const attempt = election && keyOf(election)
  if (sealedTo === undefined || election === undefined || attempt === undefined) return undefined
  return {
    ...{ election: sealedTo.election, key: sealedTo.key, attempt, threshold: election.manifest.threshold },
    ...{ comments: [], until: 0, openings: new Map() },
  }
}

/** From when on guardians open, in milliseconds: no earlier than any author was told, and once one has begun, no later. */
export function opensAt({ plans, participation }: ProcessState): number {
  const { until = 0, openings } = participation?.sealed ?? {}
  if (openings !== undefined && openings.size > 0) return until
  return Math.max(until, endOfSealing(plans.at(-1)?.plan.phases ?? []))
}

/** Throws `Refusal` unless it is about a proposal that one may comment on, nothing is being opened, and the author knows what
 *  is encrypted. */
export function admitSealedComment(
  within: ProcessState,
  log: LogOrigin,
  process: string,
  deed: SealedComment,
  author: bigint,
): void {
  const { plans, participation } = within
  if (participation?.sealed === undefined) throw new Refusal('signal-not-now', 'nothing is sealed')
  const { sealed } = participation
  ensure(sealed.openings.size === 0, 'signal-not-now', 'the sealed ones are being opened')
  const end = endOfSealing(plans.at(-1)?.plan.phases ?? [])
  ensure(deed.until === end, 'signal-not-now', 'the plan says another end')
  ensure(participation.proposals.has(deed.about), 'unknown-proposal', `entry ${deed.about}`)
  admitComment(within, deed)
  ensure(checkSeal(placeOfSeal(sealed, log, process), author, deed), 'seal-invalid')
}

/** Folds an admitted sealed comment. */
export function applySealedComment(
  { participation }: ProcessState,
  deed: SealedComment,
  author: bigint,
  text: ContributionState['texts'][number],
): void {
  if (participation?.sealed === undefined) throw new Error('comment was not admitted')
  const { sealed } = participation
  applyComment(participation, deed, { author, speaker: undefined }, text)
  sealed.comments.push(text.index)
  sealed.until = Math.max(sealed.until, deed.until)
}

/** The sealed comments of a lot that are not erased: what a guardian opens at once. */
export function lotOf(participation: ParticipationState, lot: number): CommentState[] {
  return wholeLot(participation, lot).filter(({ erased }) => erased === undefined)
}

/** Lots that there are, each to be opened unless nothing in it is left. */
export function lotsOf({ sealed }: ParticipationState): number[] {
  const lots = Math.ceil((sealed?.comments.length ?? 0) / OPENED_AT_ONCE)
  return Array.from({ length: lots }, (_, lot) => lot)
}

/** How many wait to be opened. */
export function waitingSealed(participation: ParticipationState): number {
  const { sealed, comments } = participation
  const waits = (index: number) => {
    const comment = comments.get(index)
    return comment?.sealed === true && comment.erased === undefined
  }
  return (sealed?.comments ?? []).filter(waits).length
}

/** What the proof of an opening is bound to. */
export function unsealContext(place: GuardianPlace, { lot, comments }: Pick<Unseal, 'lot' | 'comments'>) {
  return encodeCbor([guardianContext(place), lot, [...comments]])
}

/** The points to which a guardian applies the key share: c1 of each comment. */
export function sealsOf(comments: readonly CommentState[]): Point[] {
  return comments.map(({ seal }) => decodeSubgroupPoint(seal?.key ?? new Uint8Array()))
}

/** Throws `Refusal` unless the time has come, and the guardian opens all that is left of the lot, provably. */
export function admitUnseal(
  state: RecordState,
  process: ProcessState,
  election: ElectionState,
  place: GuardianPlace,
  message: Unseal,
): void {
  const { participation } = process
  const sealed = participation?.sealed
  if (participation === undefined || sealed?.election !== election.slug)
    throw new Refusal('wrong-state', 'nothing is sealed to its key')
  const { attempt, openings } = sealed
  ensure(attempt.number === place.attempt, 'keygen-attempt', `the key is of attempt ${attempt.number}`)
  ensure(attempt.guardians.includes(place.guardian), 'guardian-unknown', 'holds no share')
  ensure(state.time >= opensAt(process), 'too-early', 'comments may still be sealed')
  ensure(openings.get(message.lot)?.has(place.guardian) !== true, 'decryption-repeated')
  const listed = new Set(message.comments)
  // One may have been erased since the guardian looked.
  const opened = wholeLot(participation, message.lot).filter(({ index }) => listed.has(index))
  const all = lotOf(participation, message.lot).every(({ index }) => listed.has(index))
  ensure(all && opened.length === listed.size, 'decryption-proof-invalid', 'other comments')
  ensure(message.shares.length === opened.length, 'decryption-proof-invalid', 'number of shares')
  const bases = [G, ...sealsOf(opened)]
  const images = [publicShare(attempt, place.guardian), ...message.shares.map(decodeSubgroupPoint)]
  const statement = equalityStatement(bases, images)
  const proven = check('sealed-comments', unsealContext(place, message), statement, message.proof)
  ensure(proven, 'decryption-proof-invalid')
}

/** Folds an admitted opening: the lot can be read once enough guardians have opened it. */
export function applyUnseal(process: ProcessState, guardian: number, message: Unseal): void {
  const { participation } = process
  if (participation?.sealed === undefined) throw new Error('opening was not admitted')
  const { openings, threshold } = participation.sealed
  const said = openings.get(message.lot) ?? new Map<number, Unseal>()
  openings.set(message.lot, said.set(guardian, message))
  if (said.size < threshold) return
  for (const comment of wholeLot(participation, message.lot)) comment.sealed = false
}

/** A comment that anybody can open, with what opens it: r Y, combined from the shares of the t guardians of lowest number. */
export interface Unsealed {
  readonly commitment: Uint8Array
  readonly open: (box: Uint8Array) => Boxed | undefined
}

/** Comments that an entry has opened. */
export function unsealedBy(state: RecordState, [type, content]: Entry): Unsealed[] {
  if (type !== 'guardian' || content.message.type !== 'unseal') return []
  return unsealedIn(state, content.process, [content.message.lot])
}

/** All comments of a process that are open, or those of some lots. */
export function unsealedIn(
  { founded, processes }: RecordState,
  process: string,
  lots?: number[],
): Unsealed[] {
  const participation = processes.get(process)?.participation
  if (participation?.sealed === undefined || founded === undefined) return []
  const { openings, threshold } = participation.sealed
  const place = placeOfSeal(participation.sealed, founded.log, process)
  return (lots ?? lotsOf(participation)).flatMap((lot) => {
    const said = [...(openings.get(lot) ?? [])].sort(([a], [b]) => a - b)
    if (said.length < threshold) return []
    const used = said.slice(0, threshold)
    return lotOf(participation, lot).flatMap(({ index, seal }) => {
      if (seal === undefined) return []
      const open = (box: Uint8Array) => {
        const shares = used.map(([, { comments, shares }]) => shares[comments.indexOf(index)])
        const points = shares.map((share) => decodeSubgroupPoint(share ?? new Uint8Array()))
        const guardians = used.map(([guardian]) => guardian)
        return openBox(place, seal, combine(guardians, points), box)
      }
      return [{ commitment: seal.text, open }]
    })
  })
}

/** What seals of the process are bound to. */
function placeOfSeal({ election, key }: SealedState, log: LogOrigin, process: string): SealPlace {
  return { log, process, election, joint: key }
}

/** The attempt whose key is an election's for good. */
function keyOf({ opening, attempts }: ElectionState) {
  return opening?.attempt ?? attempts.at(-1)
}

function wholeLot({ sealed, comments }: ParticipationState, lot: number): CommentState[] {
  const indices = sealed?.comments.slice(lot * OPENED_AT_ONCE, (lot + 1) * OPENED_AT_ONCE) ?? []
  return indices.flatMap((index) => comments.get(index) ?? [])
}

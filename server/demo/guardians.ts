// The guardians whom the server plays in its demo elections: the same steps as any guardian's, from the server's own state
// instead of a record that is verified first. That is what makes them good for practice only.
import { decodeScalar, encodeScalar } from '#crypto/babyjubjub.ts'
import { secretsOf } from '#client/guardian/keygen.ts'
import type { SeatAttempt } from '#client/guardian/seat.ts'
import { encodeEntry } from '#protocol/entry.ts'
import { type GuardianMessage, signGuardianMessage } from '#protocol/guardian.ts'
import {
  commitMessage,
  dealMessage,
  decryptMessage,
  drawSecrets,
  intentMessage,
  judgeDeals,
  rehearseMessage,
} from '#tally/guardian.ts'
import { placeOf, stageOf } from '#tally/keygen.ts'
import type { ContestState, ElectionState, KeygenAttempt, RecordState } from '#tally/state.ts'
import type { Played } from './kept.ts'

/** An entry to be brought to the ledger, and what must be on disk before it leaves. */
export interface Saying {
  readonly entry: Uint8Array
  readonly attempt: SeatAttempt
}

/** What this guardian says next in key generation; undefined while it waits for others, or is done. */
export function nextInKeygen(
  state: RecordState,
  election: ElectionState,
  played: Played,
): Saying | undefined {
  const attempt = election.attempts.at(-1)
  if (attempt === undefined) return undefined
  const slot = unsaid(attempt, played.number)
  if (slot === undefined) return undefined
  const sign = (message: GuardianMessage) => signed(state, election, attempt, played, message)
  const here = [state, election, attempt, played.number] as const
  const kept = played.attempt?.number === attempt.number ? played.attempt : undefined
  if (kept === undefined) {
    if (slot !== 'commit') return undefined
    const secrets = drawSecrets(...here)
    const { coefficients, encryption, reveal } = secrets
    return saying('commit', {
      number: attempt.number,
      secrets: { coefficients: coefficients.map(encodeScalar), encryption: encodeScalar(encryption) },
      messages: { commit: sign(commitMessage(...here, secrets)), reveal: sign(reveal) },
    })
  }
  if (kept.messages[slot] !== undefined) return saying(slot, kept)
  switch (slot) {
    case 'deal':
      return saying(slot, said(kept, slot, sign(dealMessage(...here, secretsOf(kept)))))
    case 'confirm': {
      const { message, keyShare } = judgeDeals(...here, secretsOf(kept))
      const { number, messages } = kept
      return saying(slot, {
        ...said({ number, messages }, slot, sign(message)),
        ...(keyShare !== undefined && { keyShare: encodeScalar(keyShare) }),
      })
    }
    case 'rehearse':
      return saying(slot, said(kept, slot, sign(rehearseMessage(...here, shareOf(kept)))))
    case 'commit':
    case 'reveal':
      throw new Error('the first two messages are decided together')
  }
}

/** What this guardian says next after closing, of the contests that have enough ballots.
 *  @param checkpoint one that this log has signed since */
export function nextInTally(
  state: RecordState,
  election: ElectionState,
  played: Played,
  checkpoint: string,
): Saying | undefined {
  const { opening, manifest } = election
  const { number, attempt: kept } = played
  if (opening === undefined || kept === undefined) return undefined
  const say = (slot: string, make: () => GuardianMessage): Saying =>
    kept.messages[slot] === undefined
      ? saying(slot, said(kept, slot, signed(state, election, opening.attempt, played, make())))
      : saying(slot, kept)
  for (const contest of countedOf(election)) {
    const index = contest.context.contest
    if (!contest.intents.has(number)) return say(`intend/${index}`, () => intentMessage(contest, checkpoint))
    if (contest.intents.size >= manifest.quorum && !contest.shares.has(number)) {
      const share = shareOf(kept)
      return say(`decrypt/${index}`, () => decryptMessage(state, election, contest, number, share))
    }
  }
  return undefined
}

/** The contests that will be decrypted. */
function countedOf({ contests, manifest }: ElectionState): ContestState[] {
  return contests.filter(({ voters }) => voters.size >= manifest.minBallots)
}

/** The message that the attempt waits for from this guardian, if any. */
function unsaid(attempt: KeygenAttempt, guardian: number) {
  if (!attempt.guardians.includes(guardian)) return undefined
  const stage = stageOf(attempt)
  switch (stage) {
    case 'commit':
      return attempt.commits.has(guardian) ? undefined : stage
    case 'reveal':
      return attempt.reveals.has(guardian) ? undefined : stage
    case 'deal':
      return attempt.deals.has(guardian) ? undefined : stage
    case 'confirm':
      return attempt.confirmed.has(guardian) ? undefined : stage
    case 'rehearse':
      return attempt.rehearsals.has(guardian) ? undefined : stage
    case 'done':
    case 'failed':
      return undefined
  }
}

function signed(
  state: RecordState,
  election: ElectionState,
  attempt: KeygenAttempt,
  { number, identity }: Played,
  message: GuardianMessage,
): Uint8Array {
  if (state.founded === undefined) throw new Error('no genesis')
  const place = placeOf(state.founded.log, election, attempt.number, number)
  const { process, slug } = election
  return encodeEntry(['guardian', signGuardianMessage(place, process, slug, message, identity.signingKey)])
}

function said(attempt: SeatAttempt, slot: string, entry: Uint8Array): SeatAttempt {
  return { ...attempt, messages: { ...attempt.messages, [slot]: entry } }
}

function saying(slot: string, attempt: SeatAttempt): Saying {
  const entry = attempt.messages[slot]
  if (entry === undefined) throw new Error(`${slot} has not been decided`)
  return { entry, attempt }
}

function shareOf({ keyShare }: SeatAttempt): bigint {
  if (keyShare === undefined) throw new Error('no key share')
  return decodeScalar(keyShare)
}

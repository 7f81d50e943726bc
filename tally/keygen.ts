// Attempts at the election key: who may begin one, stages, transcript, public shares, key, rehearsal. SPEC 5.
import {
  decodeKey,
  decodeSubgroupPoint,
  encodePoint,
  G,
  multiply,
  O,
  type Point,
} from '#crypto/babyjubjub.ts'
import { bytesToBigint } from '#crypto/encoding.ts'
import { hashToBytes, hashToScalar } from '#crypto/hash.ts'
import { combine, evaluateCommitments } from '#crypto/sharing.ts'
import type { ActOf } from '#protocol/act.ts'
import { type GuardianPlace, keygenTranscript } from '#protocol/guardian.ts'
import type { LogOrigin } from '#protocol/genesis.ts'
import { ensure } from '#protocol/refusal.ts'
import type { ElectionState, KeygenAttempt, ProcessState, RecordState } from './state.ts'

/** What an attempt waits for; every guardian of it must act before the next stage. */
export type KeygenStage = 'commit' | 'reveal' | 'deal' | 'confirm' | 'rehearse' | 'done' | 'failed'

export function stageOf(attempt: KeygenAttempt): KeygenStage {
  const n = attempt.guardians.length
  if (attempt.failed !== undefined) return 'failed'
  if (attempt.commits.size < n) return 'commit'
  if (attempt.reveals.size < n) return 'reveal'
  if (attempt.deals.size < n) return 'deal'
  if (attempt.confirmed.size < n) return 'confirm'
  return attempt.rehearsals.size < n ? 'rehearse' : 'done'
}

/** Throws `Refusal` unless these guardians may begin another attempt at the election's key. */
export function admitAttempt(
  { participation }: ProcessState,
  { attempts, manifest, opening, slug }: ElectionState,
  { attempt, guardians }: ActOf<'start-keygen'>,
): void {
  const fixed = opening !== undefined || participation?.sealed?.election === slug
  ensure(!fixed, 'wrong-state', 'its key is in use')
  ensure(attempt === attempts.length + 1, 'keygen-attempt', `expected ${attempts.length + 1}`)
  const ascending = guardians.every((g, i) => g > (guardians[i - 1] ?? 0))
  ensure(ascending && guardians.every((g) => g <= manifest.guardians.length), 'guardian-unknown')
  // A smaller attempt could open and never be decrypted: a share needs that many intents (SPEC 9.1).
  ensure(guardians.length >= manifest.quorum, 'keygen-attempt', 'fewer guardians than the quorum')
  const judged = attempts.map((a) => a.failed?.judged).find((g) => g !== undefined && guardians.includes(g))
  ensure(
    judged === undefined,
    'keygen-attempt',
    `guardian ${judged ?? ''} was judged at fault and is left out`,
  )
}

/** Where a guardian of this attempt speaks; binds hashes, proofs and signatures. */
export function placeOf(
  log: LogOrigin,
  election: ElectionState,
  attempt: number,
  guardian: number,
): GuardianPlace {
  return { log, definition: election.definition, attempt, guardian }
}

/** The hash that all confirm; needs all deals. SPEC 5.4. */
export function attemptTranscript(
  state: RecordState,
  election: ElectionState,
  attempt: KeygenAttempt,
): Uint8Array {
  if (state.founded === undefined) throw new Error('no genesis')
  const rounds = attempt.guardians.map((guardian) => {
    const reveal = attempt.reveals.get(guardian)
    const deal = attempt.deals.get(guardian)
    if (reveal === undefined || deal === undefined) throw new Error(`guardian ${guardian} has not dealt`)
    return { guardian, reveal, deal }
  })
  return keygenTranscript(placeOf(state.founded.log, election, attempt.number, 0), rounds)
}

/** Y = sum over all guardians of the attempt of their constant terms' commitments. SPEC 5.1. */
export function attemptKey(attempt: KeygenAttempt): Uint8Array {
  return encodePoint(sum(attempt, (commitments) => commitments[0] ?? O))
}

/** The share-encryption key that a guardian has revealed for this attempt. SPEC 5.2. */
export function encryptionKey(attempt: KeygenAttempt, guardian: number): Point {
  const reveal = attempt.reveals.get(guardian)
  if (reveal === undefined) throw new Error(`guardian ${guardian} has not revealed`)
  return decodeKey(reveal.encryptionKey)
}

/** X_j = sum_i F_i(j), the public share of guardian j. SPEC 5.4. */
export function publicShare(attempt: KeygenAttempt, guardian: number): Point {
  return sum(attempt, (commitments) => evaluateCommitments(commitments, guardian))
}

/** The test ciphertext (r G, r Y + m G) whose r and m everybody derives from the transcript. SPEC 5.6. */
export function rehearsalCiphertext(
  attempt: KeygenAttempt,
  transcript: Uint8Array,
): { c1: Point; c2: Point; m: bigint } {
  const r = hashToScalar('rehearsal-randomness', transcript)
  const m = bytesToBigint(hashToBytes('rehearsal-message', transcript, 8)) % (1n << 20n)
  const key = decodeKey(attemptKey(attempt))
  return { c1: multiply(G, r), c2: multiply(key, r).add(multiply(G, m)), m }
}

/** Whether every guardian of the attempt rehearsed and any t of their shares give the test message. SPEC 5.6. */
export function rehearsed(state: RecordState, election: ElectionState, attempt: KeygenAttempt): boolean {
  if (stageOf(attempt) !== 'done') return false
  const { c2, m } = rehearsalCiphertext(attempt, attemptTranscript(state, election, attempt))
  const first = [...attempt.rehearsals.entries()].slice(0, election.manifest.threshold)
  const shares = first.map(([, { share }]) => decodeSubgroupPoint(share))
  return c2
    .subtract(
      combine(
        first.map(([guardian]) => guardian),
        shares,
      ),
    )
    .equals(multiply(G, m))
}

function sum(attempt: KeygenAttempt, part: (commitments: readonly Point[]) => Point): Point {
  return attempt.guardians.reduce((total, guardian) => {
    const reveal = attempt.reveals.get(guardian)
    if (reveal === undefined) throw new Error(`guardian ${guardian} has not revealed`)
    return total.add(part(reveal.commitments.map(decodeKey)))
  }, O)
}

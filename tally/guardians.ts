// Guardians' messages at the gate: key generation, rehearsal, intents, partial decryptions. SPEC 5, 9, 12.11.
import { decodeKey, decodeSubgroupPoint, G, type Point } from '#crypto/babyjubjub.ts'
import { EncodingError, equalBytes } from '#crypto/encoding.ts'
import { check, equalityStatement, knowledgeStatement } from '#crypto/preimage.ts'
import { openShare } from '#crypto/sealing.ts'
import { checkShare } from '#crypto/sharing.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import type { LogOrigin } from '#protocol/genesis.ts'
import {
  checkGuardianSignature,
  guardianContext,
  type GuardianMessageOf,
  type GuardianPlace,
  revealHash,
  shareInfo,
  type SignedGuardianMessage,
} from '#protocol/guardian.ts'
import { Refusal, type RefusalCode, ensure } from '#protocol/refusal.ts'
import { aggregateHash, decryptionContext } from './decryption.ts'
import {
  type KeygenStage,
  attemptTranscript,
  encryptionKey,
  placeOf,
  publicShare,
  rehearsalCiphertext,
  stageOf,
} from './keygen.ts'
import { admitUnseal, applyUnseal } from './sealed-comments.ts'
import type { ContestState, ElectionState, KeygenAttempt, ProcessState, RecordState } from './state.ts'

/** Throws `Refusal` unless this guardian may say this now. */
export function admitGuardianMessage(
  state: RecordState,
  log: LogOrigin,
  signed: SignedGuardianMessage,
): void {
  const election = electionOf(state, signed)
  const process = processOf(state, signed)
  ensure(process.archived === undefined, 'process-archived')
  const key = election.manifest.guardians[signed.guardian - 1]?.key
  const place = placeOf(log, election, signed.attempt, signed.guardian)
  ensure(key !== undefined, 'guardian-unknown', `guardian ${signed.guardian}`)
  ensure(checkGuardianSignature(place, signed, key), 'guardian-signature-invalid')
  const { message } = signed
  if (message.type === 'intend' || message.type === 'decrypt') {
    admitTallyMessage(state, election, place, message)
    return
  }
  if (message.type === 'unseal') {
    decodable('decryption-proof-invalid', () => admitUnseal(state, process, election, place, message))
    return
  }
  const attempt = election.attempts.at(-1)
  if (attempt === undefined || election.opening !== undefined)
    throw new Refusal('wrong-state', 'no key generation now')
  ensure(attempt.number === signed.attempt, 'keygen-attempt', `the attempt is ${attempt.number}`)
  ensure(attempt.guardians.includes(signed.guardian), 'guardian-unknown', 'not in this attempt')
  decodable('keygen-proof-invalid', () => admitKeygenMessage(state, election, attempt, place, message))
}

/** Folds an admitted message. */
export function applyGuardianMessage(state: RecordState, signed: SignedGuardianMessage): void {
  const election = electionOf(state, signed)
  const { guardian, message } = signed
  const attempt = election.attempts[signed.attempt - 1]
  if (attempt === undefined) throw new Error('message was not admitted')
  switch (message.type) {
    case 'commit':
      attempt.commits.set(guardian, message.hash)
      return
    case 'reveal':
      attempt.reveals.set(guardian, message)
      return
    case 'deal':
      attempt.deals.set(guardian, message)
      return
    case 'confirm':
      attempt.confirmed.add(guardian)
      return
    case 'complain': {
      if (state.founded === undefined) throw new Error('no genesis')
      const place = placeOf(state.founded.log, election, attempt.number, guardian)
      const upheld = !dealtShareFits(attempt, place, message)
      const { accused } = message
      attempt.failed = { judged: upheld ? accused : guardian, complainer: guardian, accused }
      return
    }
    case 'rehearse':
      attempt.rehearsals.set(guardian, message)
      return
    case 'intend':
      contestOf(election, message.contest).intents.set(guardian, message)
      return
    case 'decrypt':
      contestOf(election, message.contest).shares.set(guardian, message.shares)
      return
    case 'unseal':
      applyUnseal(processOf(state, signed), guardian, message)
  }
}

type KeygenMessage = Exclude<SignedGuardianMessage['message'], { type: 'intend' | 'decrypt' | 'unseal' }>

/** The stage in which each message belongs. */
const STAGE: Record<KeygenMessage['type'], KeygenStage> = {
  commit: 'commit',
  reveal: 'reveal',
  deal: 'deal',
  confirm: 'confirm',
  complain: 'confirm',
  rehearse: 'rehearse',
}

function admitKeygenMessage(
  state: RecordState,
  election: ElectionState,
  attempt: KeygenAttempt,
  place: GuardianPlace,
  message: KeygenMessage,
): void {
  const { guardian } = place
  ensure(!said(attempt, guardian, message.type), 'keygen-repeated', message.type)
  const stage = stageOf(attempt)
  ensure(stage === STAGE[message.type], 'wrong-state', `the attempt waits for: ${stage}`)
  switch (message.type) {
    case 'commit':
      return
    case 'reveal': {
      const hash = attempt.commits.get(guardian)
      ensure(hash !== undefined && equalBytes(hash, revealHash(place, message)), 'keygen-commitment-mismatch')
      ensure(message.commitments.length === election.manifest.threshold, 'keygen-proof-invalid', 'degree')
      const images = [...message.commitments, message.encryptionKey].map(decodeKey)
      ensure(
        check('keygen-reveal', guardianContext(place), knowledgeStatement(G, images), message.proof),
        'keygen-proof-invalid',
      )
      return
    }
    case 'deal':
      ensure(
        message.shares.length === attempt.guardians.length - 1,
        'keygen-proof-invalid',
        'number of shares',
      )
      return
    case 'confirm':
      ensure(
        equalBytes(message.transcript, attemptTranscript(state, election, attempt)),
        'keygen-transcript-mismatch',
      )
      return
    case 'complain': {
      const { accused } = message
      ensure(accused !== guardian && attempt.guardians.includes(accused), 'guardian-unknown', 'the accused')
      const bases = [G, encryptionKey(attempt, accused)]
      const images = [encryptionKey(attempt, guardian), decodeSubgroupPoint(message.sharedPoint)]
      ensure(
        check('keygen-complaint', guardianContext(place), equalityStatement(bases, images), message.proof),
        'keygen-proof-invalid',
      )
      return
    }
    case 'rehearse': {
      const { c1 } = rehearsalCiphertext(attempt, attemptTranscript(state, election, attempt))
      const images = [publicShare(attempt, guardian), decodeSubgroupPoint(message.share)]
      ensure(
        check('rehearsal', guardianContext(place), equalityStatement([G, c1], images), message.proof),
        'decryption-proof-invalid',
      )
    }
  }
}

function admitTallyMessage(
  state: RecordState,
  election: ElectionState,
  place: GuardianPlace,
  message: GuardianMessageOf<'intend'> | GuardianMessageOf<'decrypt'>,
): void {
  const { opening, manifest } = election
  ensure(
    opening !== undefined && election.closedAt !== undefined,
    'wrong-state',
    'the election is not closed',
  )
  ensure(
    opening.attempt.number === place.attempt,
    'keygen-attempt',
    `the key is of attempt ${opening.attempt.number}`,
  )
  ensure(opening.attempt.guardians.includes(place.guardian), 'guardian-unknown', 'holds no share')
  const contest = contestOf(election, message.contest)
  ensure(contest.voters.size >= manifest.minBallots, 'too-few-ballots', `needs ${manifest.minBallots}`)
  const { aggregate } = contest
  if (aggregate === undefined) throw new Error('the aggregate is computed when the closing entry is folded')
  const hash = aggregateHash(contest.context, aggregate)
  if (message.type === 'intend') {
    ensure(!contest.intents.has(place.guardian), 'intent-conflict', 'one intent per contest for ever')
    ensure(equalBytes(message.aggregate, hash), 'intent-conflict', 'another aggregate than the record gives')
    ensure(seenAfterClosing(state, election, place, message.checkpoint), 'intent-checkpoint')
    return
  }
  ensure(contest.intents.has(place.guardian), 'intent-missing', 'of this guardian')
  ensure(contest.intents.size >= manifest.quorum, 'intent-missing', `needs ${manifest.quorum}`)
  ensure(!contest.shares.has(place.guardian), 'decryption-repeated')
  ensure(message.shares.length === aggregate.length, 'decryption-proof-invalid', 'number of shares')
  decodable('decryption-proof-invalid', () => {
    const bases = [G, ...aggregate.map((c) => decodeSubgroupPoint(c.subarray(0, 64)))]
    const images = [publicShare(opening.attempt, place.guardian), ...message.shares.map(decodeSubgroupPoint)]
    const context = decryptionContext(place, contest.context)
    ensure(
      check('partial-decryption', context, equalityStatement(bases, images), message.proof),
      'decryption-proof-invalid',
    )
  })
}

/** Whether this is a checkpoint of this log that covers the closing entry and nothing still to come. Who signed it and
 *  whether the record extends it only those can tell who have the log: the server, and the verifier (V1, V11). SPEC 9.1. */
function seenAfterClosing(
  state: RecordState,
  { closedAt = Infinity }: ElectionState,
  { log }: GuardianPlace,
  checkpoint: string,
): boolean {
  try {
    const { origin, size } = parseCheckpoint(checkpoint)
    return origin === log.origin && size > closedAt && size <= state.size
  } catch (error) {
    if (error instanceof EncodingError) return false
    throw error
  }
}

/** Whether the share that the accused dealt to the complainer opens and fits; if so, the complaint was wrong. SPEC 5.5. */
function dealtShareFits(
  attempt: KeygenAttempt,
  place: GuardianPlace,
  complaint: GuardianMessageOf<'complain'>,
): boolean {
  const { accused } = complaint
  const others = attempt.guardians.filter((g) => g !== accused)
  const sealed = attempt.deals.get(accused)?.shares[others.indexOf(place.guardian)]
  if (sealed === undefined) throw new Error('complaint was not admitted')
  const share = openShare(
    decodeSubgroupPoint(complaint.sharedPoint),
    shareInfo(place, accused, place.guardian),
    sealed,
  )
  return share !== undefined && checkShare(commitmentsOf(attempt, accused), place.guardian, share)
}

function commitmentsOf(attempt: KeygenAttempt, guardian: number): Point[] {
  return attempt.reveals.get(guardian)?.commitments.map(decodeKey) ?? []
}

function said(attempt: KeygenAttempt, guardian: number, type: KeygenMessage['type']): boolean {
  switch (type) {
    case 'commit':
      return attempt.commits.has(guardian)
    case 'reveal':
      return attempt.reveals.has(guardian)
    case 'deal':
      return attempt.deals.has(guardian)
    case 'confirm':
    case 'complain':
      return attempt.confirmed.has(guardian)
    case 'rehearse':
      return attempt.rehearsals.has(guardian)
  }
}

/** Runs a check of received points; one that does not decode is a bad proof. */
function decodable(code: RefusalCode, run: () => void): void {
  try {
    run()
  } catch (error) {
    if (error instanceof EncodingError) throw new Refusal(code, error.message)
    throw error
  }
}

function processOf(state: RecordState, { process, election }: SignedGuardianMessage): ProcessState {
  const found = state.processes.get(process)
  if (found === undefined) throw new Refusal('unknown-election', `${process}/${election}`)
  return found
}

function electionOf(state: RecordState, signed: SignedGuardianMessage): ElectionState {
  const found = processOf(state, signed).elections.get(signed.election)
  if (found === undefined) throw new Refusal('unknown-election', `${signed.process}/${signed.election}`)
  return found
}

function contestOf(election: ElectionState, index: number): ContestState {
  const contest = election.contests[index]
  if (contest === undefined) throw new Refusal('unknown-contest', `contest ${index}`)
  return contest
}

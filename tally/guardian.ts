// The guardian's own side: from what the record says and a key share to the next message. SPEC 5, 9.
// Pure; the program around it keeps the secrets, on disk or in a worker, and sends what comes out.
import {
  decodeKey,
  decodeSubgroupPoint,
  encodePoint,
  G,
  multiply,
  multiplySecret,
  ORDER,
  randomScalar,
} from '#crypto/babyjubjub.ts'
import { equalityStatement, knowledgeStatement, prove } from '#crypto/preimage.ts'
import { openShare, sealShare, sharedPoint } from '#crypto/sealing.ts'
import { checkShare, commitments, evaluate, randomPolynomial } from '#crypto/sharing.ts'
import {
  guardianContext,
  type GuardianMessage,
  type GuardianMessageOf,
  revealHash,
  shareInfo,
} from '#protocol/guardian.ts'
import { aggregateHash, decryptionContext } from './decryption.ts'
import { attemptTranscript, encryptionKey, placeOf, publicShare, rehearsalCiphertext } from './keygen.ts'
import { lotOf, sealsOf, unsealContext } from './sealed-comments.ts'
import type { ContestState, ElectionState, KeygenAttempt, ParticipationState, RecordState } from './state.ts'

/** Secrets of one attempt, drawn fresh for it and never used in another. */
export interface AttemptSecrets {
  readonly attempt: number
  readonly coefficients: readonly bigint[]
  readonly encryption: bigint
  /** The reveal, fixed before its hash is announced. */
  readonly reveal: GuardianMessageOf<'reveal'>
}

/** Fresh secrets for an attempt, to be on disk before `commit` leaves. */
export function drawSecrets(
  state: RecordState,
  election: ElectionState,
  attempt: KeygenAttempt,
  guardian: number,
): AttemptSecrets {
  const coefficients = randomPolynomial(election.manifest.threshold)
  const encryption = randomScalar()
  const images = [...commitments(coefficients), multiply(G, encryption)]
  const place = here(state, election, attempt, guardian)
  const encoded = images.map(encodePoint)
  const reveal = {
    type: 'reveal' as const,
    commitments: encoded.slice(0, -1),
    encryptionKey: encoded[encoded.length - 1] ?? new Uint8Array(),
    proof: prove('keygen-reveal', guardianContext(place), knowledgeStatement(G, images), [
      ...coefficients,
      encryption,
    ]),
  }
  return { attempt: attempt.number, coefficients, encryption, reveal }
}

/** Round 1. SPEC 5.2. */
export function commitMessage(
  state: RecordState,
  election: ElectionState,
  attempt: KeygenAttempt,
  guardian: number,
  secrets: AttemptSecrets,
): GuardianMessage {
  return { type: 'commit', hash: revealHash(here(state, election, attempt, guardian), secrets.reveal) }
}

/** Round 3: a sealed share for every other guardian. SPEC 5.3. */
export function dealMessage(
  state: RecordState,
  election: ElectionState,
  attempt: KeygenAttempt,
  guardian: number,
  secrets: AttemptSecrets,
): GuardianMessage {
  const place = here(state, election, attempt, guardian)
  const others = attempt.guardians.filter((g) => g !== guardian)
  const shares = others.map((to) => {
    const shared = sharedPoint(secrets.encryption, encryptionKey(attempt, to))
    return sealShare(shared, shareInfo(place, guardian, to), evaluate(secrets.coefficients, to))
  })
  return { type: 'deal', shares }
}

/** Round 4: the guardian's key share together with the confirmation, or the complaint about the first bad dealer. SPEC 5.4, 5.5. */
export function judgeDeals(
  state: RecordState,
  election: ElectionState,
  attempt: KeygenAttempt,
  guardian: number,
  secrets: AttemptSecrets,
): { message: GuardianMessage; keyShare: bigint | undefined } {
  const place = here(state, election, attempt, guardian)
  let keyShare = evaluate(secrets.coefficients, guardian)
  for (const from of attempt.guardians.filter((g) => g !== guardian)) {
    const key = encryptionKey(attempt, from)
    const shared = sharedPoint(secrets.encryption, key)
    const sealed =
      attempt.deals.get(from)?.shares[attempt.guardians.filter((g) => g !== from).indexOf(guardian)]
    const share = sealed && openShare(shared, shareInfo(place, from, guardian), sealed)
    const dealt = attempt.reveals.get(from)?.commitments.map(decodeKey) ?? []
    if (share === undefined || !checkShare(dealt, guardian, share)) {
      const statement = equalityStatement([G, key], [multiply(G, secrets.encryption), shared])
      const proof = prove('keygen-complaint', guardianContext(place), statement, [secrets.encryption])
      return {
        message: { type: 'complain', accused: from, sharedPoint: encodePoint(shared), proof },
        keyShare: undefined,
      }
    }
    keyShare = (keyShare + share) % ORDER
  }
  return { message: { type: 'confirm', transcript: attemptTranscript(state, election, attempt) }, keyShare }
}

/** Partial decryption of the test ciphertext. SPEC 5.6. */
export function rehearseMessage(
  state: RecordState,
  election: ElectionState,
  attempt: KeygenAttempt,
  guardian: number,
  keyShare: bigint,
): GuardianMessage {
  const { c1 } = rehearsalCiphertext(attempt, attemptTranscript(state, election, attempt))
  const share = multiplySecret(c1, keyShare)
  const statement = equalityStatement([G, c1], [publicShare(attempt, guardian), share])
  const context = guardianContext(here(state, election, attempt, guardian))
  return {
    type: 'rehearse',
    share: encodePoint(share),
    proof: prove('rehearsal', context, statement, [keyShare]),
  }
}

/** What this guardian is about to decrypt, from aggregates that it computed itself. SPEC 9.1. */
export function intentMessage(contest: ContestState, checkpoint: string): GuardianMessage {
  return {
    type: 'intend',
    contest: contest.context.contest,
    aggregate: aggregateHash(contest.context, aggregateOf(contest)),
    checkpoint,
  }
}

/** Shares of a contest's aggregate; only after the quorum of intents, this guardian's own among them. SPEC 9.1, 9.3. */
export function decryptMessage(
  state: RecordState,
  election: ElectionState,
  contest: ContestState,
  guardian: number,
  keyShare: bigint,
): GuardianMessage {
  const { opening, manifest } = election
  if (opening === undefined) throw new Error('the election was never opened')
  if (!contest.intents.has(guardian) || contest.intents.size < manifest.quorum)
    throw new Error('the quorum of intents is not reached')
  const place = here(state, election, opening.attempt, guardian)
  const bases = aggregateOf(contest).map((c) => decodeSubgroupPoint(c.subarray(0, 64)))
  const shares = bases.map((base) => multiplySecret(base, keyShare))
  const statement = equalityStatement([G, ...bases], [publicShare(opening.attempt, guardian), ...shares])
  const proof = prove('partial-decryption', decryptionContext(place, contest.context), statement, [keyShare])
  return { type: 'decrypt', contest: contest.context.contest, shares: shares.map(encodePoint), proof }
}

/** Shares of all that is left of a lot of sealed comments. SPEC 12.11. */
export function unsealMessage(
  state: RecordState,
  election: ElectionState,
  participation: ParticipationState,
  lot: number,
  guardian: number,
  keyShare: bigint,
): GuardianMessageOf<'unseal'> {
  const { sealed } = participation
  if (sealed === undefined) throw new Error('nothing is sealed')
  const opened = lotOf(participation, lot)
  const bases = sealsOf(opened)
  const shares = bases.map((base) => multiplySecret(base, keyShare))
  const statement = equalityStatement([G, ...bases], [publicShare(sealed.attempt, guardian), ...shares])
  const message = { type: 'unseal' as const, lot, comments: opened.map(({ index }) => index) }
  const context = unsealContext(here(state, election, sealed.attempt, guardian), message)
  const proof = prove('sealed-comments', context, statement, [keyShare])
  return { ...message, shares: shares.map(encodePoint), proof }
}

function here(state: RecordState, election: ElectionState, attempt: KeygenAttempt, guardian: number) {
  if (state.founded === undefined) throw new Error('no genesis')
  return placeOf(state.founded.log, election, attempt.number, guardian)
}

function aggregateOf({ aggregate }: ContestState): readonly Uint8Array[] {
  if (aggregate === undefined) throw new Error('the election is not closed')
  return aggregate
}

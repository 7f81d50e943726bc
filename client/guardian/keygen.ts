// A guardian's part in key generation, step by step; each may be run again after a crash. SPEC 5.
import { decodeScalar, encodeScalar } from '#crypto/babyjubjub.ts'
import { equalBytes, toHex } from '#crypto/encoding.ts'
import { encodeBase32, group, normalizeBase32 } from '#protocol/crockford.ts'
import { decodeEntry } from '#protocol/entry.ts'
import type { GuardianMessageOf } from '#protocol/guardian.ts'
import {
  type AttemptSecrets,
  commitMessage,
  dealMessage,
  drawSecrets,
  judgeDeals,
  rehearseMessage,
} from '#tally/guardian.ts'
import { attemptTranscript, type KeygenStage, stageOf } from '#tally/keygen.ts'
import type { ElectionState, KeygenAttempt } from '#tally/state.ts'
import { Unusable } from '#client/failure.ts'
import { readPolicy } from '#client/server.ts'
import { View } from '#client/view.ts'
import { Alarm, Notice, NotYet } from './alarm.ts'
import { type Guardian, type Identity, publicKeyOf, type Seat, type SeatAttempt, seatIn } from './seat.ts'
import type { Session, Surroundings } from './session.ts'

/** 160 bits: whoever looks for two transcripts with one fingerprint needs 2^80 tries. */
const FINGERPRINT = 32

/** What people compare by voice: eight groups of four characters of a hash. */
export function fingerprint(hash: Uint8Array): string {
  return group(encodeBase32(hash, FINGERPRINT))
}

/** Where an election is. */
export interface Place {
  readonly server: string
  readonly process: string
  readonly election: string
  /** Trust policy; without one the server's is taken and pinned. */
  readonly policy?: string
}

/** Takes the seat in an election: everything that later runs hold on to. Running it again changes at most the server's
 *  address, where the same ledger must be. */
export async function takeSeat(self: Guardian, place: Place, around: Surroundings): Promise<Seat> {
  const { server, process, election } = place
  const seat = await seatIn(self, process, election)
  if (seat !== undefined) {
    if (place.policy !== undefined && place.policy !== seat.policy) throw new Alarm('other-policy')
    return { ...seat, server }
  }
  const policy = place.policy ?? (await around.connect(server).policyFile())
  const believed = readPolicy(policy)
  const view = await around.connect(server, believed).record((record) => View.of(record, believed))
  const taken = seatFor(self.identity, view, { ...place, policy })
  if (taken === undefined) throw new Unusable('not-a-guardian')
  await self.save(taken)
  return taken
}

/** The election as the record defines it. Throws `Unusable` if there is none. */
export function electionIn({ state }: View, { process, election }: Omit<Place, 'server'>): ElectionState {
  const found = state.processes.get(process)?.elections.get(election)
  if (found === undefined) throw new Unusable('unknown-election', { process, election })
  return found
}

/** The seat that the election has for this guardian, as the record stands; undefined if it names others only. Throws
 *  `Unusable` if there is no such election. */
export function seatFor(identity: Identity, view: View, place: Required<Place>): Seat | undefined {
  const { definition, manifest } = electionIn(view, place)
  const publicKey = publicKeyOf(identity)
  const guardian = manifest.guardians.findIndex((g) => equalBytes(g.key, publicKey)) + 1
  const { founded } = view.state
  if (founded === undefined || guardian === 0) return undefined
  const { genesis } = founded.log
  const { checkpoint } = view
  return { ...place, genesis, definition, guardian, checkpoint, restored: false }
}

/** Round 1: draws the attempt's secrets, once, and announces the hash of what will be revealed. SPEC 5.2. */
export async function join(
  session: Session,
): Promise<{ guardian: number; attempt: number; definition: string }> {
  session.mustExtend()
  const { guardian } = session.seat
  const attempt = await session.until((): KeygenAttempt | NotYet => {
    const { attempts, opening } = session.election
    const last = attempts.at(-1)
    if (opening !== undefined) throw new Unusable('open-already')
    if (last === undefined) return new NotYet('keygen-not-started')
    return last.failed === undefined ? last : new NotYet('next-attempt', { failed: last.number })
  })
  if (!attempt.guardians.includes(guardian)) throw new Alarm('left-out', { attempt: attempt.number })
  const known = session.seat.attempt?.number ?? 0
  if (known > attempt.number) throw new Alarm('record-behind', { there: attempt.number, here: known })
  if (known < attempt.number) {
    if (attempt.commits.has(guardian)) throw new Alarm('secrets-lost')
    const secrets = drawSecrets(session.view.state, session.election, attempt, guardian)
    const commit = commitMessage(session.view.state, session.election, attempt, guardian, secrets)
    await session.save({
      attempt: {
        number: attempt.number,
        secrets: {
          coefficients: secrets.coefficients.map(encodeScalar),
          encryption: encodeScalar(secrets.encryption),
        },
        messages: {
          commit: session.sign(attempt.number, commit),
          reveal: session.sign(attempt.number, secrets.reveal),
        },
      },
    })
  }
  await session.say('commit', decided)
  return { guardian, attempt: attempt.number, definition: toHex(session.seat.definition) }
}

/** Rounds 2 and 3: the reveal as soon as all have committed, the shares as soon as all have revealed. SPEC 5.2, 5.3. */
export async function deal(session: Session): Promise<{ guardian: number; attempt: number }> {
  session.mustExtend()
  const { guardian } = session.seat
  await session.until(() => everybody(session, 'commits'))
  await session.say('reveal', decided)
  await session.until(() => everybody(session, 'reveals'))
  await session.say('deal', () =>
    dealMessage(session.view.state, session.election, session.attempt, guardian, secretsOf(session.own)),
  )
  return { guardian, attempt: session.own.number }
}

/** How round 4 ended for this guardian: with the fingerprint of what it confirmed, or with whom it complained about and
 *  who was judged. */
export type Confirmed =
  | { readonly guardian: number; readonly attempt: number; readonly fingerprint: string }
  | { readonly guardian: number; readonly complaint: number; readonly judged: number | undefined }

/** What all guardians compare before they confirm; waits until everybody has dealt. SPEC 5.4. */
export async function transcriptFingerprint(session: Session): Promise<string> {
  session.mustExtend()
  await session.until(() => everybody(session, 'deals'))
  return fingerprint(attemptTranscript(session.view.state, session.election, session.attempt))
}

/** Round 4: checks every share and confirms the transcript, or complains about the first bad dealer. The key share is
 *  stored before the confirmation leaves. SPEC 5.4, 5.5.
 *  @param expected the fingerprint that the other guardians read out, if they were asked before */
export async function confirm(session: Session, expected?: string): Promise<Confirmed> {
  const { guardian } = session.seat
  const shown = await transcriptFingerprint(session)
  const { state } = session.view
  session.tell(new Notice('fingerprint', { fingerprint: shown }))
  if (expected !== undefined && normalizeBase32(expected) !== normalizeBase32(shown))
    throw new Alarm('fingerprint-differs', { theirs: expected, own: shown })
  if (session.own.keyShare === undefined) {
    const judged = judgeDeals(state, session.election, session.attempt, guardian, secretsOf(session.own))
    if (judged.keyShare === undefined) {
      const { accused } = judged.message as GuardianMessageOf<'complain'>
      session.tell(new Notice('complaining', { accused }))
      await session.say('complain', () => judged.message)
      const failed = session.election.attempts.at(-1)?.failed
      return { guardian, complaint: accused, judged: failed?.judged }
    }
    const keyShare = encodeScalar(judged.keyShare)
    const { number, messages } = session.own
    // The polynomial has served; what was sent of it stands in the messages.
    await session.say(
      'confirm',
      () => judged.message,
      () => ({ number, messages, keyShare }),
    )
  } else {
    await session.say('confirm', decided)
  }
  return { guardian, attempt: session.own.number, fingerprint: shown }
}

/** Decrypts the test ciphertext, the proof for everybody that this guardian can. SPEC 5.6. */
export async function rehearse(
  session: Session,
): Promise<{ guardian: number; attempt: number; stage: KeygenStage }> {
  session.mustExtend()
  const { guardian } = session.seat
  const keyShare = keyShareOf(session)
  await session.until(() => everybody(session, 'confirmed'))
  await session.say('rehearse', () =>
    rehearseMessage(session.view.state, session.election, session.attempt, guardian, keyShare),
  )
  return { guardian, attempt: session.own.number, stage: stageOf(session.attempt) }
}

/** The own key share. Throws `Unusable` before `confirm`. */
export function keyShareOf(session: Session): bigint {
  const { keyShare } = session.own
  if (keyShare === undefined) throw new Unusable('no-key-share')
  return decodeScalar(keyShare)
}

/** True once every guardian of the attempt has done that, otherwise who has not. */
function everybody(session: Session, round: 'commits' | 'reveals' | 'deals' | 'confirmed'): true | NotYet {
  const { attempt } = session
  const missing = session.missing(attempt, attempt[round])
  return missing.length === 0 ? true : new NotYet(round, { missing })
}

/** The secrets of an attempt between commitment and confirmation. Throws `Unusable('secrets-used')` after that. */
export function secretsOf({ secrets, messages, number }: SeatAttempt): AttemptSecrets {
  const [, content] = decodeEntry(messages.reveal ?? new Uint8Array())
  if (secrets === undefined) throw new Unusable('secrets-used')
  const { message } = content as { message: GuardianMessageOf<'reveal'> }
  return {
    attempt: number,
    coefficients: secrets.coefficients.map(decodeScalar),
    encryption: decodeScalar(secrets.encryption),
    reveal: message,
  }
}

function decided(): never {
  throw new Error('this message was decided and stored earlier')
}

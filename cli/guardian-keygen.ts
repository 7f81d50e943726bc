// A guardian's part in key generation, step by step; each may be run again after a crash. SPEC 5.
import { decodeScalar, encodeScalar } from '#crypto/babyjubjub.ts'
import { EncodingError, equalBytes, toHex } from '#crypto/encoding.ts'
import { parsePolicy } from '#ledger/policy.ts'
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
import { attemptTranscript, stageOf } from '#tally/keygen.ts'
import type { ElectionState, KeygenAttempt } from '#tally/state.ts'
import { Client } from './client.ts'
import { Unusable } from './command.ts'
import { Alarm, type Manner, Session } from './guardian-session.ts'
import type { GuardianFolder, Seat } from './guardian-store.ts'
import { View } from './view.ts'

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
export async function takeSeat(folder: GuardianFolder, place: Place, manner: Manner): Promise<Seat> {
  const { server, process, election } = place
  const seat = await folder.seat(process, election)
  if (seat !== undefined) {
    if (place.policy !== undefined && place.policy !== seat.policy)
      throw new Alarm('This guardian joined under another policy.')
    return { ...seat, server }
  }
  const policy = place.policy ?? (await new Client(server).policyFile())
  const believed = readPolicy(policy)
  const view = await new Client(server, believed).record((record) => View.of(record, believed))
  const found = view.state.processes.get(process)?.elections.get(election)
  if (view.state.founded === undefined || found === undefined)
    throw new Unusable(`There is no election ${process}/${election}.`)
  const guardian = found.manifest.guardians.findIndex((g) => equalBytes(g.key, folder.publicKey)) + 1
  if (guardian === 0) throw new Unusable('The election does not name this guardian’s key.')
  manner.tell(describe(found))
  const { checkpoint } = view
  const { genesis } = view.state.founded.log
  const { definition } = found
  const taken = {
    server,
    policy,
    process,
    election,
    genesis,
    definition,
    guardian,
    checkpoint,
    restored: false,
  }
  await folder.save(taken)
  return taken
}

/** Round 1: draws the attempt's secrets, once, and announces the hash of what will be revealed. SPEC 5.2. */
export async function join(session: Session): Promise<Record<string, unknown>> {
  session.mustExtend()
  const { guardian } = session.seat
  const attempt = await session.until((): KeygenAttempt | string => {
    const { attempts, opening } = session.election
    const last = attempts.at(-1)
    if (opening !== undefined) throw new Unusable('The election is open already; its key exists.')
    if (last === undefined) return 'The officials have not started key generation.'
    return last.failed === undefined
      ? last
      : `Attempt ${last.number} has failed; the next one has not started.`
  })
  if (!attempt.guardians.includes(guardian))
    throw new Alarm(`Attempt ${attempt.number} is made without this guardian.`)
  const known = session.seat.attempt?.number ?? 0
  if (known > attempt.number)
    throw new Alarm(`The record stands at attempt ${attempt.number}, this folder at ${known}.`)
  if (known < attempt.number) {
    if (attempt.commits.has(guardian))
      throw new Alarm('This guardian has committed already, with secrets that this folder does not have.')
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
export async function deal(session: Session): Promise<Record<string, unknown>> {
  session.mustExtend()
  const { guardian } = session.seat
  await session.until(() => everybody(session, 'commits', 'commitment'))
  await session.say('reveal', decided)
  await session.until(() => everybody(session, 'reveals', 'reveal'))
  await session.say('deal', () =>
    dealMessage(session.view.state, session.election, session.attempt, guardian, secretsOf(session)),
  )
  return { guardian, attempt: session.own.number }
}

/** Round 4: checks every share and confirms the transcript, or complains about the first bad dealer. The key share is
 *  on disk before the confirmation leaves. SPEC 5.4, 5.5.
 *  @param expected the fingerprint that the other guardians read out, if they were asked before */
export async function confirm(session: Session, expected?: string): Promise<Record<string, unknown>> {
  session.mustExtend()
  const { guardian } = session.seat
  await session.until(() => everybody(session, 'deals', 'shares'))
  const { state } = session.view
  const shown = fingerprint(attemptTranscript(state, session.election, session.attempt))
  session.tell(
    `Fingerprint of the key generation, to be compared with every other guardian by voice or in person:\n  ${shown}`,
  )
  if (expected !== undefined && normalizeBase32(expected) !== normalizeBase32(shown))
    throw new Alarm(
      `The others see ${expected}, this guardian ${shown}: the ledger is not the same for all. Nothing was sent.`,
    )
  if (session.own.keyShare === undefined) {
    const judged = judgeDeals(state, session.election, session.attempt, guardian, secretsOf(session))
    if (judged.keyShare === undefined) {
      const { accused } = judged.message as GuardianMessageOf<'complain'>
      session.tell(`The share from guardian ${accused} does not fit. Complaining.`)
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
export async function rehearse(session: Session): Promise<Record<string, unknown>> {
  session.mustExtend()
  const { guardian } = session.seat
  const keyShare = keyShareOf(session)
  await session.until(() => everybody(session, 'confirmed', 'confirmation'))
  await session.say('rehearse', () =>
    rehearseMessage(session.view.state, session.election, session.attempt, guardian, keyShare),
  )
  return { guardian, attempt: session.own.number, stage: stageOf(session.attempt) }
}

/** The own key share. Throws `Unusable` before `confirm`. */
export function keyShareOf(session: Session): bigint {
  const { keyShare } = session.own
  if (keyShare === undefined) throw new Unusable('There is no key share yet: comitia guardian confirm.')
  return decodeScalar(keyShare)
}

/** What the guardian joins, for people. */
function describe({ manifest, definition }: ElectionState): string {
  const { guardians, threshold, quorum, organiser, title, practice } = manifest
  const lines = [
    `${Object.values(title)[0] ?? ''} (${organiser})${practice ? ' — a practice, not a real vote' : ''}`,
    `${guardians.length} guardians: ${guardians.map((g) => g.name).join(', ')}.`,
    `Any ${threshold} of them decrypt, after ${quorum} have announced what; fewer than ${threshold} cannot.`,
    ...(threshold === 1 ? ['WARNING: a single guardian can open every ballot.'] : []),
    `Fingerprint of the definition:\n  ${fingerprint(definition)}`,
  ]
  return lines.join('\n')
}

/** True once every guardian of the attempt has done that, otherwise a sentence on who has not. */
function everybody(
  session: Session,
  round: 'commits' | 'reveals' | 'deals' | 'confirmed',
  what: string,
): true | string {
  const { attempt } = session
  const missing = session.missing(attempt, attempt[round])
  return missing === '' ? true : `Waiting for the ${what} of: ${missing}.`
}

function secretsOf({ own }: Session): AttemptSecrets {
  const { secrets, messages, number } = own
  const [, content] = decodeEntry(messages.reveal ?? new Uint8Array())
  if (secrets === undefined) throw new Unusable('The secrets of this attempt are used up.')
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

function readPolicy(text: string) {
  try {
    return parsePolicy(text)
  } catch (error) {
    if (error instanceof EncodingError) throw new Unusable(`The policy cannot be read: ${error.message}`)
    throw error
  }
}

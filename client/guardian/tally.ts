// A guardian decrypts: the aggregates that follow from the verified record, announced once and for ever, and nothing
// else whoever asks. SPEC 9.1, 9.3.
import { equalBytes, toHex } from '#crypto/encoding.ts'
import { decodeEntry } from '#protocol/entry.ts'
import type { GuardianMessageOf } from '#protocol/guardian.ts'
import { aggregateHash } from '#tally/decryption.ts'
import { decryptMessage, intentMessage } from '#tally/guardian.ts'
import type { ContestState } from '#tally/state.ts'
import { Unusable } from '#client/failure.ts'
import { readPolicy } from '#client/server.ts'
import { View } from '#client/view.ts'
import { Alarm, Notice, NotYet } from './alarm.ts'
import { keyShareOf } from './keygen.ts'
import type { Session } from './session.ts'

/** The contests that this guardian has decrypted, and those that have too few ballots ever to be. */
export interface Decrypted {
  readonly guardian: number
  readonly decrypted: readonly number[]
  readonly withheld: readonly number[]
}

/** Verifies the whole record, announces, waits for the quorum and decrypts, contest by contest.
 *  @param neverIntended after a restore: the guardian's word that it announced nothing since the backup */
export async function decrypt(session: Session, neverIntended: boolean): Promise<Decrypted> {
  const keyShare = keyShareOf(session)
  await session.until(() => {
    const { closedAt, closesAt } = session.election
    return closedAt ?? new NotYet('closing', { closesAt })
  })
  const { opening, manifest } = session.election
  if (opening?.attempt.number !== session.own.number)
    throw new Alarm('other-key', { attempt: session.own.number })
  for (const contest of session.election.contests) mustAgree(session, contest)
  session.mustExtend()
  await verifyRecord(session)

  const { guardian } = session.seat
  const counted = session.election.contests.filter((c) => c.voters.size >= manifest.minBallots)
  const withheld = session.election.contests.filter((c) => c.voters.size < manifest.minBallots)
  for (const { context, voters } of withheld)
    session.tell(
      new Notice('withheld', {
        contest: context.contest,
        ballots: voters.size,
        least: manifest.minBallots,
      }),
    )
  for (const contest of counted) await intend(session, contest, neverIntended)
  for (const { context } of counted) {
    const number = context.contest
    await session.until(() => quorum(session, number))
    await session.say(`decrypt/${number}`, () =>
      decryptMessage(session.view.state, session.election, contestOf(session, number), guardian, keyShare),
    )
  }
  return {
    guardian,
    decrypted: counted.map((c) => c.context.contest),
    withheld: withheld.map((c) => c.context.contest),
  }
}

/** The observer's whole run under the own policy and against the checkpoint held. Throws `Alarm` on any failed check;
 *  otherwise the session goes on from that record. */
export async function verifyRecord(session: Session): Promise<void> {
  const { checkpoint, policy: text } = session.seat
  const policy = readPolicy(text)
  const { findings, view } = await session.server.record(async (record) => ({
    findings: await session.surroundings.verify(record, { policy, checkpoints: [checkpoint] }),
    view: await View.of(record, policy),
  }))
  const failed = findings.filter((f) => f.status === 'failed')
  if (failed.length > 0) throw new Alarm('record-unsound', { findings: failed })
  session.adopt(view)
}

/** Announces what will be decrypted: the aggregate of this very record, once for ever. */
async function intend(session: Session, contest: ContestState, neverIntended: boolean): Promise<void> {
  const number = contest.context.contest
  const slot = slotOf(number)
  mustAgree(session, contest)
  const first = session.own.messages[slot] === undefined && session.heard(slot) === undefined
  if (first && session.seat.restored && !neverIntended)
    throw new Unusable('intent-unknown', { contest: number })
  session.tell(new Notice('announcing', { contest: number }))
  await session.say(slot, () => intentMessage(contest, session.view.checkpoint))
}

/** Throws `Alarm` if this guardian has announced another aggregate of the contest than this record gives. */
function mustAgree(session: Session, contest: ContestState): void {
  const { aggregate, context } = contest
  const entry = session.own.messages[slotOf(context.contest)]
  if (entry === undefined || aggregate === undefined) return
  const [, content] = decodeEntry(entry)
  const { message } = content as { message: GuardianMessageOf<'intend'> }
  const here = aggregateHash(context, aggregate)
  if (!equalBytes(message.aggregate, here))
    throw new Alarm('intent-conflict', {
      contest: context.contest,
      announced: toHex(message.aggregate).slice(0, 16),
      here: toHex(here).slice(0, 16),
    })
}

/** True once enough guardians have announced the same on this very ledger, otherwise who is awaited. */
function quorum(session: Session, number: number): true | NotYet {
  const { manifest, closedAt } = session.election
  const { intents } = contestOf(session, number)
  for (const [guardian, { checkpoint }] of intents) {
    const size = session.view.sizeAt(checkpoint)
    if (size === undefined || closedAt === undefined || size <= closedAt)
      throw new Alarm('intent-elsewhere', { guardian, signed: session.view.isSigned(checkpoint) })
  }
  if (intents.size >= manifest.quorum) return true
  const { opening } = session.election
  const missing = opening === undefined ? [] : session.missing(opening.attempt, intents)
  return new NotYet('intents', { contest: number, there: intents.size, quorum: manifest.quorum, missing })
}

function contestOf(session: Session, number: number): ContestState {
  const contest = session.election.contests[number]
  if (contest === undefined) throw new Error(`no contest ${number}`)
  return contest
}

function slotOf(contest: number): string {
  return `intend/${contest}`
}

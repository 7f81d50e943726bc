// A guardian decrypts: the aggregates that follow from the verified record, announced once and for ever, and nothing
// else whoever asks. SPEC 9.1, 9.3.
import { equalBytes, toHex } from '#crypto/encoding.ts'
import { parsePolicy } from '#ledger/policy.ts'
import { decodeEntry } from '#protocol/entry.ts'
import type { GuardianMessageOf } from '#protocol/guardian.ts'
import { aggregateHash } from '#tally/decryption.ts'
import { decryptMessage, intentMessage } from '#tally/guardian.ts'
import type { ContestState } from '#tally/state.ts'
import type { Finding } from '#tally/verify/finding.ts'
import { verify } from '#tally/verify/verify.ts'
import { Unusable } from './command.ts'
import { keyShareOf } from './guardian-keygen.ts'
import { Alarm, type Session } from './guardian-session.ts'
import { Progress } from './progress.ts'
import { startProofWorkers } from './proof-workers.ts'
import { View } from './view.ts'

/** Verifies the whole record, announces, waits for the quorum and decrypts, contest by contest.
 *  @param neverIntended after a restore: the guardian's word that it announced nothing since the backup */
export async function decrypt(session: Session, neverIntended: boolean): Promise<Record<string, unknown>> {
  const keyShare = keyShareOf(session)
  await session.until(() => {
    const { closedAt, closesAt } = session.election
    return closedAt ?? `The election has not closed; it may from ${new Date(closesAt).toISOString()} on.`
  })
  const { opening, manifest } = session.election
  if (opening?.attempt.number !== session.own.number)
    throw new Alarm(
      `The election key is not of attempt ${session.own.number}, of which this folder has the share.`,
    )
  for (const contest of session.election.contests) mustAgree(session, contest)
  session.mustExtend()
  await verifyRecord(session)

  const { guardian } = session.seat
  const counted = session.election.contests.filter((c) => c.voters.size >= manifest.minBallots)
  const withheld = session.election.contests.filter((c) => c.voters.size < manifest.minBallots)
  for (const { context, voters } of withheld)
    session.tell(
      `Contest ${context.contest} has ${voters.size} counted ballots, fewer than ${manifest.minBallots}: never decrypted.`,
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
async function verifyRecord(session: Session): Promise<void> {
  const { checkpoint, policy: text } = session.seat
  const policy = parsePolicy(text)
  const workers = startProofWorkers()
  const progress = new Progress('Verifying the record before decrypting')
  try {
    const { findings, view } = await session.client.record(async (record) => ({
      findings: await verify(record, workers.ports, {
        policy,
        checkpoints: [checkpoint],
        onProgress: (done, total) => progress.update(done, total),
      }),
      view: await View.of(record, policy),
    }))
    const failed = findings.filter((f) => f.status === 'failed')
    if (failed.length > 0)
      throw new Alarm(`The record is not sound, so nothing is decrypted.\n${lines(failed)}`)
    session.adopt(view)
  } finally {
    progress.finish()
    await workers.stop()
  }
}

/** Announces what will be decrypted: the aggregate of this very record, once for ever. */
async function intend(session: Session, contest: ContestState, neverIntended: boolean): Promise<void> {
  const number = contest.context.contest
  const slot = slotOf(number)
  mustAgree(session, contest)
  const first = session.own.messages[slot] === undefined && session.heard(slot) === undefined
  if (first && session.seat.restored && !neverIntended)
    throw new Unusable(
      `This folder was restored from a backup, and the ledger shows no intent of this guardian for contest ${number}. ` +
        'If one was announced after the backup was made, somebody is hiding it in order to have two different sums ' +
        'decrypted. Only if you know that none was, say so with --never-intended.',
    )
  session.tell(`Announcing the aggregate of contest ${number}.`)
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
    throw new Alarm(
      `intent-conflict: this guardian announced the aggregate ${toHex(message.aggregate).slice(0, 16)} of contest ` +
        `${context.contest}, this record gives ${toHex(here).slice(0, 16)}. It never decrypts both.`,
    )
}

/** True once enough guardians have announced the same on this very ledger, otherwise who is awaited. */
function quorum(session: Session, number: number): true | string {
  const { manifest, closedAt } = session.election
  const { intents } = contestOf(session, number)
  for (const [guardian, { checkpoint }] of intents) {
    const size = session.view.sizeAt(checkpoint)
    if (size === undefined || closedAt === undefined || size <= closedAt)
      throw new Alarm(
        `Guardian ${guardian} announced its intent on a ledger that is not this one as it was after closing` +
          `${session.view.isSigned(checkpoint) ? ', though it is signed: FORK' : ''}. Nothing is decrypted.`,
      )
  }
  if (intents.size >= manifest.quorum) return true
  const { opening } = session.election
  const absent = opening === undefined ? '' : session.missing(opening.attempt, intents)
  return `Contest ${number} has ${intents.size} of ${manifest.quorum} intents; not yet from: ${absent}.`
}

function contestOf(session: Session, number: number): ContestState {
  const contest = session.election.contests[number]
  if (contest === undefined) throw new Error(`no contest ${number}`)
  return contest
}

function slotOf(contest: number): string {
  return `intend/${contest}`
}

function lines(findings: readonly Finding[]): string {
  return findings.map(({ check, sentence }) => `  ${check}: ${sentence}`).join('\n')
}

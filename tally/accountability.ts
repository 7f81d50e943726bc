// What becomes of results at the gate: promises, reports on them, publications of spending, and what they fold to. SPEC 13.1, 13.2.
import { toHex } from '#crypto/encoding.ts'
import type { ActOf } from '#protocol/act.ts'
import { ensure, Refusal } from '#protocol/refusal.ts'
import type { Accountability, ProcessState, PromiseState, RecordState } from './state.ts'

type Deed = ActOf<'make-promise' | 'change-promise' | 'report-progress' | 'publish-releases'>

/** How a promise stands: 'on-time' and 'late' so long as it is under way, 'done-late' if it was done after its time. */
export type Standing = 'on-time' | 'late' | 'done' | 'done-late' | 'dropped'

/** Nothing is promised or published so far. */
export function nothingPromised(): Accountability {
  return { promises: new Map(), publications: [] }
}

/** How a promise stands at a time, by the terms that it has now. */
export function standingOf(promise: PromiseState, time: number): Standing {
  const { due } = termsOf(promise)
  const last = promise.reports.at(-1)
  switch (last?.act.state) {
    case 'dropped':
      return 'dropped'
    case 'done':
      return last.time <= due ? 'done' : 'done-late'
    default:
      return time <= due ? 'on-time' : 'late'
  }
}

/** The terms that hold now. */
export function termsOf({ made, changes }: PromiseState): ActOf<'make-promise' | 'change-promise'> {
  return changes.at(-1)?.act ?? made.act
}

/** Throws `Refusal` unless the process has come so far. */
export function admitAccountability(state: RecordState, process: ProcessState, act: Deed): void {
  const { accountability } = process
  switch (act.type) {
    case 'make-promise':
      admitSubject(process, act)
      ensure(act.due > state.time, 'promise-invalid', 'due in the past')
      return
    case 'change-promise': {
      const { cost } = termsOf(openPromise(accountability, act.promise))
      const same = act.cost.currency === cost.currency && act.cost.decimals === cost.decimals
      ensure(same, 'promise-invalid', 'another currency')
      ensure(act.due > state.time, 'promise-invalid', 'due in the past')
      return
    }
    case 'report-progress':
      openPromise(accountability, act.promise)
      return
    case 'publish-releases': {
      if (act.promise !== undefined) promiseOf(accountability, act.promise)
      const name = toHex(act.file)
      const known = accountability.publications.some((earlier) => toHex(earlier.act.file) === name)
      ensure(!known, 'already-exists', 'this file')
    }
  }
}

/** Folds an admitted act. */
export function applyAccountability(
  { size: index, time }: RecordState,
  { accountability }: ProcessState,
  act: Deed,
): void {
  const { promises, publications } = accountability
  switch (act.type) {
    case 'make-promise':
      promises.set(index, { made: { index, time, act }, changes: [], reports: [] })
      return
    case 'change-promise':
      promiseOf(accountability, act.promise).changes.push({ index, time, act })
      return
    case 'report-progress':
      promiseOf(accountability, act.promise).reports.push({ index, time, act })
      return
    case 'publish-releases':
      publications.push({ index, time, act })
  }
}

/** A promise follows from what was decided: a counted contest, or a proposal that an office has not declined. */
function admitSubject(process: ProcessState, { subject }: ActOf<'make-promise'>): void {
  if ('proposal' in subject) {
    const proposal = process.participation?.proposals.get(subject.proposal)
    if (proposal === undefined) throw new Refusal('unknown-proposal', `entry ${subject.proposal}`)
    const decision = proposal.answer?.act.decision
    ensure(decision === 'adopted' || decision === 'partly', 'promise-invalid', 'nobody has taken it up')
    return
  }
  const election = process.elections.get(subject.election)
  if (election === undefined) throw new Refusal('unknown-election', subject.election)
  const counted = election.result?.contests[subject.contest]?.status === 'counted'
  ensure(counted, 'promise-invalid', 'no result')
  const options = election.manifest.contests[subject.contest]?.options ?? []
  ensure((subject.option ?? 0) < options.length, 'promise-invalid', 'no such option')
}

/** Throws `Refusal`. */
function promiseOf({ promises }: Accountability, index: number): PromiseState {
  const promise = promises.get(index)
  if (promise === undefined) throw new Refusal('unknown-promise', `entry ${index}`)
  return promise
}

/** One that is neither done nor dropped. Throws `Refusal`. */
function openPromise(accountability: Accountability, index: number): PromiseState {
  const promise = promiseOf(accountability, index)
  const last = promise.reports.at(-1)?.act.state ?? 'under-way'
  ensure(last === 'under-way', 'wrong-state', last)
  return promise
}

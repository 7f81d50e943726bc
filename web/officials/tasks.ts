// What is left to do for an election, from its definition to its result, and what each task waits for, as the public
// record and the register say it.
import type { Act } from '#protocol/act.ts'
import type { ElectionSummary } from '#server/summary.ts'
import type { RollView } from './api.ts'
import { actOf, lacking } from './pending.ts'
import type { Sight } from './sight.ts'

export type TaskName =
  'define' | 'owners' | 'roll' | 'key' | 'freeze' | 'open' | 'close' | 'decrypt' | 'publish'
type Step = Exclude<NonNullable<ElectionSummary['keygen']>['stage'], 'done' | 'failed'>

/** What somebody or something has still to do before a task is done. */
export type Wait =
  /** It is proposed, and others have yet to sign. */
  | { readonly for: 'signatures'; readonly missing: number; readonly names: readonly string[] }
  /** An official has to propose it. */
  | { readonly for: 'proposal' }
  /** Guardians have yet to take this step of key generation. */
  | { readonly for: 'guardians'; readonly names: readonly string[]; readonly step: Step }
  /** So many of these guardians have yet to decrypt. */
  | { readonly for: 'decryption'; readonly missing: number; readonly names: readonly string[] }
  /** There are to be two owners. */
  | { readonly for: 'owners' }
  /** There is no key yet. */
  | { readonly for: 'key' }
  /** Nobody is on the roll, or it is not frozen. */
  | { readonly for: 'voters' | 'freezing'; readonly roll: string }
  /** The record would refuse it, for what no other task mends. */
  | { readonly for: 'refusal'; readonly code: string }

export interface Task {
  readonly name: TaskName
  /** `now`: nothing else has to come first. */
  readonly standing: 'done' | 'now' | 'later'
  /** Of `roll` and `freeze`. */
  readonly roll?: RollView
  /** Empty where it is done, or where its time has yet to come. */
  readonly waits: readonly Wait[]
}

/** Refusals of an opening behind which another task stands. */
const TASKS_OF_OPENING = new Set([
  'keygen-attempt',
  'rehearsal-missing',
  'unknown-roll',
  'roll-not-frozen',
  'act-approvals-too-few',
])

/** All tasks in the order in which people think of them. */
export function tasksOf(
  election: ElectionSummary,
  { rolls, people, acts, next }: Pick<Sight, 'rolls' | 'people' | 'acts' | 'next'>,
): Task[] {
  const { process, state, keygen, contests, guardians, threshold, practice } = election
  const named = (wanted: (number: number) => boolean) =>
    guardians.flatMap(({ number, name }) => (wanted(number) ? [name] : []))
  const opened = !['defined', 'keygen', 'ready'].includes(state)
  const closed = ['closed', 'announced'].includes(state)
  const owners = people.filter(({ role, named }) => named && role === 'owner').length
  const twoOwners = opened || owners >= 2
  const hasKey = opened || keygen?.stage === 'done'
  const frozen = (name: string) => contests.some(({ roll, frozen }) => roll === name && frozen !== null)
  // Where too few have voted nothing is ever decrypted.
  const counted = contests.filter(({ few }) => !few)
  const decrypted = closed && counted.every(({ shares }) => shares.length >= threshold)
  const own = [...new Set(contests.map(({ roll }) => roll))].map(
    (roll) =>
      rolls.find((one) => one.process === process && one.roll === roll) ?? {
        ...{ process, roll, rows: 0, registered: 0, size: 0, frozen: false },
      },
  )
  const filled = ({ rows, size }: RollView) => rows > 0 || size > 0
  const unfrozen = own.filter(({ roll }) => !frozen(roll))
  const ofElection = (type: Act['type']) => (act: Act) =>
    act.type === type && 'election' in act && act.election === election.election
  const ofRoll = (type: Act['type'], roll: string) => (act: Act) =>
    act.type === type && 'roll' in act && act.roll === roll

  /** For signatures of an act that waits, else for something else. */
  function signatures(is: (act: Act) => boolean, otherwise: Wait = { for: 'proposal' }): Wait[] {
    const waiting = acts.find(
      (one) => one.standing === 'pending' && one.process === process && is(actOf(one)),
    )
    return [waiting === undefined ? otherwise : { for: 'signatures', ...lacking(waiting, people) }]
  }
  const task = (name: TaskName, done: boolean, ready: boolean, waits: () => readonly Wait[]): Task => ({
    ...{ name, standing: done ? 'done' : ready ? 'now' : 'later' },
    waits: done ? [] : waits(),
  })

  function beforeKey(): Wait[] {
    if (keygen === null || keygen.stage === 'failed' || keygen.stage === 'done')
      return signatures(ofElection('start-keygen'))
    const names = named((number) => keygen.missing.includes(number))
    return [{ for: 'guardians', names, step: keygen.stage }]
  }
  const answer = next?.openings.find((one) => one.process === process && one.election === election.election)
  const refusal = answer?.refusal ?? null
  const beforeOpening: Wait[] = [
    ...(practice || twoOwners ? [] : [{ for: 'owners' } as const]),
    ...(hasKey ? [] : [{ for: 'key' } as const]),
    ...unfrozen.map(({ roll }) => ({ for: 'freezing', roll }) as const),
    ...(refusal === null || TASKS_OF_OPENING.has(refusal)
      ? []
      : [{ for: 'refusal', code: refusal } as const]),
  ]
  const toDecrypt = (): Wait => ({
    for: 'decryption',
    missing: threshold - Math.min(...counted.map(({ shares }) => shares.length)),
    names: named((number) => counted.some(({ shares }) => !shares.includes(number))),
  })

  return [
    task('define', true, true, () => []),
    // The gate opens a real election for two of them only.
    ...(practice ? [] : [task('owners', twoOwners, true, () => [{ for: 'owners' }])]),
    ...own.map((roll) => ({
      ...task('roll', filled(roll), true, () =>
        signatures(ofRoll('list-voters', roll.roll), { for: 'voters', roll: roll.roll }),
      ),
      roll,
    })),
    task('key', hasKey, true, beforeKey),
    ...own.map((roll) => ({
      ...task('freeze', frozen(roll.roll), filled(roll), () =>
        filled(roll) ? signatures(ofRoll('freeze-roll', roll.roll)) : [{ for: 'voters', roll: roll.roll }],
      ),
      roll,
    })),
    task('open', opened, beforeOpening.length === 0, () =>
      beforeOpening.length > 0 ? beforeOpening : signatures(ofElection('open-election')),
    ),
    task('close', closed, opened, () => []),
    task('decrypt', decrypted, closed, () => (closed ? [toDecrypt()] : [])),
    task('publish', state === 'announced', decrypted, () =>
      decrypted ? signatures(ofElection('publish-result')) : [],
    ),
  ]
}

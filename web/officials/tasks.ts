// What is left to do for an election, from its definition to its result, as the public record and the register say it.
import type { ElectionSummary } from '#server/summary.ts'
import type { RollView } from './api.ts'

export type TaskName =
  'define' | 'owners' | 'roll' | 'key' | 'freeze' | 'open' | 'close' | 'decrypt' | 'publish'

export interface Task {
  readonly name: TaskName
  /** `now`: nothing else has to come first. */
  readonly standing: 'done' | 'now' | 'later'
  /** Of `roll` and `freeze`. */
  readonly roll?: RollView
  /** Guardians who have yet to act, by name. */
  readonly awaited?: readonly string[]
}

/** All tasks in the order in which people think of them.
 *  @param owners whom the record names */
export function tasksOf(election: ElectionSummary, rolls: readonly RollView[], owners: number): Task[] {
  const { process, state, keygen, contests, guardians, threshold, practice } = election
  const named = (numbers: readonly number[]) =>
    guardians.flatMap(({ number, name }) => (numbers.includes(number) ? [name] : []))
  const opened = !['defined', 'keygen', 'ready'].includes(state)
  const closed = ['closed', 'announced'].includes(state)
  const twoOwners = opened || owners >= 2
  const hasKey = opened || keygen?.stage === 'done'
  const frozen = (name: string) => contests.some(({ roll, frozen }) => roll === name && frozen !== null)
  // Where too few have voted nothing is ever decrypted.
  const decrypted = closed && contests.every(({ shares, few }) => shares.length >= threshold || few)
  const own = [...new Set(contests.map(({ roll }) => roll))].map(
    (roll) =>
      rolls.find((one) => one.process === process && one.roll === roll) ?? {
        ...{ process, roll, rows: 0, registered: 0, size: 0, frozen: false },
      },
  )
  const filled = ({ rows, size }: RollView) => rows > 0 || size > 0
  const allFrozen = own.every(({ roll }) => frozen(roll))

  const standing = (done: boolean, ready: boolean): Task['standing'] =>
    done ? 'done' : ready ? 'now' : 'later'
  return [
    { name: 'define', standing: 'done' },
    // The gate opens a real election for two of them only.
    ...(practice ? [] : [{ name: 'owners', standing: standing(twoOwners, true) } as const]),
    ...own.map((roll): Task => ({
      ...{ name: 'roll', roll },
      standing: standing(filled(roll), true),
    })),
    {
      ...{ name: 'key', standing: standing(hasKey, true) },
      ...(keygen !== null && keygen.stage !== 'failed' && !hasKey && { awaited: named(keygen.missing) }),
    },
    ...own.map((roll): Task => ({
      ...{ name: 'freeze', roll },
      standing: standing(frozen(roll.roll), filled(roll)),
    })),
    { name: 'open', standing: standing(opened, allFrozen && hasKey && (practice || twoOwners)) },
    { name: 'close', standing: standing(closed, opened) },
    { name: 'decrypt', standing: standing(decrypted, closed) },
    { name: 'publish', standing: standing(state === 'announced', decrypted) },
  ]
}

// What officials could decide next: acts whose content follows from the record, as far as the record would take them
// now. Whoever proposes one has nothing to fill in but why.
import type { Act, Setup } from '#protocol/act.ts'
import { Refusal } from '#protocol/refusal.ts'
import { admitUnsigned } from '#tally/acts.ts'
import { freezing, opening, publication } from '#tally/official.ts'
import type { ElectionState, ProcessState, RecordState } from '#tally/state.ts'

export interface NextAct {
  readonly process: string
  readonly act: Act
}

/** By process, rolls before elections.
 *  @param state as it would be judged now
 *  @param setups those whose files this server has */
export function nextActs(state: RecordState, setups: readonly Setup[]): NextAct[] {
  return [...state.processes].flatMap(([process, within]) =>
    candidates(state, process, within, setups).flatMap((make) => {
      try {
        const act = make()
        admitUnsigned(state, { process, stateCounter: within.counter, expiry: state.time, act })
        return [{ process, act }]
      } catch (error) {
        if (error instanceof Refusal) return []
        throw error
      }
    }),
  )
}

function candidates(
  state: RecordState,
  process: string,
  { rolls, elections }: ProcessState,
  setups: readonly Setup[],
): (() => Act)[] {
  return [
    ...[...rolls.keys()].map((roll) => () => freezing(state, process, roll)),
    ...[...elections].flatMap(([slug, election]) => [
      ...(awaitsKeygen(election) ? [() => keygen(slug, election)] : []),
      () => opening(state, process, slug, setups),
      (): Act => ({ type: 'close-election', election: slug }),
      () => publication(state, process, slug),
    ]),
  ]
}

/** Whether no key has been begun, or the last attempt has failed. */
function awaitsKeygen({ attempts }: ElectionState): boolean {
  const last = attempts.at(-1)
  return last === undefined || last.failed !== undefined
}

/** A new attempt by all guardians whom none before has judged at fault. SPEC 5.1. */
function keygen(election: string, { attempts, manifest }: ElectionState): Act {
  const judged = new Set(attempts.flatMap(({ failed }) => (failed === undefined ? [] : [failed.judged])))
  const guardians = manifest.guardians.map((_, i) => i + 1).filter((number) => !judged.has(number))
  return { type: 'start-keygen', election, attempt: attempts.length + 1, guardians }
}

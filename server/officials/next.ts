// What officials could decide next: acts whose content follows from the record, as far as the record would take them
// now, and rolls that could be frozen. Whoever proposes one has nothing to fill in but why. And what keeps elections from
// being opened.
import { toHex } from '#crypto/encoding.ts'
import type { Act } from '#protocol/act.ts'
import { Refusal, type RefusalCode } from '#protocol/refusal.ts'
import type { Setup } from '#protocol/setup.ts'
import { admitUnsigned } from '#tally/acts.ts'
import { attemptKey, rehearsed } from '#tally/keygen.ts'
import { opening, publication } from '#tally/official.ts'
import type { ElectionState, ProcessState, RecordState, RollState } from '#tally/state.ts'

export interface NextAct {
  readonly process: string
  readonly act: Act
}

/** A roll by its names, and how many are on it. */
interface SizedRoll {
  readonly process: string
  readonly roll: string
  readonly size: number
}

/** Rolls that can be frozen. Their acts are made when one is to be signed: a root costs seconds on a large roll, and each
 *  registration changes it. */
export function openRolls(state: RecordState): SizedRoll[] {
  return rollsWhere(state, ({ frozen }) => frozen === undefined)
}

/** Rolls that are frozen. */
export function frozenRolls(state: RecordState): SizedRoll[] {
  return rollsWhere(state, ({ frozen }) => frozen !== undefined)
}

function rollsWhere(state: RecordState, holds: (roll: RollState) => boolean): SizedRoll[] {
  return [...state.processes].flatMap(([process, { rolls }]) =>
    [...rolls].flatMap(([roll, found]) =>
      holds(found) ? [{ process, roll, size: found.credentials.length }] : [],
    ),
  )
}

/** Elections with a key that all guardians have tried: they could keep comments sealed. SPEC 12.11. */
export function madeKeys(state: RecordState): { process: string; election: string; key: string }[] {
  return [...state.processes].flatMap(([process, { elections }]) =>
    [...elections].flatMap(([slug, election]) => {
      const attempt = election.opening?.attempt ?? election.attempts.at(-1)
      if (election.manifest.threshold < 2 || attempt === undefined || !rehearsed(state, election, attempt))
        return []
      return [{ process, election: slug, key: toHex(attemptKey(attempt)) }]
    }),
  )
}

/** By process.
 *  @param state as it would be judged now
 *  @param setups those whose files this server has */
export function nextActs(state: RecordState, setups: readonly Setup[]): NextAct[] {
  return [...state.processes].flatMap(([process, within]) =>
    candidates(state, process, within, setups).flatMap((make) => {
      const act = admitted(state, process, make)
      return typeof act === 'string' ? [] : [{ process, act }]
    }),
  )
}

/** Elections that are not opened, each with what the record has against its opening now; null where nothing. */
export function openings(
  state: RecordState,
  setups: readonly Setup[],
): { process: string; election: string; refusal: RefusalCode | null }[] {
  return [...state.processes].flatMap(([process, { elections }]) =>
    [...elections].flatMap(([election, { opening: opened }]) => {
      if (opened !== undefined) return []
      const act = admitted(state, process, () => opening(state, process, election, setups))
      return [{ process, election, refusal: typeof act === 'string' ? act : null }]
    }),
  )
}

/** An act that the record would take now, or why it would not. */
function admitted(state: RecordState, process: string, make: () => Act): Act | RefusalCode {
  try {
    const act = make()
    const stateCounter = state.processes.get(process)?.counter ?? 0
    admitUnsigned(state, { process, stateCounter, expiry: state.time, act })
    return act
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

function candidates(
  state: RecordState,
  process: string,
  { elections }: ProcessState,
  setups: readonly Setup[],
): (() => Act)[] {
  return [...elections].flatMap(([slug, election]) => [
    ...(awaitsKeygen(election) ? [() => keygen(slug, election)] : []),
    () => opening(state, process, slug, setups),
    (): Act => ({ type: 'close-election', election: slug }),
    () => publication(state, process, slug),
  ])
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

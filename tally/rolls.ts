// Electoral rolls at the gate: who joins, who leaves, and the frozen whole. SPEC 4.2, 4.4.
import { rollRootSteps, wholly } from '#circuits/roll.ts'
import { CIRCUITS } from '#circuits/sizes.ts'
import type { ActOf } from '#protocol/act.ts'
import { ensure, Refusal } from '#protocol/refusal.ts'
import type { ProcessState, RollState } from './state.ts'

export function admitCredentials(roll: RollState | undefined, act: ActOf<'add-to-roll'>): void {
  ensure(roll?.frozen === undefined, 'roll-frozen', act.roll)
  ensure((roll?.credentials.length ?? 0) + act.credentials.length <= 4 ** CIRCUITS.L.levels, 'roll-full')
  const here = new Set<bigint>()
  for (const { commitment, weight } of act.credentials) {
    ensure(weight >= 1n, 'credential-invalid', 'weight 0')
    ensure(!here.has(commitment) && !roll?.places.has(commitment), 'credential-registered')
    ensure(!roll?.removed.has(commitment), 'credential-removed')
    here.add(commitment)
  }
}

/** The first act makes the roll. */
export function applyCredentials(process: ProcessState, act: ActOf<'add-to-roll'>): void {
  const roll: RollState = process.rolls.get(act.roll) ?? {
    credentials: [],
    places: new Map(),
    removed: new Set(),
    totalWeight: 0n,
    frozen: undefined,
  }
  process.rolls.set(act.roll, roll)
  for (const credential of act.credentials) {
    roll.places.set(credential.commitment, roll.credentials.length)
    roll.credentials.push(credential)
    roll.totalWeight += credential.weight
  }
}

export function admitRemoval(roll: RollState | undefined, act: ActOf<'remove-from-roll'>): void {
  if (roll === undefined) throw new Refusal('unknown-roll', act.roll)
  ensure(roll.frozen === undefined, 'roll-frozen', act.roll)
  const here = new Set<bigint>()
  for (const commitment of act.credentials) {
    ensure(!here.has(commitment) && roll.places.has(commitment), 'credential-unknown')
    here.add(commitment)
  }
}

/** Those that stay close ranks. SPEC 4.2. */
export function applyRemoval(roll: RollState, act: ActOf<'remove-from-roll'>): void {
  for (const commitment of act.credentials) roll.removed.add(commitment)
  roll.credentials = roll.credentials.filter(({ commitment }) => !roll.removed.has(commitment))
  roll.places.clear()
  roll.totalWeight = 0n
  for (const [place, { commitment, weight }] of roll.credentials.entries()) {
    roll.places.set(commitment, place)
    roll.totalWeight += weight
  }
}

/** Who has left comes back by no list that was agreed to before. SPEC 4.4. */
export function endLists({ lists }: ProcessState, roll: string): void {
  for (const [hash, list] of lists) if (list.roll === roll) lists.delete(hash)
}

export function admitFreeze(roll: RollState | undefined, act: ActOf<'freeze-roll'>): void {
  if (roll === undefined) throw new Refusal('unknown-roll', act.roll)
  ensure(roll.frozen === undefined, 'roll-frozen', act.roll)
  const { credentials, totalWeight } = roll
  ensure(
    act.size === credentials.length && act.totalWeight === totalWeight,
    'roll-mismatch',
    'size or total weight',
  )
  ensure(act.root === rootOf(roll), 'roll-mismatch', 'root')
}

/** The root that a roll entry names: of 10 levels, of 12 where the roll is larger. SPEC 4.2. */
export function rootOf(roll: RollState): bigint {
  return knownRoot(roll) ?? wholly(rootSteps(roll))
}

/** Has the root ready for `rootOf`: on a large roll it takes seconds, in which everybody else gets a turn again and again.
 *  @param turn resolves when they have had it */
export async function prepareRoot(roll: RollState, turn: () => Promise<unknown>): Promise<void> {
  if (knownRoot(roll) !== undefined) return
  const steps = rootSteps(roll)
  for (let step = 1; steps.next().done !== true; step++) if (step % STEPS === 0) await turn()
}

function* rootSteps(roll: RollState): Generator<undefined, bigint> {
  const version = rollVersion(roll)
  const credentials = [...roll.credentials]
  const { S, L } = CIRCUITS
  const root = yield* rollRootSteps(credentials, credentials.length <= 4 ** S.levels ? S.levels : L.levels)
  roots.set(roll, { version, root })
  return root
}

function knownRoot(roll: RollState): bigint | undefined {
  const known = roots.get(roll)
  return known?.version === rollVersion(roll) ? known.root : undefined
}

/** Which of the rolls this one has been: another one after each act that changes it, for credentials join once and leave
 *  once. */
export function rollVersion({ credentials, removed }: RollState): string {
  return `${credentials.length}-${removed.size}`
}

/** Hashes between two turns of others, some ten milliseconds. */
const STEPS = 200
/** Computing one takes seconds on a large roll. */
const roots = new WeakMap<RollState, { readonly version: string; readonly root: bigint }>()

/** Throws `Refusal('unknown-roll')`. */
export function rollOf(process: ProcessState, slug: string): RollState {
  const roll = process.rolls.get(slug)
  if (roll === undefined) throw new Refusal('unknown-roll', slug)
  return roll
}

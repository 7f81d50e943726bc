// Electoral rolls at the gate: who joins, who leaves, and the frozen whole. SPEC 4.2, 4.4.
import { leaf, rollRoot } from '#circuits/roll.ts'
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
  const { credentials } = roll
  const size = credentials.length
  const known = roots.get(roll)
  const version = rollVersion(roll)
  if (known?.version === version) return known.root
  const levels = size <= 4 ** CIRCUITS.S.levels ? CIRCUITS.S.levels : CIRCUITS.L.levels
  const root = rollRoot(
    credentials.map((c) => leaf(c.commitment, c.weight)),
    levels,
  )
  roots.set(roll, { version, root })
  return root
}

/** Which of the rolls this one has been: another one after each act that changes it, for credentials join once and leave
 *  once. */
export function rollVersion({ credentials, removed }: RollState): string {
  return `${credentials.length}-${removed.size}`
}

/** Computing one takes seconds on a large roll. */
const roots = new WeakMap<RollState, { readonly version: string; readonly root: bigint }>()

/** Throws `Refusal('unknown-roll')`. */
export function rollOf(process: ProcessState, slug: string): RollState {
  const roll = process.rolls.get(slug)
  if (roll === undefined) throw new Refusal('unknown-roll', slug)
  return roll
}

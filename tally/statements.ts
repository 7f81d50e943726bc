// Statements and opinions at the gate: what people may say what they think of, and what each of them thinks now. SPEC 12.8.
import { toHex } from '#crypto/encoding.ts'
import type { ActOf } from '#protocol/act.ts'
import { seedName } from '#protocol/opinion.ts'
import type { Position } from '#protocol/position.ts'
import { ensure, Refusal } from '#protocol/refusal.ts'
import type { Deed } from '#protocol/signal.ts'
import { type Author, ensureReadable, measureOf, newContribution } from './contributions.ts'
import { wait } from './moderation.ts'
import type {
  ContributionState,
  Moment,
  ParticipationState,
  ProcessState,
  RecordState,
  StatementState,
  Thinker,
} from './state.ts'

type DeedOf<T extends Deed['type']> = Extract<Deed, { type: T }>

/** Throws `Refusal` unless people take part who could think something of these statements, and all of them are new. */
export function admitSeeds({ participation }: ProcessState, { statements }: ActOf<'seed-statements'>): void {
  if (participation === undefined) throw new Refusal('wrong-state', 'nobody takes part in this process')
  const names = statements.map((words) => toHex(seedName(words)))
  const known = names.some((name, i) => participation.statements.has(name) || names.indexOf(name) !== i)
  ensure(!known, 'already-exists', 'a statement')
}

/** Folds admitted statements of officials. */
export function applySeeds(
  state: RecordState,
  { participation }: ProcessState,
  { statements }: ActOf<'seed-statements'>,
): void {
  if (participation === undefined) throw new Error('statements were not admitted')
  const { size: index, time } = state
  for (const seed of statements)
    add(participation, { index, time, name: seedName(seed), seed, said: undefined })
}

/** Throws `Refusal` if there is such a statement of officials: a name names one. */
export function admitStatement(
  { statements }: ParticipationState,
  { text: name }: DeedOf<'statement'>,
): void {
  ensure(!statements.has(toHex(name)), 'text-recorded')
}

/** Folds an admitted statement of somebody, which waits until officials let it through. */
export function applyStatement(
  participation: ParticipationState,
  by: Author,
  text: ContributionState['texts'][number],
): void {
  const { index, time, commitment: name } = text
  const said = newContribution(by, text, true)
  participation.sayings.set(index, said)
  add(participation, { index, time, name, seed: undefined, said })
  wait(participation, index, index)
}

/** Whether people may read it and say what they think of it; the map is made of opinions on these alone. */
export function stands({ said }: StatementState): boolean {
  return said === undefined || (said.erased === undefined && measureOf(said) !== 'hide')
}

/** How many opinions of the nullifier there are. Throws `Refusal` unless this one changes what it thinks of a statement that
 *  stands. */
export function admitOpinion(
  participation: ParticipationState,
  { statement: name, position }: DeedOf<'opinion'>,
  nullifier: bigint,
): number {
  const statement = participation.statements.get(toHex(name))
  if (statement === undefined) throw new Refusal('unknown-contribution', 'no such statement')
  if (statement.said !== undefined) ensureReadable(statement.said)
  const thinker = participation.thinkers.get(nullifier)
  ensure(thinker?.positions.get(statement.number) !== position, 'wrong-state', `${position} already`)
  return thinker?.entries ?? 0
}

/** Folds an admitted opinion: it counts in the place of the one before. */
export function applyOpinion(
  { statements, thinkers, opinions }: ParticipationState,
  { statement: name, position }: DeedOf<'opinion'>,
  nullifier: bigint,
  moment: Moment,
): void {
  const statement = statements.get(toHex(name))
  if (statement === undefined) throw new Error('opinion was not admitted')
  const { number, totals } = statement
  const thinker = thinkers.get(nullifier) ?? newThinker(thinkers.size)
  thinkers.set(nullifier, thinker)
  const before: Position | undefined = thinker.positions.get(number)
  if (before !== undefined) totals[before] -= 1
  totals[position] += 1
  thinker.positions.set(number, position)
  thinker.entries += 1
  opinions.push({ ...moment, person: thinker.number, statement: number, position })
}

function newThinker(number: number): Thinker {
  return { number, entries: 0, positions: new Map() }
}

function add({ statements }: ParticipationState, statement: Omit<StatementState, 'number' | 'totals'>): void {
  const totals = { agree: 0, disagree: 0, pass: 0 }
  statements.set(toHex(statement.name), { ...statement, number: statements.size, totals })
}

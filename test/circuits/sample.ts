// Honest statements and secrets for the circuits, drawn from a seed so that every run of a test is the same.
import { createHash } from 'node:crypto'
import { FIELD_ORDER, G, multiply, ORDER, type Point } from '#crypto/babyjubjub.ts'
import {
  assignment,
  type Assignment,
  type BallotSecrets,
  type BallotStatement,
  type Coordinates,
} from '#circuits/ballot.ts'
import { ballotCommitment } from '#circuits/commitment.ts'
import { commitment, nullifier } from '#circuits/credential.ts'
import { leaf, rollTree, treePath } from '#circuits/roll.ts'
import type { RuleParameters } from '#circuits/rule.ts'
import { type BallotCircuit, CIRCUITS } from '#circuits/sizes.ts'

export interface Sample {
  statement: BallotStatement
  secrets: BallotSecrets
  input: Assignment
}

/** 0..max for the first options of the circuit, nothing else demanded. */
export function openRule(
  circuit: BallotCircuit,
  changes: Partial<RuleParameters> = {},
  options = 10,
): RuleParameters {
  const { slots } = CIRCUITS[circuit]
  const used = (x: bigint) => Array.from({ length: slots }, (_, i) => (i < options ? x : 0n))
  return {
    min: used(0n),
    max: used(5n),
    cost: used(1n),
    sumMin: 0n,
    sumMax: 5n * BigInt(options),
    countMin: 0n,
    countMax: BigInt(options),
    costMax: 10_000n,
    budgetPerWeight: 0n,
    quadratic: false,
    weighted: false,
    blank: false,
    ranking: false,
    ...changes,
  }
}

/** The values, then zeros up to the circuit's slots. */
export function fill(circuit: BallotCircuit, values: readonly bigint[]): bigint[] {
  return Array.from({ length: CIRCUITS[circuit].slots }, (_, i) => values[i] ?? 0n)
}

/** A ballot whose every part but perhaps the values is as the rule and the roll want it. */
export function sample(
  circuit: BallotCircuit,
  rule: RuleParameters,
  values: readonly bigint[],
  { weight = 3n, seed = 'sample' } = {},
): Sample {
  const random = source(`${seed}/${circuit}`)
  const voter = voterIn(CIRCUITS[circuit].levels, weight, random)
  const salt = random()
  const key = multiply(G, random() % ORDER)
  const R = random() % ORDER
  const shift = (i: number) => 1n << BigInt(20 * (i % 2))
  const a = rule.max.map((max, i) => (max === 0n ? 0n : (random() >> 126n) * shift(i)))
  const factor = rule.weighted ? weight : 1n
  const V = factor * values.reduce((sum, v, i) => sum + v * (a[i] ?? 0n), 0n)
  const scope = random()
  const statement: BallotStatement = {
    scope,
    root: voter.root,
    nullifier: nullifier(voter.secret, scope),
    t: random(),
    commitment: ballotCommitment(circuit, values, weight, salt),
    key: coordinates(key),
    d1: coordinates(multiply(G, R)),
    d2: coordinates(multiply(key, R).add(multiply(G, V % ORDER))),
    a,
    gamma: random(),
    rule,
  }
  const { secret, index, path } = voter
  const secrets = { secret, weight, index, path, values, R, salt }
  return { statement, secrets, input: assignment(circuit, statement, secrets) }
}

/** A voter in the middle of a roll of 7. */
export function voterIn(levels: number, weight: bigint, random: () => bigint) {
  const secret = random()
  const leaves = Array.from({ length: 7 }, (_, i) => leaf(commitment(i === 5 ? secret : random()), weight))
  const tree = rollTree(leaves, levels)
  return { secret, index: 5, path: treePath(tree, 5), root: tree.at(-1)?.[0] ?? 0n, leaves }
}

/** Field elements from a seed. */
export function source(seed: string): () => bigint {
  let counter = 0
  return () => BigInt('0x' + createHash('sha512').update(`${seed}/${counter++}`).digest('hex')) % FIELD_ORDER
}

export function coordinates(point: Point): Coordinates {
  const { x, y } = point.toAffine()
  return [x, y]
}

/** The inputs of the template Rule alone; values may be any integers. */
export function ruleInput(rule: RuleParameters, values: readonly bigint[], weight = 3n): Assignment {
  const circuit = values.length === CIRCUITS.S.slots ? 'S' : 'L'
  const { input } = sample(circuit, rule, fill(circuit, []), { weight })
  const names =
    'gamma target min max cost sumMin sumMax countMin countMax costMax budgetPerWeight quadratic blank'
  const picked = [...names.split(' '), 'positional', 'ranking'].map((name) => [name, input[name] ?? 0n])
  return { ...(Object.fromEntries(picked) as Assignment), values: [...values], weight }
}

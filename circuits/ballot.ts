// The statement a ballot's proof is about, its public inputs and the prover's assignment (SPEC 6.5).
// The statement is recomputed by everybody from the record; only N, com, D1 and D2 come from the voter.
import { FIELD_ORDER, ORDER } from '#crypto/babyjubjub.ts'
import type { RuleParameters } from './rule.ts'
import { type BallotCircuit, type CircuitId, CIRCUITS, COEFFICIENT_BITS } from './sizes.ts'

/** Affine coordinates of a point. */
export type Coordinates = readonly [bigint, bigint]

export interface BallotStatement {
  scope: bigint
  /** Root of the roll, of as many levels as the circuit has. */
  root: bigint
  nullifier: bigint
  /** Hash of the ballot's body to the field, from which the coefficients and gamma are drawn. */
  t: bigint
  /** com, see commitment.ts. */
  commitment: bigint
  /** The election key; in the prime-order subgroup and not its identity. */
  key: Coordinates
  /** D1 = sum rho_j 8 c1'_j and D2 = sum rho_j 8 c2'_j. */
  d1: Coordinates
  d2: Coordinates
  /** a_i = rho_j 2^(b pos) for every slot, 0 for unused ones; below 2^168. */
  a: readonly bigint[]
  gamma: bigint
  rule: RuleParameters
}

/** What only the voter's device knows. */
export interface BallotSecrets {
  secret: bigint
  weight: bigint
  /** The leaf's place in the roll. */
  index: number
  /** Three siblings a level, leaves upwards. */
  path: readonly (readonly bigint[])[]
  values: readonly bigint[]
  /** R = sum rho_j r_j mod l. */
  R: bigint
  salt: bigint
}

/** Names and values of a circuit's signals as the witness program takes them. */
export type Assignment = Record<string, bigint | bigint[] | bigint[][]>

/**
 * The proof's public inputs in the circuit's order: scope, root, nullifier, t, com, key[2], d1[2], d2[2], a[K], gamma,
 * target, min[K], max[K], cost[K], sumMin, sumMax, countMin, countMax, costMax, budgetPerWeight, quadratic, weighted,
 * blank, positional, ranking. target = prod_{i >= 1} (gamma - s_i) over the score list, 0 where there is none.
 * Throws when lengths are not the circuit's; the ranges of nullifier, com, D1 and D2 are the proof check's.
 */
export function publicInputs(circuit: BallotCircuit, statement: BallotStatement): bigint[] {
  return Object.values(publicSignals(circuit, statement)).flat()
}

/** How many public inputs a circuit's proofs have. */
export function publicInputCount(circuit: CircuitId): number {
  return circuit === 'signal' ? 4 : 24 + 4 * CIRCUITS[circuit].slots
}

/** All inputs of the witness program. Secrets that do not fit the statement make it fail, not the proof wrong. */
export function assignment(
  circuit: BallotCircuit,
  statement: BallotStatement,
  secrets: BallotSecrets,
): Assignment {
  return {
    ...publicSignals(circuit, statement),
    secret: secrets.secret,
    weight: secrets.weight,
    index: BigInt(secrets.index),
    path: secrets.path.map((siblings) => [...siblings]),
    values: [...secrets.values],
    r: signedDigits(secrets.R),
    salt: secrets.salt,
  }
}

/**
 * The circuit's form of a scalar: bits b_i with R = 2^252 + sum_{i < 251} (2 b_i - 1) 2^i mod l. These sums are the odd
 * numbers from 2^251 + 1 to 3 2^251 - 1; the range is longer than 2 l, so every residue has one.
 */
export function signedDigits(R: bigint): bigint[] {
  let odd = ((R % ORDER) + ORDER) % ORDER
  while (odd <= 1n << 251n || odd % 2n === 0n) odd += ORDER
  const bits = (odd - (1n << 252n) + (1n << 251n) - 1n) / 2n
  return Array.from({ length: 251 }, (_, i) => (bits >> BigInt(i)) & 1n)
}

/** In the order of the public inputs, which is that of the declarations in circuits/lib/ballot.circom. */
function publicSignals(
  circuit: BallotCircuit,
  statement: BallotStatement,
): Record<string, bigint | bigint[]> {
  const { slots } = CIRCUITS[circuit]
  const { a, gamma, rule } = statement
  for (const list of [a, rule.min, rule.max, rule.cost])
    if (list.length !== slots) throw new RangeError(`circuit ${circuit} has ${slots} slots`)
  if (a.some((x) => x < 0n || x >> BigInt(COEFFICIENT_BITS) !== 0n))
    throw new RangeError('a coefficient is too large')
  return {
    scope: statement.scope,
    root: statement.root,
    nullifier: statement.nullifier,
    t: statement.t,
    com: statement.commitment,
    key: [...statement.key],
    d1: [...statement.d1],
    d2: [...statement.d2],
    a: [...a],
    gamma,
    target: rule.scores ? vanishing(rule.scores, gamma) : 0n,
    min: [...rule.min],
    max: [...rule.max],
    cost: [...rule.cost],
    sumMin: rule.sumMin,
    sumMax: rule.sumMax,
    countMin: rule.countMin,
    countMax: rule.countMax,
    costMax: rule.costMax,
    budgetPerWeight: rule.budgetPerWeight,
    quadratic: BigInt(rule.quadratic),
    weighted: BigInt(rule.weighted),
    blank: BigInt(rule.blank),
    positional: BigInt(rule.scores !== undefined),
    ranking: BigInt(rule.ranking),
  }
}

/** prod (gamma - s): as a polynomial in gamma it is one with exactly these roots. */
function vanishing(roots: readonly bigint[], gamma: bigint): bigint {
  return roots.reduce(
    (product, s) => (((product * (gamma - s)) % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER,
    1n,
  )
}

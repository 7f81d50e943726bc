// Verification keys of Groth16 (SPEC 3.2): strict parsing of snarkjs's JSON, and the sanity checks without which a
// key lets anybody forge (SPEC 10.1).
import {
  decodeG1,
  decodeG2,
  equalPoints,
  type G1,
  G1_GENERATOR,
  type G2,
  G2_GENERATOR,
  isProper,
  negateG2,
} from './bn254.ts'
import { EncodingError, toHex } from './encoding.ts'
import { list, readG1, readG2 } from './snarkjs-json.ts'

/** A key as its file says it. No proof holds under a key in which `checkVerificationKey` finds a problem. */
export interface VerificationKey {
  readonly alpha: G1
  readonly beta: G2
  readonly gamma: G2
  readonly delta: G2
  /** IC_0 for the constant 1, then one point for each public input. */
  readonly ic: readonly G1[]
  /** The number of public inputs that the file states. */
  readonly publicInputs: number
}

/**
 * The key in a JSON file by snarkjs. EncodingError on other JSON, missing or unknown fields, another protocol or
 * curve, or points in any but the one form. `vk_alphabeta_12` repeats alpha and beta and is not read. Whether the
 * points are what they must be: `checkVerificationKey`.
 */
export function parseVerificationKey(text: string): VerificationKey {
  const json = parseObject(text)
  for (const field of Object.keys(json)) {
    if (!FIELDS.has(field)) throw new EncodingError('the verification key has an unknown field')
  }
  if (json['protocol'] !== 'groth16') throw new EncodingError('the verification key is not of groth16')
  if (json['curve'] !== 'bn128') throw new EncodingError('the verification key is not of bn128')
  const publicInputs = json['nPublic']
  if (typeof publicInputs !== 'number' || !Number.isInteger(publicInputs) || publicInputs < 0) {
    throw new EncodingError('the verification key has no number of public inputs')
  }
  const ic = json['IC']
  return {
    alpha: decodeG1(readG1(json['vk_alpha_1'])),
    beta: decodeG2(readG2(json['vk_beta_2'])),
    gamma: decodeG2(readG2(json['vk_gamma_2'])),
    delta: decodeG2(readG2(json['vk_delta_2'])),
    ic: list(ic, Array.isArray(ic) ? ic.length : 0).map((point) => decodeG1(readG1(point))),
    publicInputs,
  }
}

/**
 * What is wrong with a key, in sentences; empty if nothing is. Every point must be proper (on its curve, in its
 * subgroup, not neutral). The parts below are those of a key whose two phases had no contribution, or whose inputs
 * can be traded for one another:
 * - delta = +-gamma: (alpha, beta, -+sum x_i IC_i) is a proof of anything, as in the keys where phase 2 was skipped.
 * - alpha, beta or delta is a generator: its secret is 1.
 * - IC_i = +-IC_j: a proof for x_i, x_j holds for x_i + d, x_j -+ d too.
 * gamma is the generator in every key of snarkjs: its setup fixes gamma = 1 (Bowe, Gabizon, Miers 2017, section 6).
 */
export function checkVerificationKey(key: VerificationKey): string[] {
  const { alpha, beta, gamma, delta, ic, publicInputs } = key
  const problems: string[] = []
  const expect = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(problem)
  }
  for (const [name, point] of Object.entries({ alpha, beta, gamma, delta })) {
    expect(isProper(point), `${name} is off its curve, outside its subgroup or neutral`)
  }
  expect(ic.every(isProper), 'a point of IC is off its curve or neutral')
  expect(ic.length === publicInputs + 1, 'the number of IC points is not the number of public inputs plus 1')
  if (problems.length > 0) return problems
  expect(
    !equalPoints(delta, gamma) && !equalPoints(delta, negateG2(gamma)),
    'gamma = delta: phase 2 had no contribution',
  )
  expect(!equalPoints(delta, G2_GENERATOR), 'delta is the generator: phase 2 had no contribution')
  expect(!equalPoints(alpha, G1_GENERATOR), 'alpha is the generator: phase 1 had no contribution')
  expect(!equalPoints(beta, G2_GENERATOR), 'beta is the generator: phase 1 had no contribution')
  const abscissae = new Set(ic.map((point) => toHex(point.bytes.subarray(0, 32))))
  expect(abscissae.size === ic.length, 'two points of IC are equal or opposite')
  return problems
}

const FIELDS = new Set([
  'protocol',
  'curve',
  'nPublic',
  'vk_alpha_1',
  'vk_beta_2',
  'vk_gamma_2',
  'vk_delta_2',
  'vk_alphabeta_12',
  'IC',
])

function parseObject(text: string): Record<string, unknown> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new EncodingError('the verification key is not JSON')
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new EncodingError('the verification key is not a JSON object')
  }
  return json as Record<string, unknown>
}

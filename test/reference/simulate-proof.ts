// Valid Groth16 proofs without a prover, for keys whose secrets are known: any public inputs in about a millisecond.
// The secrets are the "toxic waste" of Groth 2016, section 3.2 (simulator). Never imported outside test/ (SPEC 10.3).
import mcl from 'mcl-wasm'
import { randomBytes } from 'node:crypto'
import {
  G1_GENERATOR,
  G2_GENERATOR,
  type G1,
  GROUP_ORDER,
  multiplyG1,
  negateG1,
  sumOfProductsG1,
} from '#crypto/bn254.ts'
import { bytesToBigint } from '#crypto/encoding.ts'
import { encodeProof, parseVerificationKey, type VerificationKey } from '#crypto/groth16.ts'

await mcl.init(mcl.BN_SNARK1)
const G2 = new mcl.G2()
G2.setStr(['1', ...words(G2_GENERATOR.bytes)].join(' '), 10)

/** The secrets behind a verification key, in [1, p). gamma is 1, as in every key of snarkjs. */
export interface Trapdoor {
  readonly alpha: bigint
  readonly beta: bigint
  readonly delta: bigint
}

export interface SimulatedKey {
  /** JSON text as snarkjs exports it. */
  readonly verificationKey: string
  readonly trapdoor: Trapdoor
  /** The exponents of IC. */
  readonly ic: readonly bigint[]
  /** A proof of 256 bytes that holds for just these inputs. */
  prove(inputs: readonly bigint[]): Uint8Array
  /** The same with C = c G1, 0 < c < p. */
  proveWithC(inputs: readonly bigint[], c: bigint): Uint8Array
}

/**
 * A fresh proof: A = a G1, B = b G2 for random a, b, and C = delta^-1 ((a b - alpha beta) G1 - IC_0 - sum x_i IC_i),
 * so that e(A, B) = e(alpha, beta) e(IC_0 + sum x_i IC_i, G2) e(C, delta).
 */
export function simulateProof(
  key: VerificationKey,
  { alpha, beta, delta }: Trapdoor,
  inputs: readonly bigint[],
): Uint8Array {
  if (inputs.length + 1 !== key.ic.length) throw new Error('as many inputs as the key has')
  const [a, b] = [randomExponent(), randomExponent()]
  const statement = sumOfProductsG1(key.ic, [1n, ...inputs])
  const exponent = modulo(a * b - alpha * beta)
  const d = inverse(delta)
  const c = sumOfProductsG1([G1_GENERATOR, negateG1(statement)], [modulo(exponent * d), d])
  return encodeProof({
    pi_a: g1Json(multiplyG1(G1_GENERATOR, a)),
    pi_b: g2Json(b),
    pi_c: g1Json(c),
  })
}

/** The half of a proof that does not hang on its inputs: A = a G1 and B = b G2 for random a, b. */
export interface Half {
  readonly product: bigint
  readonly pi_a: [string, string, string]
  readonly pi_b: [string, string][]
}

export function drawHalf(): Half {
  const [a, b] = [randomExponent(), randomExponent()]
  return { product: a * b, pi_a: g1Json(multiplyG1(G1_GENERATOR, a)), pi_b: g2Json(b) }
}

/** A proof from a half, where the exponents of IC are known too: C is then one multiple of the generator. */
export function completeProof(
  ic: readonly bigint[],
  { alpha, beta, delta }: Trapdoor,
  inputs: readonly bigint[],
  { product, pi_a, pi_b }: Half,
): Uint8Array {
  const statement = [1n, ...inputs].reduce((sum, x, i) => sum + x * (ic[i] ?? 0n), 0n)
  const c = modulo((product - alpha * beta - statement) * inverse(delta))
  return encodeProof({ pi_a, pi_b, pi_c: g1Json(multiplyG1(G1_GENERATOR, c)) })
}

/** Proofs for an existing key, such as one of the development setup, whose secrets are known. */
export function simulatorFor(
  verificationKey: string,
  trapdoor: Trapdoor,
): (inputs: readonly bigint[]) => Uint8Array {
  const key = parseVerificationKey(verificationKey)
  return (inputs) => simulateProof(key, trapdoor, inputs)
}

/** A random key for circuits of n public inputs, and its simulator. */
export function simulatedKey(n: number): SimulatedKey {
  const trapdoor = { alpha: randomExponent(), beta: randomExponent(), delta: randomExponent() }
  const ic = Array.from({ length: n + 1 }, randomExponent)
  const verificationKey = JSON.stringify({
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: n,
    vk_alpha_1: g1Json(multiplyG1(G1_GENERATOR, trapdoor.alpha)),
    vk_beta_2: g2Json(trapdoor.beta),
    vk_gamma_2: g2Json(1n),
    vk_delta_2: g2Json(trapdoor.delta),
    IC: ic.map((exponent) => g1Json(multiplyG1(G1_GENERATOR, exponent))),
  })
  return {
    verificationKey,
    trapdoor,
    ic,
    prove: simulatorFor(verificationKey, trapdoor),
    proveWithC(inputs, c) {
      const a = randomExponent()
      const statement = [1n, ...inputs].reduce((sum, x, i) => sum + x * (ic[i] ?? 0n), 0n)
      const product = trapdoor.alpha * trapdoor.beta + statement + c * trapdoor.delta
      return encodeProof({
        pi_a: g1Json(multiplyG1(G1_GENERATOR, a)),
        pi_b: g2Json(modulo(product * inverse(a))),
        pi_c: g1Json(multiplyG1(G1_GENERATOR, c)),
      })
    },
  }
}

/** A point as snarkjs writes it. */
export function g1Json({ bytes }: G1): [string, string, string] {
  if (bytes.every((byte) => byte === 0)) return ['0', '1', '0']
  const [x = '', y = ''] = words(bytes)
  return [x, y, '1']
}

/** Coordinates in decimal. */
function words(bytes: Uint8Array): string[] {
  return Array.from({ length: bytes.length / 32 }, (_, i) =>
    bytesToBigint(bytes.subarray(32 * i, 32 * i + 32)).toString(),
  )
}

/** k times the generator of G2 as snarkjs writes it, 0 < k < p. */
function g2Json(k: bigint): [string, string][] {
  const affine = mcl.normalize(mcl.mul(G2, scalar(k)))
  const pair = (element: ReturnType<mcl.G2['getX']>): [string, string] => [
    element.get_a().getStr(10),
    element.get_b().getStr(10),
  ]
  return [pair(affine.getX()), pair(affine.getY()), ['1', '0']]
}

/** Uniform in [1, p). */
export function randomExponent(): bigint {
  return 1n + (bytesToBigint(randomBytes(48)) % (GROUP_ORDER - 1n))
}

function modulo(value: bigint): bigint {
  return ((value % GROUP_ORDER) + GROUP_ORDER) % GROUP_ORDER
}

/** 1/k mod p. */
function inverse(k: bigint): bigint {
  return BigInt(mcl.inv(scalar(k)).getStr(10))
}

function scalar(k: bigint): mcl.Fr {
  const element = new mcl.Fr()
  element.setStr(k.toString(), 10)
  return element
}

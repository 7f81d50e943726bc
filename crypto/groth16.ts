// Groth16 proofs (Groth, EUROCRYPT 2016) over BN254 (SPEC 3.2): one at a time for the ballot box, many at once by a
// random linear combination for everybody who verifies the record.
import { randomBytes } from '@noble/hashes/utils.js'
import {
  decodeG1,
  decodeG2,
  type G1,
  type G2,
  GROUP_ORDER,
  isProper,
  multiplyG1,
  negateG1,
  pairingProductIsOne,
  sumOfProductsG1,
} from './bn254.ts'
import { bytesToBigint, concat, EncodingError } from './encoding.ts'
import { readG1, readG2 } from './snarkjs-json.ts'
import { checkVerificationKey, type VerificationKey } from './verification-key.ts'

export { checkVerificationKey, parseVerificationKey, type VerificationKey } from './verification-key.ts'

/** A proof's three points, each proper. Anybody can re-randomise a proof, so it is never an identity. */
export interface Proof {
  readonly a: G1
  readonly b: G2
  readonly c: G1
}

/** A proof's 256 bytes, and the public inputs it is claimed for. */
export interface ProofItem {
  readonly proof: Uint8Array
  readonly inputs: readonly bigint[]
}

/** A proof object of snarkjs as 256 bytes: A.x A.y B.x.c0 B.x.c1 B.y.c0 B.y.c1 C.x C.y, big-endian. EncodingError on
 *  points in any but the one form. */
export function encodeProof(proof: {
  readonly pi_a: unknown
  readonly pi_b: unknown
  readonly pi_c: unknown
}): Uint8Array {
  return concat(readG1(proof.pi_a), readG2(proof.pi_b), readG1(proof.pi_c))
}

/** The opposite of `encodeProof`, to points. EncodingError on another length, a coordinate >= q, a point off its
 *  curve or outside its subgroup, or the neutral element. */
export function decodeProof(bytes: Uint8Array): Proof {
  if (bytes.length !== 256) throw new EncodingError(`a proof has 256 bytes, not ${bytes.length}`)
  const a = decodeG1(bytes.subarray(0, 64))
  const b = decodeG2(bytes.subarray(64, 192))
  const c = decodeG1(bytes.subarray(192))
  if (![a, c, b].every(isProper)) throw new EncodingError('a point of the proof is not in its group')
  return { a, b, c }
}

/** Whether the proof holds for just these inputs: e(A, B) = e(alpha, beta) e(IC_0 + sum x_i IC_i, gamma) e(C, delta).
 *  False too for malformed proofs, inputs outside [0, p) or too few or many, and a key with problems. */
export function checkProof(key: VerificationKey, proof: Uint8Array, inputs: readonly bigint[]): boolean {
  return checkProofs(key, [{ proof, inputs }])
}

/**
 * Whether all the proofs hold; true for none. Malformed ones, and a key with problems, make it false. With weights r_k,
 * independent, non-zero, 128 bits, drawn after the batch is fixed (Bellare, Garay, Rabin, EUROCRYPT 1998):
 *   prod_k e(r_k A_k, B_k) = e((sum r_k) alpha, beta) e(sum_i (sum_k r_k x_ki) IC_i, gamma) e(sum r_k C_k, delta)
 * A batch with a false proof passes with probability below 2^-127.
 */
export function checkProofs(key: VerificationKey, items: readonly ProofItem[]): boolean {
  if (!isSound(key)) return false
  if (items.length === 0) return true
  if (!items.every(({ inputs }) => areInputs(key, inputs))) return false
  const proofs = decodeAll(items)
  if (proofs === undefined) return false
  const weights = proofs.map(randomWeight)
  const sum = weights.reduce((a, b) => a + b) % GROUP_ORDER
  const negated = (point: G1, other: G2): [G1, G2] => [negateG1(point), other]
  return pairingProductIsOne([
    ...proofs.map(({ a, b }, k): [G1, G2] => [multiplyG1(a, at(weights, k)), b]),
    negated(multiplyG1(key.alpha, sum), key.beta),
    negated(sumOfProductsG1(key.ic, [sum, ...weightedInputs(items, weights)]), key.gamma),
    negated(
      sumOfProductsG1(
        proofs.map(({ c }) => c),
        weights,
      ),
      key.delta,
    ),
  ])
}

const soundness = new WeakMap<VerificationKey, boolean>()

/** A key's checks, once. They are not left to the caller alone: under an unsound key everything could be proven. */
function isSound(key: VerificationKey): boolean {
  const sound = soundness.get(key) ?? checkVerificationKey(key).length === 0
  soundness.set(key, sound)
  return sound
}

/** x + p would be another name of x: of a nullifier, a second vote. */
function areInputs(key: VerificationKey, inputs: readonly bigint[]): boolean {
  return inputs.length === key.publicInputs && inputs.every((x) => x >= 0n && x < GROUP_ORDER)
}

function decodeAll(items: readonly ProofItem[]): Proof[] | undefined {
  try {
    return items.map(({ proof }) => decodeProof(proof))
  } catch (error) {
    if (error instanceof EncodingError) return undefined
    throw error
  }
}

/** Uniform in [1, 2^128), from the platform's generator. */
function randomWeight(): bigint {
  for (;;) {
    const weight = bytesToBigint(randomBytes(16))
    if (weight !== 0n) return weight
  }
}

/** For each input i, sum_k r_k x_ki mod p. */
function weightedInputs(items: readonly ProofItem[], weights: readonly bigint[]): bigint[] {
  const sums: bigint[] = Array.from(items[0]?.inputs ?? [], () => 0n)
  items.forEach(({ inputs }, k) => {
    const weight = at(weights, k)
    inputs.forEach((x, i) => (sums[i] = at(sums, i) + weight * x))
  })
  return sums.map((total) => total % GROUP_ORDER)
}

function at<T>(list: readonly T[], index: number): T {
  const element = list[index]
  if (element === undefined) throw new Error('index out of range')
  return element
}

// Groth16 proofs (Groth, EUROCRYPT 2016) over BN254 (SPEC 3.2): one at a time for the ballot box, many at once by a
// random linear combination for everybody who verifies the record.
import { decodeG1, decodeG2, type G1, type G2, isProper } from './bn254.ts'
import { groth16Verifier, type Item, type Verifier } from './core/groth16.ts'
import { concat, EncodingError, toHex } from './encoding.ts'
import { sha256 } from './hash.ts'
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
 * Whether all the proofs hold; true for none. Malformed ones, and a key with problems, make it false. The equation is
 * that of core/groth16.ts, with weights drawn from the platform's generator once the batch is fixed (Bellare, Garay,
 * Rabin, EUROCRYPT 1998). A batch with a false proof passes with probability below 2^-127.
 */
export function checkProofs(key: VerificationKey, items: readonly ProofItem[]): boolean {
  const verifier = verifierFor(key)
  return verifier !== undefined && verifier.check(items.map(itemOf))
}

/** The indices, ascending, of the proofs that do not hold, all of them under a key with problems. It costs one batch,
 *  and for each bad proof that only the equation notices, the loops of its group and some final exponentiations. */
export function findBadProofs(key: VerificationKey, items: readonly ProofItem[]): number[] {
  return verifierFor(key)?.findBad(items.map(itemOf)) ?? items.map((_, i) => i)
}

const judged = new WeakMap<VerificationKey, Verifier | 'unsound'>()
/** By the key's bytes: what a verifier has in the core is not given back, so that there is one however often a key is
 *  read. */
const verifiers = new Map<string, Verifier>()

/** A key's checks and tables, once. They are not left to the caller alone: under an unsound key everything could be
 *  proven. */
function verifierFor(key: VerificationKey): Verifier | undefined {
  const known = judged.get(key) ?? (checkVerificationKey(key).length > 0 ? 'unsound' : soundVerifier(key))
  judged.set(key, known)
  return known === 'unsound' ? undefined : known
}

function soundVerifier(key: VerificationKey): Verifier {
  const { alpha, beta, gamma, delta } = key
  const ic = key.ic.map(({ bytes }) => bytes)
  const id = toHex(sha256(concat(alpha.bytes, beta.bytes, gamma.bytes, delta.bytes, ...ic)))
  const points = { alpha: alpha.bytes, beta: beta.bytes, gamma: gamma.bytes, delta: delta.bytes, ic }
  const verifier = verifiers.get(id) ?? groth16Verifier(points)
  verifiers.set(id, verifier)
  return verifier
}

/** The inputs as bytes; an item that no key takes where one is not an integer of 32 bytes. The core refuses the others
 *  from p on: x + p would be another name of x: of a nullifier, a second vote. */
function itemOf({ proof, inputs }: ProofItem): Item {
  const bytes = new Uint8Array(32 * inputs.length)
  const view = new DataView(bytes.buffer)
  for (const [i, x] of inputs.entries()) {
    let rest = x
    // Stores take the low 64 bits.
    for (let word = 3; word >= 0 && rest !== 0n; word--) {
      view.setBigUint64(32 * i + 8 * word, rest)
      rest >>= 64n
    }
    if (rest !== 0n) return { proof: new Uint8Array(0), inputs: bytes }
  }
  return { proof, inputs: bytes }
}

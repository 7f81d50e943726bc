// A proof's 256 bytes as the JSON object of snarkjs, for tests that ask snarkjs (SPEC 3.2).
import { bytesToBigint } from '#crypto/encoding.ts'

export interface SnarkjsProof {
  pi_a: string[]
  pi_b: string[][]
  pi_c: string[]
  protocol: 'groth16'
  curve: 'bn128'
}

/** Judges nothing: coordinates may be of any size below 2^256. */
export function snarkjsProof(proof: Uint8Array): SnarkjsProof {
  const word = (i: number): string => bytesToBigint(proof.subarray(32 * i, 32 * i + 32)).toString()
  return {
    pi_a: [word(0), word(1), '1'],
    pi_b: [
      [word(2), word(3)],
      [word(4), word(5)],
      ['1', '0'],
    ],
    pi_c: [word(6), word(7), '1'],
    protocol: 'groth16',
    curve: 'bn128',
  }
}

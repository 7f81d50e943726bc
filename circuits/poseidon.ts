// Poseidon of a voter's secrets, over the scalar field of BN254 with circomlib's constants (SPEC 2.4): the one place where
// credentials and ballots call it. Programs under Node hash by circomlibjs, and browsers by the core, which is a tenth of
// the size; the roll is public and hashed by the core everywhere. So each implementation meets the other, and the circuit.
import { poseidon as hash } from '#poseidon'
import { FIELD_ORDER } from '#crypto/babyjubjub.ts'

/** Most elements that are hashed anywhere: a large ballot's commitment. */
const MOST = 12

/**
 * Poseidon of field elements, the first element of the final state; the capacity starts at 0.
 * Inputs outside [0, p) are our own fault and throw: a value and the value plus p must never hash alike. So do numbers of
 * inputs for which the core makes no table.
 */
export function poseidon(inputs: readonly bigint[]): bigint {
  if (inputs.length < 1 || inputs.length > MOST) throw new RangeError(`poseidon takes 1 to ${MOST} inputs`)
  for (const x of inputs) if (x < 0n || x >= FIELD_ORDER) throw new RangeError('not a field element')
  return hash(inputs)
}

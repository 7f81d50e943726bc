// Poseidon over the scalar field of BN254 with circomlib's constants (SPEC 2.4): the one place it is called.
// Grassi, Khovratovich, Rechberger, Roy, Schofnegger: "Poseidon", USENIX Security 2021; x^5, 8 full rounds.
import { buildPoseidon } from 'circomlibjs'
import { FIELD_ORDER } from '#crypto/babyjubjub.ts'
import { HASHED } from './sizes.ts'

const instance = await buildPoseidon()
const field = instance.F as { toObject(element: Uint8Array): bigint }

/**
 * Poseidon of field elements, the first element of the final state; the capacity starts at 0.
 * Inputs outside [0, p) are our own fault and throw: a value and the value plus p must never hash alike. So do numbers of
 * inputs that are hashed nowhere: the web app ships no tables for them.
 */
export function poseidon(inputs: readonly bigint[]): bigint {
  if (!HASHED.includes(inputs.length)) throw new RangeError(`poseidon takes ${HASHED.join(', ')} inputs`)
  for (const x of inputs) if (x < 0n || x >= FIELD_ORDER) throw new RangeError('not a field element')
  return field.toObject(instance([...inputs]))
}

// circomlib's own implementation of Poseidon (GPL-3.0), behind the name '#poseidon' under Node: see package.json and
// poseidon.ts. Nothing that a browser loads imports it.
import { buildPoseidon } from 'circomlibjs'

const instance = await buildPoseidon()
const field = instance.F as { toObject(element: Uint8Array): bigint }

/** Poseidon of field elements; what lies outside [0, p) is taken modulo p. */
export function poseidon(inputs: readonly bigint[]): bigint {
  return field.toObject(instance([...inputs]))
}

// SPDX-License-Identifier: MIT
// The two prime fields of BN254 (alt_bn128 of EIP-196).
import type { Field } from './limbs.ts'

/** Of the curve's coordinates: q of SPEC 3.2: 36 u^4 + 36 u^3 + 24 u^2 + 6 u + 1 with u = 4965661367192848881. */
export const COORDINATE_FIELD: Field = {
  name: 'coordinates',
  modulus: 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n,
}

/** Of the groups' order: p of SPEC 3.2: 36 u^4 + 36 u^3 + 18 u^2 + 6 u + 1. BabyJubJub's coordinates lie in it. */
export const SCALAR_FIELD: Field = {
  name: 'scalars',
  modulus: 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n,
}

// SPDX-License-Identifier: MIT
// Writes the constants of the form of BabyJubJub that source/babyjubjub.ts computes with, from EIP-2494's a and d.
import { babyjubjub } from '@noble/curves/misc.js'
import { element, RADIX } from './limbs.ts'
import { SCALAR_FIELD } from './moduli.ts'

/** The module's text. */
export function babyjubjubSource(): string {
  const { Fp } = babyjubjub.Point
  const { a, d } = babyjubjub.Point.CURVE()
  if (Fp.ORDER !== SCALAR_FIELD.modulus) throw new Error('BabyJubJub lies over another field')
  const root = Fp.sqrt(Fp.neg(a))
  // The even one of both roots, so that every build takes the same.
  const s = root % 2n === 0n ? root : Fp.neg(root)
  const dPrime = Fp.neg(Fp.div(d, a))
  const constant = (name: string, value: bigint, meaning: string) =>
    element(name, (value * RADIX) % Fp.ORDER, meaning)
  return [
    '// Constants of BabyJubJub, made by crypto/core/build/babyjubjub.ts.',
    constant('SCALE', s, "s with s^2 = -a, which makes x' = s x"),
    constant('UNSCALE', Fp.inv(s), '1/s'),
    constant('D_PRIME', dPrime, "d' = -d/a"),
    constant('TWICE_D_PRIME', Fp.add(dPrime, dPrime), "2 d'"),
  ].join('\n\n')
}

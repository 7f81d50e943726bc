// Points of the twist y^2 = x^3 + 3 / (9 + i) that are not in G2, by @noble/curves. The twist has (2 q - p) p points.
import { bn254 } from '@noble/curves/bn254.js'

const q = bn254.fields.Fp.ORDER
const p = bn254.fields.Fr.ORDER
const { Fp2 } = bn254.fields
const G2 = bn254.G2.Point
type TwistPoint = typeof G2.BASE

/** Any point of the twist: its order is almost surely no divisor of p. */
export function twistOutsider(): TwistPoint {
  const b = Fp2.div(Fp2.fromBigTuple([3n, 0n]), Fp2.fromBigTuple([9n, 1n]))
  for (let c0 = 1n; ; c0++) {
    const x = Fp2.fromBigTuple([c0, 1n])
    try {
      return G2.fromAffine({ x, y: Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), b)) })
    } catch {
      continue
    }
  }
}

/** A point of this prime order, which divides 2 q - p, out of one of the whole twist. */
export function twistOfSmallOrder(point: TwistPoint, prime: bigint): TwistPoint {
  return twistTimes(point, ((2n * q - p) / prime) * p)
}

/** k P by doubling and adding: the library's own multiplications reduce the factor modulo p. */
export function twistTimes(point: TwistPoint, k: bigint): TwistPoint {
  return Array.from(k.toString(2)).reduce((sum, bit) => {
    const double = sum.double()
    return bit === '1' ? double.add(point) : double
  }, G2.ZERO)
}

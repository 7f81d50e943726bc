// The eight points of small order of BabyJubJub, multiples of l times EIP-2494's generator of the whole curve.
import { decodePoint, O, ORDER, type Point } from '#crypto/babyjubjub.ts'
import { bigintToBytes, concat } from '#crypto/encoding.ts'

/** G of EIP-2494, of order 8 l. */
const generator = decodePoint(
  concat(
    bigintToBytes(995203441582195749578291179787384436505546430278305826713579947235728471134n, 32),
    bigintToBytes(5472060717959818805561601436314318772137091100104008585924551046643952123905n, 32),
  ),
)

const eighth = generator.multiplyUnsafe(ORDER - 1n).add(generator)

/** i T for i = 0 to 7, with T of order 8: the first is neutral, the fifth has order 2. */
export const torsion: readonly Point[] = Array.from({ length: 8 }).reduce<Point[]>(
  (points) => [...points, (points.at(-1) ?? eighth.negate()).add(eighth)],
  [],
)

if (!torsion[0]?.equals(O) || !torsion[4]?.double().equals(O) || torsion[4].equals(O)) {
  throw new Error('these are not the torsion points')
}

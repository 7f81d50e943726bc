// Points and elements as the core's tests hand them over and read them back.
import { bn254 } from '@noble/curves/bn254.js'
import { randomBytes } from 'node:crypto'
import { core } from '#crypto/core/instance.ts'
import { read } from '#crypto/core/points.ts'

type G1 = typeof bn254.G1.Point.BASE
type G2 = typeof bn254.G2.Point.BASE

/** Integers below 2^256 as 32 bytes each, big-endian. */
export function bytesOf(...words: readonly bigint[]): Uint8Array {
  return Uint8Array.from(
    Buffer.from(words.map((word) => word.toString(16).padStart(64, '0')).join(''), 'hex'),
  )
}

export function g1Bytes(point: G1): Uint8Array {
  if (point.is0()) return new Uint8Array(64)
  const { x, y } = point.toAffine()
  return bytesOf(x, y)
}

export function g2Bytes(point: G2): Uint8Array {
  const { x, y } = point.toAffine()
  return bytesOf(x.c0, x.c1, y.c0, y.c1)
}

/** Uniform in [1, p). */
export function randomScalar(): bigint {
  return 1n + (BigInt(`0x${randomBytes(48).toString('hex')}`) % (bn254.fields.Fr.ORDER - 1n))
}

const scratch = core.allocate(32)

/** The twelve coordinates of an element of Fp12 in the core. */
export function elementAt(at: number): bigint[] {
  return Array.from({ length: 12 }, (_, i) => {
    core.fpToBytes(scratch, at + 36 * i)
    return BigInt(`0x${Buffer.from(read(scratch, 32)).toString('hex')}`)
  })
}

// Points of BN254 as .zkey files keep them, as snarkjs hashes them, and as it draws them from a seed. Everywhere else
// here a point is x || y, big-endian, in G2 with c0 before c1 (64 and 128 bytes, as crypto/bn254.ts takes them).
import { chacha20orig } from '@noble/ciphers/chacha.js'
import { bn254, bn254_Fr as Fr } from '@noble/curves/bn254.js'
import { COORDINATE_ORDER, coordinates } from '#crypto/bn254.ts'
import { EncodingError, bigintToBytes, bytesToBigint, concat } from '#crypto/encoding.ts'

/** From the file's coordinates: little-endian, times 2^256 mod q (Montgomery). EncodingError if one is not below q. */
export function decodePoint(stored: Uint8Array): Uint8Array {
  return mapCoordinates(stored, (bytes) => {
    const value = bytesToBigint(Uint8Array.from(bytes).reverse())
    if (value >= COORDINATE_ORDER) throw new EncodingError('a coordinate in the file is not canonical')
    return bigintToBytes(Fp.mul(value, UNMONTGOMERY), 32)
  })
}

/** The opposite of `decodePoint`. */
export function encodePoint(point: Uint8Array): Uint8Array {
  return mapCoordinates(point, (bytes) =>
    bigintToBytes(Fp.mul(bytesToBigint(bytes), MONTGOMERY), 32).reverse(),
  )
}

/** What snarkjs's hashes take of a point: in G2 it puts c1 before c0. */
export function hashedPoint(point: Uint8Array): Uint8Array {
  if (point.length === 64) return point
  const [x0, x1, y0, y1] = [0, 32, 64, 96].map((at) => point.subarray(at, at + 32)) as [B, B, B, B]
  return concat(x1, x0, y1, y0)
}

/** k P for 0 < k < p; P must be proper (on the curve, in the subgroup, not neutral). */
export function multiplyPoint(point: Uint8Array, k: bigint): Uint8Array {
  const [x0 = 0n, x1 = 0n, y0 = 0n, y1 = 0n] = [0, 32, 64, 96].map((at) =>
    bytesToBigint(point.subarray(at, at + 32)),
  )
  if (point.length === 64) return affineG1(G1.fromAffine({ x: x0, y: x1 }).multiply(k))
  return affineG2(G2.fromAffine({ x: Fp2.fromBigTuple([x0, x1]), y: Fp2.fromBigTuple([y0, y1]) }).multiply(k))
}

/**
 * snarkjs's generator of field elements and points from 32 bytes (ChaCha20 with a zero nonce, ffjavascript's fromRng).
 * The points' discrete logarithms are known to nobody.
 */
export class Draw {
  readonly #words: DataView
  #at = 0

  constructor(seed: Uint8Array) {
    // ffjavascript reads the seed as big-endian words, ChaCha20 its key as little-endian ones.
    const key = new Uint8Array(32)
    for (let i = 0; i < 32; i++) key[i] = seed[(i & ~3) + 3 - (i & 3)] ?? 0
    this.#words = new DataView(chacha20orig(key, new Uint8Array(8), new Uint8Array(STREAM)).buffer)
  }

  /** A scalar in [0, p). */
  scalar(): bigint {
    return Fr.div(this.#below(Fr.ORDER), 1n << 256n)
  }

  /** A point of G1. */
  pointG1(): Uint8Array {
    for (;;) {
      const x = this.#coordinate()
      const negative = this.#bit()
      const y = squareRoot(Fp, Fp.add(Fp.mul(Fp.sqr(x), x), 3n))
      if (y !== undefined) return coordinates(x, isNegative(y) === negative ? y : Fp.neg(y))
    }
  }

  /** A point of G2, by the cofactor from a point of the whole twist. */
  pointG2(): Uint8Array {
    for (;;) {
      const x = Fp2.fromBigTuple([this.#coordinate(), this.#coordinate()])
      const negative = this.#bit()
      const y = squareRoot(Fp2, Fp2.add(Fp2.mul(Fp2.sqr(x), x), TWIST_B))
      if (y === undefined) continue
      const sign = isNegative(y.c1 === 0n ? y.c0 : y.c1)
      return affineG2(timesCofactor(G2.fromAffine({ x, y: sign === negative ? y : Fp2.neg(y) })))
    }
  }

  #word(): number {
    if (this.#at === STREAM) throw new Error('the stream of random words is used up')
    this.#at += 4
    return this.#words.getUint32(this.#at - 4, true)
  }

  #bit(): boolean {
    return (this.#word() & 1) === 1
  }

  #coordinate(): bigint {
    return Fp.mul(this.#below(COORDINATE_ORDER), UNMONTGOMERY)
  }

  /** 254 bits, drawn again until they are below the order: four words of 64 bits, the least significant word first. */
  #below(order: bigint): bigint {
    for (;;) {
      let value = 0n
      for (let i = 0n; i < 4n; i++) {
        value |= ((BigInt(this.#word()) << 32n) | BigInt(this.#word())) << (64n * i)
      }
      value &= (1n << 254n) - 1n
      if (value < order) return value
    }
  }
}

type B = Uint8Array

const { Fp, Fp2 } = bn254.fields
const G1 = bn254.G1.Point
const G2 = bn254.G2.Point
type PointG1 = InstanceType<typeof G1>
type PointG2 = InstanceType<typeof G2>

/** 2^256 mod q and its inverse. */
const MONTGOMERY = (1n << 256n) % COORDINATE_ORDER
const UNMONTGOMERY = Fp.inv(MONTGOMERY)
/** b / (9 + u) of the twist y^2 = x^3 + 3 / (9 + u). */
const TWIST_B = Fp2.div(Fp2.fromBigTuple([3n, 0n]), Fp2.fromBigTuple([9n, 1n]))
/** Order of the twist over p: 2 q - p. */
const COFACTOR = 2n * COORDINATE_ORDER - Fr.ORDER
/** Bytes of the stream: a draw of a point of G2 needs more only with a probability below 2^-100. */
const STREAM = 1 << 14

function mapCoordinates(point: Uint8Array, map: (coordinate: Uint8Array) => Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  for (let at = 0; at < point.length; at += 32) parts.push(map(point.subarray(at, at + 32)))
  return concat(...parts)
}

/** Above (q - 1) / 2. */
function isNegative(value: bigint): boolean {
  return 2n * value > COORDINATE_ORDER - 1n
}

function squareRoot<T>(field: { sqrt(value: T): T }, value: T): T | undefined {
  try {
    return field.sqrt(value)
  } catch {
    return undefined
  }
}

/** By doubling and adding: noble multiplies by scalars below p only. */
function timesCofactor(point: PointG2): PointG2 {
  let product = point
  for (const bit of COFACTOR.toString(2).slice(1)) {
    product = product.double()
    if (bit === '1') product = product.add(point)
  }
  return product
}

function affineG1(point: PointG1): Uint8Array {
  const { x, y } = point.toAffine()
  return coordinates(x, y)
}

function affineG2(point: PointG2): Uint8Array {
  const { x, y } = point.toAffine()
  return coordinates(x.c0, x.c1, y.c0, y.c1)
}

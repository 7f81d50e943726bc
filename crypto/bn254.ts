// The groups of BN254 (alt_bn128 of EIP-196 and EIP-197) and the pairing e: G1 x G2 -> GT: decodes points strictly, and
// multiplies many pairings at once (SPEC 3.2). For public points only: the work is the core's.
import { isInG1, isInG2, pairingProductIsOne as productIsOne, sumOfProducts } from './core/points.ts'
import { bigintToBytes, bytesToBigint, concat, EncodingError, equalBytes } from './encoding.ts'

/** A point of G1 by its canonical bytes x || y, 64 zero bytes for the neutral one. It need not lie on the curve: see
 *  `isProper`. */
export interface G1 {
  readonly group: 'G1'
  readonly bytes: Uint8Array
}

/** A point of G2 by x.c0 || x.c1 || y.c0 || y.c1; otherwise as G1. */
export interface G2 {
  readonly group: 'G2'
  readonly bytes: Uint8Array
}

/** q: the order of the field of coordinates, 254 bits. Not p, the order of the groups. */
export const COORDINATE_ORDER = 21888242871839275222246405745257275088696311157297823662689037894645226208583n

/** p: the order of G1, G2 and GT, and of the circuits' field. */
export const GROUP_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n

/** The generator (1, 2). */
export const G1_GENERATOR: G1 = decodeG1(coordinates(1n, 2n))

/** The generator of G2 in EIP-197, which is snarkjs's too. */
export const G2_GENERATOR: G2 = decodeG2(
  coordinates(
    10857046999023057135944570762232829481370756359578518086990519993285655852781n,
    11559732032986387107991004021392285783925812861821192530917403151452391805634n,
    8495653923123431417604973247489272438418190587263600148770280649306958101930n,
    4082367875863433681332203403145435568316851327593401208105741076214120093531n,
  ),
)

/** Coordinates as bytes of 32 each, big-endian; Error unless each is in [0, 2^256). */
export function coordinates(...values: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(32 * values.length)
  values.forEach((value, i) => bytes.set(bigintToBytes(value, 32), 32 * i))
  return bytes
}

/**
 * x || y, 64 bytes, to a point that need not lie on the curve: see `isProper`. 64 zero bytes are the neutral element
 * (EIP-196). EncodingError on another length or a coordinate >= q.
 */
export function decodeG1(bytes: Uint8Array): G1 {
  return { group: 'G1', bytes: canonical(bytes, 64) }
}

/** x.c0 || x.c1 || y.c0 || y.c1, 128 bytes, coordinates c0 + c1 i; otherwise as `decodeG1`. */
export function decodeG2(bytes: Uint8Array): G2 {
  return { group: 'G2', bytes: canonical(bytes, 128) }
}

/** Whether the point lies on its curve, in the subgroup of order p, and is not the neutral element. */
export function isProper(point: G1 | G2): boolean {
  return point.group === 'G1' ? isInG1(point.bytes) : isInG2(point.bytes)
}

/** Whether the two are one point. */
export function equalPoints<T extends G1 | G2>(a: T, b: T): boolean {
  return equalBytes(a.bytes, b.bytes)
}

/** k P for public k in [0, p). */
export function multiplyG1(point: G1, k: bigint): G1 {
  return sumOfProductsG1([point], [k])
}

/** -P. */
export function negateG1({ bytes }: G1): G1 {
  return decodeG1(concat(bytes.subarray(0, 32), negated(bytes.subarray(32))))
}

/** -Q. */
export function negateG2({ bytes }: G2): G2 {
  return decodeG2(concat(bytes.subarray(0, 64), negated(bytes.subarray(64, 96)), negated(bytes.subarray(96))))
}

/** sum of k_i P_i for public k_i in [0, p); points may repeat, cancel and be neutral. Error on unequal lengths, a k_i out
 *  of range, or a point off the curve. */
export function sumOfProductsG1(points: readonly G1[], scalars: readonly bigint[]): G1 {
  if (scalars.some((k) => k < 0n || k >= GROUP_ORDER)) throw new Error('integer out of range')
  const sum = sumOfProducts(
    points.map(({ bytes }) => bytes),
    scalars.map((k) => bigintToBytes(k, 32)),
  )
  return { group: 'G1', bytes: sum }
}

/** Whether the product of e(P_i, Q_i) is 1, with one final exponentiation for all; false unless each point is proper or
 *  neutral. */
export function pairingProductIsOne(pairs: readonly (readonly [G1, G2])[]): boolean {
  return productIsOne(pairs.map(([p, q]) => [p.bytes, q.bytes]))
}

/** A copy, after checking the length and that each coordinate is below q. */
function canonical(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new EncodingError(`a point has ${length} bytes`)
  for (let at = 0; at < length; at += 32) {
    if (bytesToBigint(bytes.subarray(at, at + 32)) >= COORDINATE_ORDER) {
      throw new EncodingError('a coordinate is not canonical')
    }
  }
  return bytes.slice()
}

function negated(coordinate: Uint8Array): Uint8Array {
  const value = bytesToBigint(coordinate)
  return bigintToBytes(value === 0n ? 0n : COORDINATE_ORDER - value, 32)
}

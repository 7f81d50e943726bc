// The group: BabyJubJub as EIP-2494 defines it, a twisted Edwards curve over BN254's scalar field with cofactor 8,
// its prime-order subgroup of order l and generator Base8. Encodings and cofactor follow SPEC 2.2 and SPEC 2.5.
import { mulAddUnsafe, normalizeZ, pippenger } from '@noble/curves/abstract/curve.js'
import type { EdwardsPoint } from '@noble/curves/abstract/edwards.js'
import { babyjubjub } from '@noble/curves/misc.js'
import { randomBytes } from '@noble/hashes/utils.js'
import { bigintToBytes, bytesToBigint, concat, EncodingError } from './encoding.ts'

/** A point of the curve. The type does not say whether it lies in the subgroup: its decoder did. */
export type Point = EdwardsPoint

/** p: order of the field of coordinates, which is BN254's scalar field, the field of the circuits. */
export const FIELD_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n

/** l: the prime order of the subgroup, 251 bits. Scalars are integers in [0, l). */
export const ORDER = 2736030358979909402780800718157159386076813972158567259200215660948447373041n

/** The coefficients of a x^2 + y^2 = 1 + d x^2 y^2. */
export const A = 168700n
export const D = 168696n

const COFACTOR = 8n
const BASE8_X = 5299619240641551281634865583518297030282874472190772894086521144482721001553n
const BASE8_Y = 16950150798460657717958625567821834550301663161624707787222815936182638968203n

const Curve = babyjubjub.Point

/** The generator of the subgroup: Base8 of EIP-2494 (8 times its point G, which generates the whole curve). */
export const G: Point = Curve.BASE

/** Points that are known to lie in the subgroup, so that none is asked twice. */
const inSubgroup = new WeakSet<Point>([G])

/** The neutral element (0, 1). */
export const O: Point = Curve.ZERO

assertPinnedCurve()

/** Name and parameters p, a, d, l, h, G of the group, as every proof's challenge hashes them (SPEC 3.1). */
export const GROUP: Uint8Array = concat(
  new TextEncoder().encode('BabyJubJub'),
  ...[FIELD_ORDER, A, D, ORDER, COFACTOR, BASE8_X, BASE8_Y].map((n) => bigintToBytes(n, 32)),
)

/** x and y, 32 bytes big-endian each. */
export function encodePoint(point: Point): Uint8Array {
  const { x, y } = point.toAffine()
  return concat(bigintToBytes(x, 32), bigintToBytes(y, 32))
}

/**
 * 64 bytes to a point of the curve, with any torsion: for the ciphertexts of ballots alone, which mean 8 times the
 * point (SPEC 2.5). EncodingError on another length, a coordinate >= p, or a point off the curve.
 */
export function decodePoint(bytes: Uint8Array): Point {
  if (bytes.length !== 64) throw new EncodingError(`a point has 64 bytes, not ${bytes.length}`)
  const x = decodeField(bytes.subarray(0, 32))
  const y = decodeField(bytes.subarray(32))
  const x2 = (x * x) % FIELD_ORDER
  const y2 = (y * y) % FIELD_ORDER
  if ((A * x2 + y2 - 1n - D * ((x2 * y2) % FIELD_ORDER)) % FIELD_ORDER !== 0n) {
    throw new EncodingError('the point is not on the curve')
  }
  return Curve.fromAffine({ x, y })
}

/** As `decodePoint`, and EncodingError unless l P = O. Every point but a ballot's ciphertext comes through here. */
export function decodeSubgroupPoint(bytes: Uint8Array): Point {
  const point = decodePoint(bytes)
  if (!point.isTorsionFree()) throw new EncodingError('the point is not in the subgroup of prime order')
  inSubgroup.add(point)
  return point
}

/** As `decodeSubgroupPoint`, and EncodingError on the neutral element, under which nothing is secret. */
export function decodeKey(bytes: Uint8Array): Point {
  const point = decodeSubgroupPoint(bytes)
  if (point.is0()) throw new EncodingError('the neutral element is no key')
  return point
}

/** A scalar as 32 bytes big-endian. Throws Error outside [0, l). */
export function encodeScalar(scalar: bigint): Uint8Array {
  return bigintToBytes(inRange(scalar, ORDER), 32)
}

/** The opposite of `encodeScalar`; EncodingError on another length or a value >= l. 0 is a scalar. */
export function decodeScalar(bytes: Uint8Array): bigint {
  return decodeBelow(bytes, ORDER, 'scalar')
}

/** A field element as 32 bytes big-endian. Throws Error outside [0, p). */
export function encodeField(element: bigint): Uint8Array {
  return bigintToBytes(inRange(element, FIELD_ORDER), 32)
}

/** The opposite of `encodeField`; EncodingError on another length or a value >= p. */
export function decodeField(bytes: Uint8Array): bigint {
  return decodeBelow(bytes, FIELD_ORDER, 'field element')
}

/** k P for public k in [0, l), else Error; P may have torsion. Its time depends on k. */
export function multiply(point: Point, k: bigint): Point {
  return point.multiplyUnsafe(inRange(k, ORDER))
}

/**
 * k P for secret k in [0, l) and P in the subgroup, else Error. k is split afresh into two random summands at each
 * use (SPEC 9.3), so that what a multiplication of a point chosen by others leaks is independent between uses; each
 * is multiplied by a sequence of point operations that does not depend on it.
 */
export function multiplySecret(point: Point, k: bigint): Point {
  inRange(k, ORDER)
  if (!inSubgroup.has(point) && !point.isTorsionFree())
    throw new Error('a secret multiplies points of the subgroup only')
  let share = randomScalar()
  while (share === k) share = randomScalar()
  return point.multiply(share).add(point.multiply((k - share + ORDER) % ORDER))
}

/** 8 P by three doublings: "8" on a received point is never folded into a scalar mod l (SPEC 2.5). */
export function clearCofactor(point: Point): Point {
  return point.double().double().double()
}

/** A uniform scalar in [1, l) from the platform's generator. */
export function randomScalar(): bigint {
  for (;;) {
    const bytes = randomBytes(32)
    bytes[0] = (bytes[0] ?? 0) & 0x07
    const scalar = bytesToBigint(bytes)
    if (scalar !== 0n && scalar < ORDER) return scalar
  }
}

/** The same points with x and y at hand, for one inversion in all. */
export function normalize(points: readonly Point[]): Point[] {
  return normalizeZ(Curve, [...points])
}

/** 1 / k mod l, for public k of any sign. Throws Error if l divides k. */
export function invertScalar(k: bigint): bigint {
  return Curve.Fn.inv(Curve.Fn.create(k))
}

/** sum of k_i P_i for public k_i in [0, l); O for none; P_i may have torsion. Throws Error on unequal lengths. */
export function sumOfProducts(points: readonly Point[], scalars: readonly bigint[]): Point {
  if (points.length !== scalars.length) throw new Error('as many scalars as points')
  if (points.length === 0) return O
  for (const scalar of scalars) inRange(scalar, ORDER)
  const sum = points.length < PIPPENGER_FROM ? mulAddUnsafe : pippenger
  return sum(Curve, [...points], [...scalars])
}

/** Number of points from which Pippenger's buckets beat interleaved windows (measured). */
const PIPPENGER_FROM = 200

function inRange(value: bigint, bound: bigint): bigint {
  if (value < 0n || value >= bound) throw new Error('integer out of range')
  return value
}

function decodeBelow(bytes: Uint8Array, bound: bigint, name: string): bigint {
  if (bytes.length !== 32) throw new EncodingError(`a ${name} has 32 bytes, not ${bytes.length}`)
  const value = bytesToBigint(bytes)
  if (value >= bound) throw new EncodingError(`the ${name} is not canonical`)
  return value
}

/** The library once had another generator under the same name; an upgrade must not change the group unnoticed. */
function assertPinnedCurve(): void {
  const { p, n, h, a, d, Gx, Gy } = Curve.CURVE()
  const same =
    p === FIELD_ORDER &&
    n === ORDER &&
    h === COFACTOR &&
    a === A &&
    d === D &&
    Gx === BASE8_X &&
    Gy === BASE8_Y &&
    G.x === BASE8_X &&
    G.y === BASE8_Y
  if (!same) throw new Error('the curve library does not hold BabyJubJub with generator Base8')
}

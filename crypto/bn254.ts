// The pairing e: G1 x G2 -> GT on BN254 (alt_bn128 of EIP-196 and EIP-197): decodes points strictly, and multiplies
// many pairings at once (SPEC 3.2).
import type { Fp, Fp2, Fr, G1, G2 } from 'mcl-wasm'
import { bigintToBytes, bytesToBigint, EncodingError } from './encoding.ts'
import { mcl, wasm } from './mcl.ts'

export type { G1, G2 } from 'mcl-wasm'

/** q: the order of the field of coordinates, 254 bits. Not p, the order of the groups. */
export const COORDINATE_ORDER = 21888242871839275222246405745257275088696311157297823662689037894645226208583n

/** p: the order of G1, G2 and GT, and of the circuits' field. */
export const GROUP_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n

const ONE = new mcl.Fp()
ONE.setInt(1)

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
  const [x, y] = decodeCoordinates(bytes, 2)
  const point = new mcl.G1()
  if (isZero(bytes)) return point
  point.setX(x)
  point.setY(y)
  point.setZ(ONE)
  return point
}

/** x.c0 || x.c1 || y.c0 || y.c1, 128 bytes, coordinates c0 + c1 i; otherwise as `decodeG1`. */
export function decodeG2(bytes: Uint8Array): G2 {
  const [x0, x1, y0, y1] = decodeCoordinates(bytes, 4)
  const point = new mcl.G2()
  if (isZero(bytes)) return point
  point.setX(quadratic(x0, x1))
  point.setY(quadratic(y0, y1))
  point.setZ(quadratic(ONE, new mcl.Fp()))
  return point
}

/** Whether the point lies on its curve, in the subgroup of order p, and is not the neutral element. */
export function isProper(point: G1 | G2): boolean {
  return !point.isZero() && point.isValid()
}

/** k P for public k in [0, p). */
export function multiplyG1(point: G1, k: bigint): G1 {
  return mcl.mul(point, scalar(k))
}

/** -P. */
export function negateG1(point: G1): G1 {
  return mcl.neg(point)
}

/** -Q. */
export function negateG2(point: G2): G2 {
  return mcl.neg(point)
}

/**
 * sum of k_i P_i for public k_i in [0, p); points may repeat, cancel and be neutral. Error on unequal lengths. Points
 * with the same k_i are added first: most public inputs of a ballot are small numbers of its rule.
 */
export function sumOfProductsG1(points: readonly G1[], scalars: readonly bigint[]): G1 {
  if (points.length !== scalars.length) throw new Error('as many scalars as points')
  const terms = new Map<bigint, G1>()
  points.forEach((point, i) => {
    const k = scalars[i] ?? 0n
    const known = terms.get(k)
    if (k !== 0n) terms.set(k, known === undefined ? point : mcl.add(known, point))
  })
  const [factors, summands] = [[...terms.keys()].map(scalar), [...terms.values()]]
  let sum = new mcl.G1()
  for (let from = 0; from < summands.length; from += CHUNK) {
    sum = mcl.add(sum, mcl.mulVec(summands.slice(from, from + CHUNK), factors.slice(from, from + CHUNK)))
  }
  return sum
}

/** Whether the product of e(P_i, Q_i) is 1, with one final exponentiation for all. The points must be proper, or
 *  neutral; points off the curve or outside the subgroup give a meaningless answer. */
export function pairingProductIsOne(pairs: readonly (readonly [G1, G2])[]): boolean {
  let product = new mcl.GT()
  product.setInt(1)
  for (let from = 0; from < pairs.length; from += CHUNK) {
    const chunk = pairs.slice(from, from + CHUNK)
    chunk.forEach(([p, q], i) => {
      p.copyToMem(arena.g1 + i * G1_BYTES)
      q.copyToMem(arena.g2 + i * G2_BYTES)
    })
    wasm._mclBn_millerLoopVec(arena.gt, arena.g1, arena.g2, chunk.length)
    const part = new mcl.GT()
    part.copyFromMem(arena.gt)
    product = mcl.mul(product, part)
  }
  return mcl.finalExp(product).isOne()
}

/** Points handed over at a time: bounds the memory, and the library's stack of 1 MiB. */
const CHUNK = 256
const G1_BYTES = 144
const G2_BYTES = 288
const GT_BYTES = 576
const arena = {
  g1: wasm._malloc(CHUNK * G1_BYTES),
  g2: wasm._malloc(CHUNK * G2_BYTES),
  gt: wasm._malloc(GT_BYTES),
}

/** `length` coordinates of 32 bytes each, as elements of Fp. */
function decodeCoordinates(bytes: Uint8Array, length: 2): [Fp, Fp]
function decodeCoordinates(bytes: Uint8Array, length: 4): [Fp, Fp, Fp, Fp]
function decodeCoordinates(bytes: Uint8Array, length: number): Fp[] {
  if (bytes.length !== 32 * length) throw new EncodingError(`a point has ${32 * length} bytes`)
  return Array.from({ length }, (_, i) => {
    const part = bytes.subarray(32 * i, 32 * (i + 1))
    if (bytesToBigint(part) >= COORDINATE_ORDER) throw new EncodingError('a coordinate is not canonical')
    const element = new mcl.Fp()
    element.setBigEndianMod(part)
    return element
  })
}

function quadratic(c0: Fp, c1: Fp): Fp2 {
  const element = new mcl.Fp2()
  element.set_a(c0)
  element.set_b(c1)
  return element
}

function scalar(k: bigint): Fr {
  if (k < 0n || k >= GROUP_ORDER) throw new Error('integer out of range')
  const element = new mcl.Fr()
  element.setBigEndianMod(bigintToBytes(k, 32))
  return element
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}

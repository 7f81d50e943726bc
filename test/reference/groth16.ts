// Second opinion on Groth16, written from the paper and EIP-197 on @noble/curves: nothing in common with crypto/ but
// the byte format. Slow (tens of ms a proof), and it uses no batch, weight or shortcut (SPEC 3.2).
import { bn254 } from '@noble/curves/bn254.js'

const { Fp, Fp2, Fp12 } = bn254.fields
const P1 = bn254.G1.Point
const P2 = bn254.G2.Point
type Point1 = ReturnType<typeof P1.fromAffine>
type Point2 = ReturnType<typeof P2.fromAffine>

/** The points of a proof. */
export interface ReferenceProof {
  a: Point1
  b: Point2
  c: Point1
}

/** A key's points, decoded without any judgement on them. */
export interface ReferenceKey {
  alpha: Point1
  beta: Point2
  gamma: Point2
  delta: Point2
  ic: Point1[]
}

interface KeyJson {
  vk_alpha_1: string[]
  vk_beta_2: string[][]
  vk_gamma_2: string[][]
  vk_delta_2: string[][]
  IC: string[][]
}

/** Reads a verification key of snarkjs. */
export function referenceKey(text: string): ReferenceKey {
  const json = JSON.parse(text) as KeyJson
  return {
    alpha: g1(json.vk_alpha_1.map(BigInt)),
    beta: g2(json.vk_beta_2.flat().map(BigInt)),
    gamma: g2(json.vk_gamma_2.flat().map(BigInt)),
    delta: g2(json.vk_delta_2.flat().map(BigInt)),
    ic: json.IC.map((point) => g1(point.map(BigInt))),
  }
}

/** Whether 256 bytes are a proof for the inputs: every encoding, curve, subgroup and range checked. */
export function referenceCheck(text: string, proof: Uint8Array, inputs: readonly bigint[]): boolean {
  const key = referenceKey(text)
  if (proof.length !== 256 || inputs.length + 1 !== key.ic.length) return false
  if (inputs.some((x) => x < 0n || x >= bn254.fields.Fr.ORDER)) return false
  const words = Array.from({ length: 8 }, (_, i) =>
    BigInt('0x' + Buffer.from(proof.subarray(32 * i, 32 * i + 32)).toString('hex')),
  )
  if (words.some((word) => word >= Fp.ORDER)) return false
  try {
    const points = { a: g1(words.slice(0, 2)), b: g2(words.slice(2, 6)), c: g1(words.slice(6)) }
    for (const point of Object.values(points)) point.assertValidity()
    if (!points.b.isTorsionFree()) return false
    return pairingEquationHolds(key, points, inputs)
  } catch {
    return false
  }
}

/** The bare equation e(A, B) = e(alpha, beta) e(IC_0 + sum x_i IC_i, gamma) e(C, delta), with no check of the key. */
export function pairingEquationHolds(
  key: ReferenceKey,
  proof: ReferenceProof,
  inputs: readonly bigint[],
): boolean {
  const statement = key.ic.reduce((sum, point, i) => {
    const x = i === 0 ? 1n : (inputs[i - 1] ?? 0n)
    return sum.add(point.multiplyUnsafe(x))
  }, P1.ZERO)
  return pairingsAgree(key, proof, statement)
}

/** The same with the sum of the inputs as the caller has computed it. */
export function pairingsAgree(
  { alpha, beta, gamma, delta }: ReferenceKey,
  { a, b, c }: ReferenceProof,
  statement: Point1,
): boolean {
  const pairs: [Point1, Point2][] = [
    [a.negate(), b],
    [alpha, beta],
    [statement, gamma],
    [c, delta],
  ]
  const product = bn254.pairingBatch(
    pairs.filter(([p, q]) => !p.is0() && !q.is0()).map(([p, q]) => ({ g1: p, g2: q })),
  )
  return Fp12.eql(product, Fp12.ONE)
}

/** The 256 bytes of a proof. */
export function referenceEncode({ a, b, c }: ReferenceProof): Uint8Array {
  const [pa, pb, pc] = [a.toAffine(), b.toAffine(), c.toAffine()]
  const words = [pa.x, pa.y, pb.x.c0, pb.x.c1, pb.y.c0, pb.y.c1, pc.x, pc.y]
  return Uint8Array.from(
    Buffer.from(words.map((word) => word.toString(16).padStart(64, '0')).join(''), 'hex'),
  )
}

/** The points of a proof's 256 bytes. */
export function referenceDecode(proof: Uint8Array): ReferenceProof {
  const words = Array.from({ length: 8 }, (_, i) =>
    BigInt('0x' + Buffer.from(proof.subarray(32 * i, 32 * i + 32)).toString('hex')),
  )
  return { a: g1(words.slice(0, 2)), b: g2(words.slice(2, 6)), c: g1(words.slice(6)) }
}

function g1([x = 0n, y = 0n]: readonly bigint[]): Point1 {
  return P1.fromAffine({ x, y })
}

function g2([x0 = 0n, x1 = 0n, y0 = 0n, y1 = 0n]: readonly bigint[]): Point2 {
  return P2.fromAffine({ x: Fp2.fromBigTuple([x0, x1]), y: Fp2.fromBigTuple([y0, y1]) })
}

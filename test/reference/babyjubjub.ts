// BabyJubJub in big integers, straight from the definition: a x^2 + y^2 = 1 + d x^2 y^2 with the affine addition law of
// Bernstein, Birkner, Joye, Lange, Peters, "Twisted Edwards curves", 2008. Slow, and shares no code with the product.

const p = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
const a = 168700n
const d = 168696n

/** A point by its coordinates in [0, p). */
export interface Affine {
  readonly x: bigint
  readonly y: bigint
}

export const NEUTRAL: Affine = { x: 0n, y: 1n }

/** ((x1 y2 + y1 x2) / (1 + d x1 x2 y1 y2), (y1 y2 - a x1 x2) / (1 - d x1 x2 y1 y2)). */
export function add({ x: x1, y: y1 }: Affine, { x: x2, y: y2 }: Affine): Affine {
  const t = d * x1 * x2 * y1 * y2
  return { x: divide(x1 * y2 + y1 * x2, 1n + t), y: divide(y1 * y2 - a * x1 * x2, 1n - t) }
}

export function negate({ x, y }: Affine): Affine {
  return { x: mod(-x), y }
}

/** k P for k >= 0, bit by bit. */
export function multiply(point: Affine, k: bigint): Affine {
  let sum = NEUTRAL
  for (const bit of k.toString(2)) {
    sum = add(sum, sum)
    if (bit === '1') sum = add(sum, point)
  }
  return sum
}

/** sum of k_i P_i. */
export function sumOfMultiples(terms: readonly (readonly [Affine, bigint])[]): Affine {
  return terms.reduce((sum, [point, k]) => add(sum, multiply(point, k)), NEUTRAL)
}

function isOnCurve({ x, y }: Affine): boolean {
  return mod(a * x * x + y * y - 1n - d * x * x * y * y) === 0n
}

/** x || y, 32 bytes each, most significant byte first. */
export function encode({ x, y }: Affine): Uint8Array {
  return Uint8Array.from(Buffer.from([x, y].map((c) => c.toString(16).padStart(64, '0')).join(''), 'hex'))
}

/** The opposite of `encode`; undefined unless 64 bytes, both coordinates below p and the point on the curve. */
export function decode(bytes: Uint8Array): Affine | undefined {
  if (bytes.length !== 64) return undefined
  const [x, y] = [bytes.subarray(0, 32), bytes.subarray(32)].map((part) =>
    BigInt(`0x${Buffer.from(part).toString('hex')}`),
  ) as [bigint, bigint]
  return x < p && y < p && isOnCurve({ x, y }) ? { x, y } : undefined
}

function divide(numerator: bigint, denominator: bigint): bigint {
  return mod(mod(numerator) * inverse(mod(denominator)))
}

/** By Fermat's little theorem: n^(p - 2). */
function inverse(n: bigint): bigint {
  let [power, base] = [1n, n]
  for (let e = p - 2n; e > 0n; e >>= 1n) {
    if (e & 1n) power = mod(power * base)
    base = mod(base * base)
  }
  return power
}

function mod(n: bigint): bigint {
  const rest = n % p
  return rest < 0n ? rest + p : rest
}

// SPDX-License-Identifier: MIT
// Writes the inversion in a prime field: Bernstein and Yang's divsteps (CHES 2019), 29 at a time on the lowest limbs,
// as a matrix that is then applied to the whole numbers; in variable time and with the bounds of Wuille's variant for
// libsecp256k1 (doc/safegcd_implementation.md): |f|, |g| <= p and -2 p < d, e < p throughout.
import { BITS, type Field, LIMBS, limbsOf, lines, UNIT } from './limbs.ts'
import { Block, constant, loaded, product, shifted, sum, type Term } from './interval.ts'

const MASK = (1n << BigInt(BITS)) - 1n

/** The functions inverse and inverseMany. */
export function inversionSource(field: Field): string {
  return `/**
 * r = 1/a, and 0 for 0. Takes limbs up to 6 and values up to 64. Invariants modulo p, for the integer a R in [0, p):
 * d a R = f, e a R = g; at the end g = 0 and f = 1 or -1, so that d or -d is the inverse of a R.
 */
export function inverse(r: usize, a: usize): void {
  reduce(G, a)
  canonical(G, G)
  copy(F, MODULUS)
  zero(D)
  copy(E, UNIT)
  let eta: i32 = -1
  while (!isNull(G)) {
    eta = divsteps(eta, load<u32>(F), load<u32>(G))
    applyToPair()
    applyModulo()
  }
  // Times R^3 / R it is (1/a) R. All limbs of f = -1 but the top one are masked: its sign is at the top.
  if (load<i32>(F, ${4 * (LIMBS - 1)}) < 0) neg(D, D)
  mul(r, D, CUBE)
}

/** Takes 29 divsteps of the low words of f and g; leaves 2^29 times their matrix in u, v, q, r. eta is -delta. */
function divsteps(eta: i32, f: u32, g: u32): i32 {
  let u: u32 = 1, v: u32 = 0, q: u32 = 0, r: u32 = 1
  let left: i32 = ${BITS}
  for (;;) {
    const zeros = i32(ctz<u32>(g | (u32(0xffffffff) << left)))
    g >>= zeros
    u <<= zeros
    v <<= zeros
    eta -= zeros
    left -= zeros
    if (left === 0) break
    if (eta < 0) {
      eta = -eta
      let t = f
      f = g
      g = 0 - t
      t = u
      u = q
      q = 0 - t
      t = v
      v = r
      r = 0 - t
    }
    // Up to six steps at once: w = -g/f modulo 2^limit makes as many bits of g + w f zero; f (f^2 - 2) = -1/f modulo 64.
    const limit = min(eta + 1, min(left, 6))
    const w = (f * g * (f * f - 2)) & ((u32(1) << limit) - 1)
    g += f * w
    q += u * w
    r += v * w
  }
  matrixU = i32(u)
  matrixV = i32(v)
  matrixQ = i32(q)
  matrixR = i32(r)
  return eta
}

let matrixU: i32 = 0
let matrixV: i32 = 0
let matrixQ: i32 = 0
let matrixR: i32 = 0

${applyToPair()}

${applyModulo(field)}

function isNull(a: usize): bool {
  let any: i32 = 0
  for (let i: usize = 0; i < BYTES; i += 4) any |= load<i32>(a + i)
  return any === 0
}

${MANY}
const F: usize = memory.data(${4 * LIMBS})
const G: usize = memory.data(${4 * LIMBS})
const D: usize = memory.data(${4 * LIMBS})
const E: usize = memory.data(${4 * LIMBS})
const RUNNING: usize = memory.data(${4 * LIMBS})
const NEXT: usize = memory.data(${4 * LIMBS})`
}

const MANY = `/**
 * Each of \`count\` elements, \`stride\` bytes apart, to its inverse with one inversion (Montgomery's trick); 0 stays 0
 * and spoils nothing. Whether none was 0. Takes limbs up to 3; \`products\` has room for as many, BYTES apart.
 */
export function inverseMany(elements: usize, stride: usize, count: usize, products: usize): bool {
  const none = multiplyAll(elements, stride, count, products, false)
  if (!none) multiplyAll(elements, stride, count, products, true)
  inverse(RUNNING, RUNNING)
  for (let i = count; i > 0; i--) {
    const element = elements + (i - 1) * stride
    if (!none && isZero(element)) {
      zero(element)
      continue
    }
    mul(NEXT, RUNNING, element)
    mul(element, RUNNING, products + (i - 1) * BYTES)
    copy(RUNNING, NEXT)
  }
  return none
}

/** The products of all elements before each, and RUNNING that of all; whether it is not 0. */
function multiplyAll(elements: usize, stride: usize, count: usize, products: usize, withoutZeros: bool): bool {
  copy(RUNNING, ONE)
  for (let i: usize = 0; i < count; i++) {
    const element = elements + i * stride
    copy(products + i * BYTES, RUNNING)
    if (!withoutZeros || !isZero(element)) mul(RUNNING, RUNNING, element)
  }
  return !isZero(RUNNING)
}
`

/** The matrix's entries as words of 64 bits; |u| + |v| <= 2^29, and |q| + |r| too. */
function matrix(block: Block): Term[] {
  const most = 1n << BigInt(BITS)
  return ['matrixU', 'matrixV', 'matrixQ', 'matrixR'].map((name) =>
    block.name({ text: `i64(${name})`, bits: 64, low: -most, high: most }),
  )
}

/** A number's limbs: all but the top one in [0, 2^29), the top one with a sign, |number| <= 2 p. */
function limbs(block: Block, pointer: string): Term[] {
  return Array.from({ length: LIMBS }, (_, i) =>
    block.name(
      i < LIMBS - 1
        ? { ...loaded(pointer, 4 * i, 64, MASK), low: 0n }
        : loaded(pointer, 4 * i, 64, UNIT >> 4n),
    ),
  )
}

/** Stores floor(columns / 2^29), whose lowest limb must be a multiple of 2^29. */
function storeShifted(block: Block, pointer: string, columns: readonly Term[]): void {
  let carry: Term | undefined
  columns.forEach((column, i) => {
    const total = block.name(carry === undefined ? column : sum(column, carry))
    if (i > 0) {
      const low: Term = { text: `i32(${total.text}) & ${MASK}`, bits: 32, low: 0n, high: MASK }
      block.store(pointer, 4 * (i - 1), low)
    }
    carry = block.name(shifted(total, BITS))
  })
  if (carry !== undefined) block.store(pointer, 4 * (LIMBS - 1), carry)
}

/** (f, g) = (u f + v g, q f + r g) / 2^29. */
function applyToPair(): string {
  const block = new Block()
  const [u, v, q, r] = matrix(block) as [Term, Term, Term, Term]
  const [f, g] = [limbs(block, 'F'), limbs(block, 'G')]
  storeShifted(
    block,
    'F',
    f.map((limb, i) => sum(product(u, limb), product(v, g[i] ?? limb))),
  )
  storeShifted(
    block,
    'G',
    f.map((limb, i) => sum(product(q, limb), product(r, g[i] ?? limb))),
  )
  return lines(
    'function applyToPair(): void',
    'f, g = (u f + v g) / 2^29, (q f + r g) / 2^29, exactly.',
    block,
  )
}

/** The same for d and e modulo p: multiples of p are added that make the sums multiples of 2^29, and keep them above
 *  -2 p. */
function applyModulo(field: Field): string {
  const block = new Block()
  const [u, v, q, r] = matrix(block) as [Term, Term, Term, Term]
  const [d, e] = [limbs(block, 'D'), limbs(block, 'E')]
  const p = limbsOf(field.modulus).map((limb) => constant(limb, 64))
  const inverse = inverseOf(field.modulus)
  const [topD, topE] = [d[LIMBS - 1], e[LIMBS - 1]] as [Term, Term]
  const most = 1n << BigInt(BITS)
  const row = (x: Term, y: Term): Term[] => {
    // One p for each negative operand, with its factor; then as many less as make the lowest limb vanish.
    const start = block.name({
      text: `(${x.text} & (${topD.text} >> 63)) + (${y.text} & (${topE.text} >> 63))`,
      bits: 64,
      low: -most,
      high: most,
    })
    const lowest = block.name(sum(product(x, d[0] ?? x), product(y, e[0] ?? y)))
    const multiple = block.name({
      text: `${start.text} - i64((${inverse} * i32(${lowest.text}) + i32(${start.text})) & ${MASK})`,
      bits: 64,
      low: -2n * most,
      high: most,
    })
    return d.map((limb, i) =>
      sum(
        i === 0 ? lowest : sum(product(x, limb), product(y, e[i] ?? limb)),
        product(multiple, p[i] ?? limb),
      ),
    )
  }
  const [rowD, rowE] = [row(u, v), row(q, r)]
  storeShifted(block, 'D', rowD)
  storeShifted(block, 'E', rowE)
  return lines(
    'function applyModulo(): void',
    'd, e = (u d + v e) / 2^29, (q d + r e) / 2^29 modulo p.',
    block,
  )
}

/** 1/p modulo 2^29. */
function inverseOf(modulus: bigint): bigint {
  let inverse = 1n
  for (let i = 0; i < 5; i++) inverse = BigInt.asUintN(BITS, inverse * (2n - modulus * inverse))
  return inverse
}

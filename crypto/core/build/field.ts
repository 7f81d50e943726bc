// SPDX-License-Identifier: MIT
// Writes the AssemblyScript module of a prime field of 254 bits. An element is nine limbs of 29 bits, each a signed word
// of 32 bits in memory; its value v = sum limb_i 2^(29 i) stands for v / 2^261 (Montgomery, Math. Comp. 44, 1985). Values
// are redundant: additions carry nothing, and nothing is ever brought into [0, p) but by `toBytes`.
//
// Two numbers bound an element: its limbs below the top one, in units of 2^28, and its value, in units of p.
//   carried: limbs 1, as `mul`, `sqr`, `carry` and `reduce` leave it. A sum or difference of k carried ones has limbs k.
//   mul(a, b) takes limbs l_a l_b <= 9, each at most 7, and values of 32 each, and returns limbs 1, value 0.5 + |a| |b| / 169.
// Each function is emitted over intervals (interval.ts), which fails where any word could overflow.
import { inversionSource } from './inversion.ts'
import { Block, constant, difference, loaded, product, sum, type Term } from './interval.ts'
import {
  BITS,
  type Field,
  element,
  limbsOf,
  LIMBS,
  lines,
  operand,
  RADIX,
  reduceRow,
  storeCarried,
  storeReduced,
  TOP,
  UNIT,
  VALUE,
} from './limbs.ts'

/** What one multiplication takes. Any pair of limbs with this product is fine: see `multiplication`. */
const PAIRS: readonly (readonly [number, number])[] = [
  [3, 3],
  [1, 7],
  [7, 1],
  [2, 4],
  [4, 2],
]

/** The module's text. */
export function fieldSource(field: Field): string {
  const { modulus } = field
  return [
    `// The field of ${field.name}, made by crypto/core/build/field.ts.`,
    `export const BYTES: usize = ${4 * LIMBS}`,
    element('ONE', RADIX % modulus, '1 in the form of Montgomery'),
    element('SQUARE', RADIX ** 2n % modulus, 'R^2: times it, an integer comes into the form of Montgomery'),
    element('CUBE', RADIX ** 3n % modulus, 'R^3'),
    element('UNIT', 1n, 'the integer 1: times it, an element leaves the form'),
    lanes('add', 'r = a + b', (a, b) => sum(a, b)),
    lanes('sub', 'r = a - b', (a, b) => difference(a, b)),
    unary('neg', 'r = -a', (a) => difference(constant(0n, 32), a)),
    unary('double', 'r = 2 a', (a) => sum(a, a)),
    carrying(),
    reduction(field),
    multiplication(field),
    squaring(field),
    bytes(field),
    inversionSource(field),
  ].join('\n\n')
}

/** Limb by limb. Operands of up to 3 units; the sizes add up. */
function lanes(name: string, comment: string, combine: (a: Term, b: Term) => Term): string {
  const block = new Block()
  for (let i = 0; i < LIMBS; i++) {
    const [a, b] = [loaded('a', 4 * i, 32, 3n * UNIT), loaded('b', 4 * i, 32, 3n * UNIT)]
    block.store('r', 4 * i, combine(a, b))
  }
  return lines(`export function ${name}(r: usize, a: usize, b: usize): void`, comment, block)
}

function unary(name: string, comment: string, map: (a: Term) => Term): string {
  const block = new Block()
  for (let i = 0; i < LIMBS; i++) block.store('r', 4 * i, map(loaded('a', 4 * i, 32, 3n * UNIT)))
  return lines(`export function ${name}(r: usize, a: usize): void`, comment, block)
}

function carrying(): string {
  const block = new Block()
  const columns = Array.from({ length: LIMBS }, (_, i) => loaded('a', 4 * i, 32, 6n * UNIT))
  storeCarried(block, columns)
  return lines(
    'export function carry(r: usize, a: usize): void',
    'r = a with limbs of 1 unit. Takes up to 6.',
    block,
  )
}

function reduction(field: Field): string {
  const block = new Block()
  storeReduced(block, field, operand(field, 'a', { limbs: 6, value: 64 }, 64))
  return lines(
    'export function reduce(r: usize, a: usize): void',
    'r = a with limbs of 1 unit and |value| < 0.53 p. Takes limbs up to 6 and values up to 64.',
    block,
  )
}

/** r = a b / R + (at most p / 2). Operand scanning: row i adds a_i b to the columns, then drops the lowest one. */
function multiplication(field: Field): string {
  const emit = ([limbsA, limbsB]: readonly [number, number]): string => {
    const block = new Block()
    const a = operand(field, 'a', { limbs: limbsA, value: VALUE }, 64)
    const b = operand(field, 'b', { limbs: limbsB, value: VALUE }, 64).map((limb) => block.name(limb))
    let columns: Term[] = Array.from({ length: LIMBS }, () => constant(0n, 64))
    for (const limb of a) {
      const x = block.name(limb)
      const row = columns.map((column, j) => sum(column, product(x, b[j] ?? constant(0n, 64))))
      columns = [...reduceRow(block, field, row), constant(0n, 64)]
    }
    storeCarried(block, columns)
    return lines('export function mul(r: usize, a: usize, b: usize): void', 'r = a b.', block)
  }
  const [text = '', ...others] = PAIRS.map(emit)
  if (others.some((other) => other !== text)) throw new Error('the code must not depend on the sizes')
  return text
}

/** r = a^2: as `multiplication`, with each product a_i a_j taken once and doubled. Limbs up to 3, value 32. */
function squaring(field: Field): string {
  const block = new Block()
  const a = operand(field, 'a', { limbs: 3, value: VALUE }, 64).map((limb) => block.name(limb))
  const twice = a.map((limb) => block.name(sum(limb, limb)))
  let columns: Term[] = Array.from({ length: LIMBS }, () => constant(0n, 64))
  a.forEach((x, i) => {
    // Column j has weight 2^(29 (i + j)).
    const row = columns.map((column, j) => {
      const y = j === i ? x : j > i ? twice[j] : undefined
      return y === undefined ? column : sum(column, product(x, y))
    })
    columns = [...reduceRow(block, field, row), constant(0n, 64)]
  })
  storeCarried(block, columns)
  return lines('export function sqr(r: usize, a: usize): void', 'r = a^2.', block)
}

function bytes(field: Field): string {
  const words = [3n, 2n, 1n, 0n].map(
    (i) => `0x${BigInt.asUintN(64, field.modulus >> (64n * i)).toString(16)}`,
  )
  const limb = (i: number): string => {
    const [word, bit] = [Math.floor((BITS * i) / 64), (BITS * i) % 64]
    const low = `w${word} >> ${bit}`
    const high = bit + BITS > 64 && word < 3 ? ` | w${word + 1} << ${64 - bit}` : ''
    return `  store<i32>(r, i32((${low}${high}) & ${(1 << BITS) - 1}), ${4 * i})`
  }
  const word = (i: number): string =>
    Array.from({ length: LIMBS }, (_, j) => ({ j, shift: BITS * j - 64 * i }))
      .filter(({ shift }) => shift > -BITS && shift < 64)
      .map(({ j, shift }) => {
        const limb = `u64(load<u32>(EXACT, ${4 * j}))`
        return shift < 0 ? `${limb} >> ${-shift}` : `${limb} << ${shift}`
      })
      .join(' | ')
  const p = limbsOf(field.modulus)
  return `/** The integer spelt by 32 bytes, big-endian, in limbs; false and nothing stored unless it is below p. */
export function decodeInteger(r: usize, bytes: usize): bool {
  const w3 = bswap(load<u64>(bytes)), w2 = bswap(load<u64>(bytes, 8))
  const w1 = bswap(load<u64>(bytes, 16)), w0 = bswap(load<u64>(bytes, 24))
  if (!isBelow(w3, w2, w1, w0)) return false
${Array.from({ length: LIMBS }, (_, i) => limb(i)).join('\n')}
  return true
}

/** The element spelt by 32 bytes, big-endian; false and nothing stored unless they are its one canonical encoding. */
export function fromBytes(r: usize, bytes: usize): bool {
  if (!decodeInteger(r, bytes)) return false
  mul(r, r, SQUARE)
  return true
}

/** a as 32 bytes, big-endian, canonical. Takes limbs up to 7 and values up to 32. */
export function toBytes(bytes: usize, a: usize): void {
  // Out of Montgomery's form |v| <= p / 2 + 1.
  mul(EXACT, a, UNIT)
  encodeInteger(bytes, EXACT)
}

/** The integer v + p or v, whichever is in [0, p), as 32 bytes, big-endian, for |v| < p and limbs up to 3. Without a
 *  branch on v. */
export function encodeInteger(bytes: usize, v: usize): void {
  canonical(EXACT, v)
${[3, 2, 1, 0].map((i) => `  store<u64>(bytes, bswap<u64>(${word(i)}), ${24 - 8 * i})`).join('\n')}
}

/** r = v + p or v, whichever is in [0, p), limbs in [0, 2^29), for |v| < p and limbs up to 3. */
function canonical(r: usize, v: usize): void {
  const negative = unsigned(r, v) >> 31
  for (let i: usize = 0; i < BYTES; i += 4) {
    store<i32>(r + i, load<i32>(r + i) + (load<i32>(MODULUS + i) & negative))
  }
  unsigned(r, r)
}

/** r = a with limbs in [0, 2^29) except the top one, which is returned and has the value's sign. */
function unsigned(r: usize, a: usize): i32 {
  let carry: i32 = 0
  for (let i: usize = 0; i < ${4 * TOP}; i += 4) {
    carry += load<i32>(a + i)
    store<i32>(r + i, carry & ${(1 << BITS) - 1})
    carry >>= ${BITS}
  }
  carry += load<i32>(a, ${4 * TOP})
  store<i32>(r, carry, ${4 * TOP})
  return carry
}

/** Whether the four words, most significant first, make an integer below p. Without a branch on them. */
function isBelow(w3: u64, w2: u64, w1: u64, w0: u64): bool {
  let below = w0 < ${words[3] ?? ''}
  below = (w1 < ${words[2] ?? ''}) | ((w1 === ${words[2] ?? ''}) & below)
  below = (w2 < ${words[1] ?? ''}) | ((w2 === ${words[1] ?? ''}) & below)
  return (w3 < ${words[0] ?? ''}) | ((w3 === ${words[0] ?? ''}) & below)
}

/** Whether a is 0. Takes limbs up to 6 and values up to 64. After \`reduce\` only 0 itself is a multiple of p, and its
 *  balanced limbs are all 0. */
export function isZero(a: usize): bool {
  reduce(EXACT, a)
  let any: i32 = 0
  for (let i: usize = 0; i < BYTES; i += 4) any |= load<i32>(EXACT + i)
  return any === 0
}

/** Whether a = b. Takes limbs up to 3 and values up to 32. */
export function equal(a: usize, b: usize): bool {
  sub(EXACT, a, b)
  return isZero(EXACT)
}

export function copy(r: usize, a: usize): void {
  memory.copy(r, a, BYTES)
}

export function zero(r: usize): void {
  memory.fill(r, 0, BYTES)
}

const EXACT: usize = memory.data(${4 * LIMBS})
const MODULUS: usize = memory.data<i32>([${p.join(', ')}])`
}

// SPDX-License-Identifier: MIT
// What all generated arithmetic shares: elements as nine limbs of 29 bits, their sizes, carries and quotients. field.ts
// says what the sizes mean.
import {
  balanced,
  Block,
  constant,
  difference,
  loaded,
  narrowed,
  product,
  shifted,
  sum,
  type Term,
} from './interval.ts'

/** A prime field. */
export interface Field {
  readonly name: string
  readonly modulus: bigint
}

/** How large an operand may be: limbs below the top in units of 2^28, and the value in units of p. */
export interface Size {
  readonly limbs: number
  readonly value: number
}

export const LIMBS = 9
export const BITS = 29
export const TOP = LIMBS - 1
export const UNIT = 1n << BigInt(BITS - 1)
/** R of Montgomery's method. */
export const RADIX = 1n << BigInt(LIMBS * BITS)

/** The largest value, in units of p, that products take. */
export const VALUE = 32

/** The limbs of an integer, unsigned except for the top one. */
export function limbsOf(value: bigint): bigint[] {
  return Array.from({ length: LIMBS }, (_, i) =>
    i === TOP ? value >> BigInt(BITS * i) : BigInt.asUintN(BITS, value >> BigInt(BITS * i)),
  )
}

/** An operand's limbs. |v| <= value p, and the limbs below the top one make at most limbs 2^231, so the top one is at
 *  most value p / 2^232 + limbs / 2. */
export function operand(field: Field, pointer: string, size: Size, bits: 32 | 64, at = 0): Term[] {
  return Array.from({ length: LIMBS }, (_, i) => {
    const top = (BigInt(size.value) * field.modulus) / 2n ** 232n + BigInt(size.limbs) + 1n
    return loaded(pointer, at + 4 * i, bits, i === TOP ? top : BigInt(size.limbs) * UNIT)
  })
}

export function lines(head: string, comment: string, block: Block): string {
  return [`/** ${comment} */`, `${head} {`, ...block.lines.map((line) => `  ${line}`), '}'].join('\n')
}

/** Stores columns of weight 2^(29 j) as balanced limbs, the last of which takes what is left. */
export function storeCarried(block: Block, columns: readonly Term[], at = 0): void {
  const half = constant(UNIT, columns[0]?.bits ?? 64)
  let carry: Term | undefined
  columns.forEach((column, j) => {
    const total = block.name(carry === undefined ? column : sum(column, carry))
    block.store('r', at + 4 * j, j === TOP ? total : balanced(narrowed(total), BITS))
    carry = shifted(sum(total, half), BITS)
  })
}

/** Stores columns less the multiple of p nearest to their value, which the top column alone tells up to 0.02 p. */
export function storeReduced(block: Block, field: Field, columns: readonly Term[], at = 0): void {
  const p = limbsOf(field.modulus)
  // 2^36 over the top limb of p.
  const inverse = constant((1n << 36n) / ((p[TOP] ?? 0n) + 1n), 64)
  const top = columns[TOP]
  if (top === undefined) throw new Error('no top column')
  const multiple = block.name(shifted(sum(product(block.name(top), inverse), constant(1n << 35n, 64)), 36))
  storeCarried(
    block,
    columns.map((column, i) => difference(column, product(multiple, constant(p[i] ?? 0n, 64)))),
    at,
  )
}

/** -1/p modulo 2^29, as a word of 32 bits. */
function negatedInverse(modulus: bigint): Term {
  let inverse = 1n
  for (let i = 0; i < 5; i++) inverse = BigInt.asUintN(BITS, inverse * (2n - modulus * inverse))
  return constant(-BigInt.asIntN(BITS, inverse), 32)
}

/** q = -s/p modulo 2^29, balanced: s + q p is a multiple of 2^29. */
export function quotient(block: Block, field: Field, s: Term): Term {
  // Multiplied modulo 2^32 on purpose: only the low 29 bits count.
  const text = `i64(((i32(${s.text}) * ${negatedInverse(field.modulus).text}) << 3) >> 3)`
  return block.name({ text, bits: 64, low: -UNIT, high: UNIT - 1n })
}

/** A constant of the emitted module, in the form it is in memory. */
export function element(name: string, value: bigint, meaning: string): string {
  return `/** ${meaning}. */\nexport const ${name}: usize = memory.data<i32>([${limbsOf(value).join(', ')}])`
}

/** One row of Montgomery's reduction: adds the multiple q p, |q| <= 2^28, that makes the lowest column a multiple of
 *  2^29, and divides by 2^29. */
export function reduceRow(block: Block, field: Field, columns: readonly Term[]): Term[] {
  const p = limbsOf(field.modulus).map((limb) => constant(limb, 64))
  const [lowest = constant(0n, 64), ...others] = columns
  const s = block.name(lowest)
  const q = quotient(block, field, s)
  const add = (column: Term, j: number): Term => sum(column, product(q, p[j] ?? constant(0n, 64)))
  const carry = shifted(add(s, 0), BITS)
  return others.map((column, j) => block.name(sum(add(column, j + 1), ...(j === 0 ? [carry] : []))))
}

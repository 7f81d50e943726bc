// SPDX-License-Identifier: MIT
// Products of limbs before their reduction, as 17 columns of weight 2^(29 k), and the reduction that ends them: what lazy
// reduction adds up.
import { BITS, type Field, LIMBS, limbsOf, operand, quotient, storeCarried, VALUE } from './limbs.ts'
import { type Block, constant, difference, product, rewritten, shifted, sum, type Term } from './interval.ts'

/** Limbs, or columns, of both coordinates of an element of Fp2. */
export type Pair = readonly [readonly Term[], readonly Term[]]

const COLUMNS = 2 * LIMBS - 1

/** The limbs at an address; those of the second coordinate follow. */
export function pairAt(block: Block, field: Field, pointer: string, limbs: number, at = 0): Pair {
  const size = { limbs, value: VALUE }
  const load = (offset: number): Term[] => named(block, operand(field, pointer, size, 64, offset))
  return [load(at), load(at + 4 * LIMBS)]
}

/** The products of column k: all x_i y_(k-i). */
export function column(k: number, x: readonly Term[], y: readonly Term[]): Term {
  return sum(
    ...x.flatMap((limb, i) => {
      const other = y[k - i]
      return other === undefined ? [] : [product(limb, other)]
    }),
  )
}

/**
 * The columns of (x0 y0 - x1 y1) + (x0 y1 + x1 y0) i with three products of limbs (Karatsuba): the second coordinate is
 * (x0 - x1)(y1 - y0) + x0 y0 + x1 y1, in which differences carry nothing.
 */
export function productOf(block: Block, x: Pair, y: Pair): Pair {
  const minus = (a: readonly Term[], b: readonly Term[]): Term[] =>
    named(
      block,
      a.map((limb, i) => difference(limb, b[i] ?? limb)),
    )
  const [dx, dy] = [minus(x[0], x[1]), minus(y[1], y[0])]
  const [, imaginary] = valueOf(x, y)
  const columns = imaginary.map((value, k) => {
    const [low, high] = [block.name(column(k, x[0], y[0])), block.name(column(k, x[1], y[1]))]
    const cross = dx.flatMap((limb, i) =>
      dy[k - i] === undefined ? [] : [`${limb.text} * ${dy[k - i]?.text ?? ''}`],
    )
    return [
      block.name(difference(low, high)),
      block.name(rewritten([...cross, low.text, high.text].join(' + '), value)),
    ] as const
  })
  return [columns.map(([real]) => real), columns.map(([, other]) => other)]
}

/** The same columns by definition: for their intervals. */
export function valueOf(x: Pair, y: Pair): Pair {
  const columns = Array.from({ length: COLUMNS }, (_, k) => k)
  return [
    columns.map((k) => difference(column(k, x[0], y[0]), column(k, x[1], y[1]))),
    columns.map((k) => sum(column(k, x[0], y[1]), column(k, x[1], y[0]))),
  ]
}

/** The columns of x^2, given 2 x: each x_i x_j taken once. */
export function squareOf(x: readonly Term[], twice: readonly Term[]): Term[] {
  return Array.from({ length: COLUMNS }, (_, k) =>
    sum(
      ...x.flatMap((limb, i) => {
        const other = k - i === i ? limb : k - i > i ? twice[k - i] : undefined
        return other === undefined ? [] : [product(limb, other)]
      }),
    ),
  )
}

export function doubled(block: Block, x: readonly Term[]): Term[] {
  return named(
    block,
    x.map((limb) => sum(limb, limb)),
  )
}

/** x + y, named. */
export function sumOf(block: Block, x: Pair, y: Pair): Pair {
  const add = (coordinate: 0 | 1): Term[] =>
    named(
      block,
      x[coordinate].map((term, k) => sum(term, y[coordinate][k] ?? term)),
    )
  return [add(0), add(1)]
}

/** Stores the reductions of both coordinates, the second one after the first. */
export function storeProduct(block: Block, field: Field, columns: Pair, at = 0): void {
  storeReduction(block, field, columns[0], at)
  storeReduction(block, field, columns[1], at + 4 * LIMBS)
}

/** Stores Montgomery's reduction of columns. */
export function storeReduction(block: Block, field: Field, columns: readonly Term[], at: number): void {
  const p = limbsOf(field.modulus).map((limb) => constant(limb, 64))
  const quotients: Term[] = []
  const high: Term[] = []
  let carry = constant(0n, 64)
  columns.forEach((products, k) => {
    if (k > LIMBS) {
      high.push(sum(products, column(k, quotients, p)))
      return
    }
    const total = sum(products, column(k, quotients, p), carry)
    if (k === LIMBS) {
      high.push(total)
      return
    }
    const s = block.name(total)
    const q = quotient(block, field, s)
    quotients.push(q)
    carry = block.name(shifted(sum(s, product(q, p[0] ?? q)), BITS))
  })
  storeCarried(block, [...high, constant(0n, 64)], at)
}

function named(block: Block, terms: readonly Term[]): Term[] {
  return terms.map((term) => block.name(term))
}

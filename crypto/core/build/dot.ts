// SPDX-License-Identifier: MIT
// Writes the sum of products sum_k a_k b_k, with one reduction for all terms: a multiplication spends as much on
// Montgomery's reduction as on the product itself.
import { type Field, LIMBS, operand, reduceRow, storeCarried } from './limbs.ts'
import { Block, constant, product, sum, term, type Term } from './interval.ts'

/** Most terms, and what they may be: carried, with values up to 2. */
const TERMS = 13
const SIZE = { limbs: 1, value: 2 }

/** The module's text. Terms are added to columns that live through a loop, of which the intervals cover the most rounds. */
export function dotSource(field: Field): string {
  const [a, b] = [operand(field, 'a', SIZE, 64), operand(field, 'b', SIZE, 64)]
  const [x, y] = [named(a, 'x'), named(b, 'y')]
  const columns = productColumns(x, y)
  const total = columns.map(({ low, high }, j) =>
    term(`c${j}`, 64, BigInt(TERMS) * low, BigInt(TERMS) * high),
  )
  const reduced = new Block()
  let rest: readonly Term[] = total
  for (let i = 0; i < LIMBS; i++) rest = reduceRow(reduced, field, rest)
  storeCarried(reduced, [...rest, constant(0n, 64)])
  return [
    `// Sums of products in the field of ${field.name}, made by crypto/core/build/dot.ts.`,
    '',
    `/** r = sum of a_k b_k over up to ${TERMS} carried elements of values up to 2, one after the other in memory. */`,
    'export function dot(r: usize, a: usize, b: usize, count: i32): void {',
    ...total.map(({ text }) => `  let ${text}: i64 = 0`),
    `  for (; count > 0; count--, a += ${4 * LIMBS}, b += ${4 * LIMBS}) {`,
    ...a.map(({ text }, i) => `    const x${i}: i64 = ${text}`),
    ...b.map(({ text }, i) => `    const y${i}: i64 = ${text}`),
    ...columns.map(({ text }, j) => `    c${j} += ${text}`),
    '  }',
    ...reduced.lines.map((line) => `  ${line}`),
    '}',
  ].join('\n')
}

/** The columns of x y; column j has weight 2^(29 j). */
function productColumns(x: readonly Term[], y: readonly Term[]): Term[] {
  return Array.from({ length: 2 * LIMBS - 1 }, (_, j) =>
    sum(
      ...x.flatMap((limb, i) => {
        const other = y[j - i]
        return other === undefined ? [] : [product(limb, other)]
      }),
    ),
  )
}

function named(limbs: readonly Term[], name: string): Term[] {
  return limbs.map((limb, i) => ({ ...limb, text: `${name}${i}` }))
}

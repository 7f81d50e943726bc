// SPDX-License-Identifier: MIT
// Writes the sum of products sum_k a_k b_k with one reduction for all of them: a multiplication spends as much on
// Montgomery's reduction as on the product itself.
import { type Field, LIMBS, operand, reduceRow, storeCarried } from './limbs.ts'
import { Block, constant, product, sum, term, type Term } from './interval.ts'

/** Most terms, and what they may be: carried, with values up to 2. */
const TERMS = 13
const SIZE = { limbs: 1, value: 2 }

/** The module's text. */
export function dotSource(field: Field): string {
  const loads = ['a', 'b'].map((name) => operand(field, name, SIZE, 64))
  const [a, b] = loads.map((limbs, k) =>
    limbs.map((limb, i) => ({ ...limb, text: `${'ab'[k] ?? ''}${i}` })),
  ) as [Term[], Term[]]
  // Column j of a product has weight 2^(29 j).
  const columns = Array.from({ length: 2 * LIMBS - 1 }, (_, j) =>
    sum(...a.flatMap((x, i) => (b[j - i] === undefined ? [] : [product(x, b[j - i] ?? x)]))),
  )
  const total = columns.map(({ low, high }, j) =>
    term(`c${j}`, 64, BigInt(TERMS) * low, BigInt(TERMS) * high),
  )
  const reduced = new Block()
  let rest: Term[] = total
  for (let i = 0; i < LIMBS; i++) rest = reduceRow(reduced, field, rest)
  storeCarried(reduced, [...rest, constant(0n, 64)])
  return [
    `// Sums of products in the field of ${field.name}, made by crypto/core/build/dot.ts.`,
    '',
    `/** r = sum of a_k b_k over up to ${TERMS} carried elements of values up to 2, one after the other in memory. */`,
    'export function dot(r: usize, a: usize, b: usize, count: i32): void {',
    ...total.map(({ text }) => `  let ${text}: i64 = 0`),
    `  for (; count > 0; count--, a += ${4 * LIMBS}, b += ${4 * LIMBS}) {`,
    ...[a, b].flatMap((limbs, k) =>
      limbs.map(({ text }, i) => `    const ${text}: i64 = ${loads[k]?.[i]?.text ?? ''}`),
    ),
    ...total.map(({ text }, j) => `    ${text} += ${columns[j]?.text ?? ''}`),
    '  }',
    ...reduced.lines.map((line) => `  ${line}`),
    '}',
  ].join('\n')
}

// SPDX-License-Identifier: MIT
// Writes the limb arithmetic of Fp2 = Fp[i] / (i^2 + 1): pairs a0 + a1 i of 72 bytes, a0 first. Products are reduced
// once a coordinate and not once a product ("lazy reduction": Aranha et al., EUROCRYPT 2011, section 5).
// Sizes as in field.ts, for both coordinates.
import { type Field, LIMBS, lines, operand, storeCarried, storeReduced, VALUE } from './limbs.ts'
import { Block, constant, difference, product, rewritten, sum, type Term } from './interval.ts'
import {
  column,
  doubled,
  type Pair,
  pairAt,
  productOf,
  squareOf,
  storeProduct,
  storeReduction,
  sumOf,
  valueOf,
} from './products.ts'

const HALF = 4 * LIMBS

/** What one multiplication takes: limbs in units, any pair of them. */
const PAIRS: readonly (readonly [number, number])[] = [
  [2, 2],
  [2, 3],
  [3, 2],
  [1, 6],
  [6, 1],
]

/** The module's text. */
export function quadraticSource(field: Field): string {
  return [
    '// The limbs of Fp2, made by crypto/core/build/quadratic.ts.',
    `export const BYTES: usize = ${2 * HALF}`,
    lanes(field, 'add', '++', false),
    lanes(field, 'sub', '+-', false),
    lanes(field, 'neg', '-', false),
    lanes(field, 'subSub', '+--', false),
    lanes(field, 'addCarry', '++', true),
    lanes(field, 'subCarry', '+-', true),
    lanes(field, 'subSubCarry', '+--', true),
    lanes(field, 'subSubAddCarry', '+--+', true),
    reducing(field, 'reduce', '+'),
    reducing(field, 'addReduce', '++'),
    reducing(field, 'subReduce', '+-'),
    reducing(field, 'subSubReduce', '+--'),
    timesNonResidue(field),
    multiplication(field),
    squaring(field),
    sparseMultiplication(field),
    norm(field),
  ].join('\n\n')
}

const NAMES = ['a', 'b', 'c', 'd']

function head(name: string, operands: number): string {
  const names = ['r', ...NAMES.slice(0, operands)]
  return `export function ${name}(${names.map((pointer) => `${pointer}: usize`).join(', ')}): void`
}

function formula(signs: string): string {
  return Array.from(signs, (sign, i) => `${sign} ${NAMES[i] ?? ''}`)
    .join(' ')
    .replace(/^\+ /, '')
}

/** Terms with these signs, limb by limb. */
function signed(terms: readonly (readonly Term[])[], signs: string, limb: number): Term {
  return (
    terms.reduce<Term | undefined>((total, term, i) => {
      const next = term[limb] ?? constant(0n, 32)
      const start = total ?? constant(0n, next.bits)
      return signs[i] === '-' ? difference(start, next) : sum(start, next)
    }, undefined) ?? constant(0n, 32)
  )
}

/** r = the sum with these signs. Lazy sums make up to 7 units, carried ones take up to 6. */
function lanes(field: Field, name: string, signs: string, carried: boolean): string {
  const block = new Block()
  const limbs = Math.min(3, Math.floor((carried ? 6 : 7) / signs.length))
  for (const at of [0, HALF]) {
    const terms = Array.from(signs, (_, i) => operand(field, NAMES[i] ?? '', { limbs, value: VALUE }, 32, at))
    const columns = Array.from({ length: LIMBS }, (_, limb) => signed(terms, signs, limb))
    if (carried) storeCarried(block, columns, at)
    else columns.forEach((column, limb) => block.store('r', at + 4 * limb, column))
  }
  const note = `${carried ? 'carried' : 'limb by limb'}. Takes limbs up to ${limbs}.`
  return lines(head(name, signs.length), `r = ${formula(signs)}, ${note}`, block)
}

function reducing(field: Field, name: string, signs: string): string {
  const block = new Block()
  const limbs = Math.floor(6 / signs.length)
  for (const at of [0, HALF]) {
    const terms = Array.from(signs, (_, i) => operand(field, NAMES[i] ?? '', { limbs, value: VALUE }, 64, at))
    storeReduced(
      block,
      field,
      Array.from({ length: LIMBS }, (_, limb) => signed(terms, signs, limb)),
      at,
    )
  }
  return lines(head(name, signs.length), `r = ${formula(signs)}, reduced. Takes limbs up to ${limbs}.`, block)
}

/** r = (9 + i) a = (9 a0 - a1) + (a0 + 9 a1) i, reduced. */
function timesNonResidue(field: Field): string {
  const block = new Block()
  const [a0, a1] = [0, HALF].map((at) =>
    operand(field, 'a', { limbs: 6, value: VALUE }, 64, at).map((limb) => block.name(limb)),
  ) as [Term[], Term[]]
  const nine = constant(9n, 64)
  const nineTimes = (limbs: Term[], limb: number): Term => product(nine, limbs[limb] ?? nine)
  const columns = (combine: (limb: number) => Term): Term[] =>
    Array.from({ length: LIMBS }, (_, i) => combine(i))
  storeReduced(
    block,
    field,
    columns((i) => difference(nineTimes(a0, i), a1[i] ?? nine)),
    0,
  )
  storeReduced(
    block,
    field,
    columns((i) => sum(nineTimes(a1, i), a0[i] ?? nine)),
    HALF,
  )
  return lines(head('mulXi', 1), 'r = (9 + i) a, reduced. Takes limbs up to 6.', block)
}

/** r = a b. */
function multiplication(field: Field): string {
  const emit = ([limbsA, limbsB]: readonly [number, number]): string => {
    const block = new Block()
    const [a, b] = [pairAt(block, field, 'a', limbsA), pairAt(block, field, 'b', limbsB)]
    storeProduct(block, field, productOf(block, a, b))
    return lines(head('mul', 2), 'r = a b.', block)
  }
  const [text = '', ...others] = PAIRS.map(emit)
  if (others.some((other) => other !== text)) throw new Error('the code must not depend on the sizes')
  return text
}

/**
 * r = a (b + c v) in Fp6, with d = xi c at hand: a0 b + a2 d, a0 c + a1 b = (a0 + a1)(b + c) - a0 b - a1 c, a1 c + a2 b.
 * Five products and one reduction a coordinate of the result.
 */
function sparseMultiplication(field: Field): string {
  const block = new Block()
  const [a0, a1, a2] = [0, 2, 4].map((at) => pairAt(block, field, 'a', 1, at * HALF)) as [Pair, Pair, Pair]
  const [b, c, d] = ['b', 'c', 'd'].map((name) => pairAt(block, field, name, 1)) as [Pair, Pair, Pair]
  const [a0b, a1c] = [productOf(block, a0, b), productOf(block, a1, c)]
  const mixed = productOf(block, sumOf(block, a0, a1), sumOf(block, b, c))
  const [a0c, a1b] = [valueOf(a0, c), valueOf(a1, b)]
  const middle = ([0, 1] as const).map((half) =>
    mixed[half].map((term, k) => {
      const text = [term, a0b[half][k], a1c[half][k]].map((column) => column?.text ?? '').join(' - ')
      return block.name(rewritten(text, sum(a0c[half][k] ?? term, a1b[half][k] ?? term)))
    }),
  ) as unknown as Pair
  storeProduct(block, field, sumOf(block, a0b, productOf(block, a2, d)), 0)
  storeProduct(block, field, middle, 2 * HALF)
  storeProduct(block, field, sumOf(block, a1c, productOf(block, a2, b)), 4 * HALF)
  return lines(head('mulSparse', 4), 'r = a (b + c v) in Fp6, d being xi c; all operands carried.', block)
}

/** r = a0^2 + a1^2 in Fp, reduced once. */
function norm(field: Field): string {
  const block = new Block()
  const [a0, a1] = pairAt(block, field, 'a', 2)
  const [square0, square1] = [a0, a1].map((x) => squareOf(x, doubled(block, x)))
  storeReduction(
    block,
    field,
    (square0 ?? []).map((term, k) => sum(term, square1?.[k] ?? term)),
    0,
  )
  return lines(head('norm', 1), 'r = a0^2 + a1^2, in Fp. Takes limbs up to 2.', block)
}

/** r = (a0^2 - a1^2) + 2 a0 a1 i. */
function squaring(field: Field): string {
  const block = new Block()
  const [a0, a1] = pairAt(block, field, 'a', 2)
  const [twice0, twice1] = [doubled(block, a0), doubled(block, a1)]
  const [square0, square1] = [squareOf(a0, twice0), squareOf(a1, twice1)]
  storeReduction(
    block,
    field,
    square0.map((term, k) => difference(term, square1[k] ?? term)),
    0,
  )
  storeReduction(
    block,
    field,
    square0.map((_, k) => column(k, twice0, a1)),
    HALF,
  )
  return lines(head('sqr', 1), 'r = a^2. Takes limbs up to 2.', block)
}

// SPDX-License-Identifier: MIT
// Writes the limb arithmetic of Fp2 = Fp[i] / (i^2 + 1): pairs a0 + a1 i of 72 bytes, a0 first. Products are reduced
// once a coordinate and not once a product ("lazy reduction": Aranha et al., EUROCRYPT 2011, section 5).
// Sizes as in field.ts, for both coordinates.
import {
  BITS,
  type Field,
  LIMBS,
  limbsOf,
  lines,
  operand,
  quotient,
  storeCarried,
  storeReduced,
  VALUE,
} from './limbs.ts'
import { Block, constant, difference, product, rewritten, shifted, sum, type Term } from './interval.ts'

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

/** The products of column k: all x_i y_(k-i). */
function column(k: number, x: readonly Term[], y: readonly Term[]): Term {
  return sum(
    ...x.flatMap((limb, i) => {
      const other = y[k - i]
      return other === undefined ? [] : [product(limb, other)]
    }),
  )
}

/** Stores Montgomery's reduction of 17 columns. */
function storeProduct(block: Block, field: Field, columns: readonly Term[], at: number): void {
  const p = limbsOf(field.modulus).map((limb) => constant(limb, 64))
  const quotients: Term[] = []
  const high: Term[] = []
  let carry = constant(0n, 64)
  columns.forEach((products, k) => {
    const total = sum(products, column(k, quotients, p), carry)
    if (k >= LIMBS) return high.push(k === LIMBS ? total : sum(products, column(k, quotients, p)))
    const s = block.name(total)
    const q = quotient(block, field, s)
    quotients.push(q)
    carry = block.name(shifted(sum(s, product(q, p[0] ?? q)), BITS))
    return k
  })
  storeCarried(block, [...high, constant(0n, 64)], at)
}

/**
 * r = (a0 b0 - a1 b1) + (a0 b1 + a1 b0) i with three products of limbs (Karatsuba): the second coordinate is
 * (a0 - a1)(b1 - b0) + a0 b0 + a1 b1, in which differences carry nothing.
 */
function multiplication(field: Field): string {
  const emit = ([limbsA, limbsB]: readonly [number, number]): string => {
    const block = new Block()
    const named = (terms: readonly Term[]): Term[] => terms.map((term) => block.name(term))
    const [a0, a1] = [0, HALF].map((at) =>
      named(operand(field, 'a', { limbs: limbsA, value: VALUE }, 64, at)),
    ) as [Term[], Term[]]
    const [b0, b1] = [0, HALF].map((at) =>
      named(operand(field, 'b', { limbs: limbsB, value: VALUE }, 64, at)),
    ) as [Term[], Term[]]
    const minus = (x: readonly Term[], y: readonly Term[]): Term[] =>
      named(x.map((limb, i) => difference(limb, y[i] ?? limb)))
    const [da, db] = [minus(a0, a1), minus(b1, b0)]
    const [real, imaginary]: Term[][] = [[], []]
    for (let k = 0; k < 2 * LIMBS - 1; k++) {
      const [low, high] = [block.name(column(k, a0, b0)), block.name(column(k, a1, b1))]
      const value = sum(column(k, a0, b1), column(k, a1, b0))
      const cross = da.flatMap((x, i) =>
        db[k - i] === undefined ? [] : [`${x.text} * ${db[k - i]?.text ?? ''}`],
      )
      real?.push(block.name(difference(low, high)))
      imaginary?.push(block.name(rewritten([...cross, low.text, high.text].join(' + '), value)))
    }
    storeProduct(block, field, real ?? [], 0)
    storeProduct(block, field, imaginary ?? [], HALF)
    return lines(head('mul', 2), 'r = a b.', block)
  }
  const [text = '', ...others] = PAIRS.map(emit)
  if (others.some((other) => other !== text)) throw new Error('the code must not depend on the sizes')
  return text
}

/** r = (a0^2 - a1^2) + 2 a0 a1 i. */
function squaring(field: Field): string {
  const block = new Block()
  const [a0, a1] = [0, HALF].map((at) =>
    operand(field, 'a', { limbs: 2, value: VALUE }, 64, at).map((limb) => block.name(limb)),
  ) as [Term[], Term[]]
  const double = (x: readonly Term[]): Term[] => x.map((limb) => block.name(sum(limb, limb)))
  const [twice0, twice1] = [double(a0), double(a1)]
  const square = (k: number, x: readonly Term[], twice: readonly Term[]): Term =>
    sum(
      ...x.flatMap((limb, i) => {
        const other = k - i === i ? limb : k - i > i ? twice[k - i] : undefined
        return other === undefined ? [] : [product(limb, other)]
      }),
    )
  const columns = Array.from({ length: 2 * LIMBS - 1 }, (_, k) => k)
  storeProduct(
    block,
    field,
    columns.map((k) => difference(square(k, a0, twice0), square(k, a1, twice1))),
    0,
  )
  storeProduct(
    block,
    field,
    columns.map((k) => column(k, twice0, a1)),
    HALF,
  )
  return lines(head('sqr', 1), 'r = a^2. Takes limbs up to 2.', block)
}

// SPDX-License-Identifier: MIT
// Proves the lazy ranges of the hand-written sources: it runs them as they stand on sizes instead of numbers. A size is
// field.ts's: limbs in units of 2^28, value in units of q. Each function gets the largest operands its comment allows,
// every primitive checks what it is given, and the results must be within what is promised. The Miller loop, whose steps
// depend on no data, is run as a whole; everything else is straight lines, so that what calls only such functions on
// elements they returned keeps every word in range.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileFunction } from 'node:vm'
import ts from 'typescript'

interface Size {
  readonly limbs: number
  readonly value: number
}

/** What towers and curves keep in memory. */
const KEPT: Size = { limbs: 1, value: 3 }
/** Constants and decoded integers: limbs in [0, 2^29). */
const CONSTANT: Size = { limbs: 2, value: 1 }
const ELEMENT = 36
/** R / q. */
const HEADROOM = 169

type Functions = Record<string, (...operands: number[]) => unknown>

/** Throws if a primitive is given more than it takes, or a result is larger than promised.
 *  @param change what to run instead of a source, for tests of this very check */
export function checkRanges(change = (_name: string, text: string): string => text): void {
  const memory = new Model()
  const modules = new Map<string, object>([
    ['fp', primeField(memory)],
    ['fr', primeField(memory)],
    ['quadratic', quadraticField(memory)],
    ['constants', constants(memory)],
  ])
  const load = (name: string): Functions => {
    const known = modules.get(name)
    if (known !== undefined) return known as Functions
    const text = change(name, readFileSync(join(SOURCES, `${name}.ts`), 'utf8'))
    const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS } })
    const exports = {}
    modules.set(name, exports)
    const whole = (x: number): number => x
    const scope = {
      exports,
      require: (path: string) => load(path.replace(/^\.\/|\.ts$/g, '')),
      memory,
      load: memory.load,
      store: memory.store,
      usize: whole,
      i32: whole,
      u8: whole,
      max: Math.max,
    }
    const run = compileFunction(outputText, Object.keys(scope)) as (...values: unknown[]) => void
    run(...(Object.values(scope) as unknown[]))
    return exports
  }
  for (const [name, width, functions] of TOWER) checkTower(memory, name, width, functions, load(name))
  checkG1(memory, load('g1'))
  checkWeights(memory, load('weights'))
  checkLoop(memory, load('miller'), load('g2'))
}

const SOURCES = join(import.meta.dirname, '..', 'source')

/** Functions r = f(operands) that take and return kept elements, by the letters of their operands: e an element, x one
 *  of Fp, l an element of Fp2, n a power of Frobenius. */
const TOWER: readonly (readonly [string, number, Record<string, string>])[] = [
  ['fp2', 2, { mulFp: 'ex', norm: 'e', inverse: 'e', mul: 'ee', sqr: 'e', mulXi: 'e' }],
  ['fp6', 6, { mul: 'ee', mulSparse: 'ell', mulV: 'e', inverse: 'e' }],
  [
    'fp12',
    12,
    { mul: 'ee', sqr: 'e', inverse: 'e', conjugate: 'e', frobenius: 'en', sqrCyclotomic: 'e', mulLine: 'll' },
  ],
]

function checkTower(
  memory: Model,
  module: string,
  width: number,
  functions: Record<string, string>,
  exports: Functions,
): void {
  for (const [name, letters] of Object.entries(functions)) {
    const widths = { e: width, x: 1, l: 2 } as Record<string, number>
    // The line is multiplied into what the result was before.
    const r = memory.element(width)
    const operands = Array.from(letters, (letter) =>
      letter === 'n' ? 3 : memory.element(widths[letter] ?? 0),
    )
    exports[name]?.(r, ...operands)
    memory.expectKept(r, name === 'norm' ? 1 : width, `${module}.${name}`)
  }
}

function checkG1(memory: Model, g1: Functions): void {
  for (const [name, operands] of [
    ['double', 3],
    ['addAffine', 2],
    ['add', 3],
  ] as const) {
    const r = memory.element(3)
    g1[name]?.(r, memory.element(3), memory.element(operands))
    memory.expectKept(r, 3, `g1.${name}`)
  }
  const r = memory.element(2)
  g1['toAffine']?.(r, memory.element(3))
  memory.expectKept(r, 2, 'g1.toAffine')
}

/** A lane for each digit. */
function checkWeights(memory: Model, weights: Functions): void {
  const points = memory.element(32)
  memory.bytes = (at) => Math.floor(at / 32) % 16
  weights['multiply']?.(points, points, 0, 16)
  memory.bytes = undefined
  memory.expectKept(points, 32, 'weights.multiply')
}

function checkLoop(memory: Model, miller: Functions, g2: Functions): void {
  const [p, q, lines] = [memory.element(2), memory.element(4), memory.data(87 * 144)]
  g2['psi']?.(q, memory.element(4), 3)
  memory.expectKept(q, 4, 'g2.psi')
  miller['recordLines']?.(lines, p, q)
  miller['setPair']?.(0, p, q, 1)
  miller['setFixedPair']?.(0, p, lines)
  miller['loop']?.(1, 1, 1)
  memory.expectKept(miller['accumulator']?.(0) as number, 12, 'miller.loop')
}

/** A memory of sizes: one for each element that was written, at its address; and of some words. */
class Model {
  #next = ELEMENT
  readonly #sizes = new Map<number, Size>()
  readonly #words = new Map<number, number>()
  /** What a byte that was never stored holds. */
  bytes: ((at: number) => number) | undefined

  data(content: number | readonly number[]): number {
    const at = this.#next
    const length = typeof content === 'number' ? content : content.length
    this.#next += Math.ceil(length / ELEMENT) * ELEMENT
    if (typeof content === 'number') this.fill(at, 0, length)
    else content.forEach((byte, i) => this.#words.set(at + i, byte))
    return at
  }

  /** Fresh kept elements. */
  element(width: number): number {
    const at = this.data(width * ELEMENT)
    for (let i = 0; i < width; i++) this.set(at + i * ELEMENT, KEPT)
    return at
  }

  fill(at: number, _zero: number, length: number): void {
    for (let i = 0; i < length; i += ELEMENT) this.#sizes.set(at + i, { limbs: 0, value: 0 })
  }

  copy(to: number, from: number, length: number): void {
    for (let i = 0; i < length; i += ELEMENT) this.set(to + i, this.get(from + i))
  }

  get(at: number): Size {
    const size = this.#sizes.get(at)
    if (size === undefined) throw new Error(`no element at ${at}`)
    return size
  }

  set(at: number, size: Size): void {
    if (size.limbs > 7 || size.value > 300)
      throw new Error(`an element of ${size.limbs} units and ${size.value} q`)
    this.#sizes.set(at, size)
  }

  expectKept(at: number, width: number, what: string): void {
    for (let i = 0; i < width; i++) {
      const { limbs, value } = this.get(at + i * ELEMENT)
      if (limbs > KEPT.limbs || value > KEPT.value)
        throw new Error(`${what} returns ${limbs} units, ${value} q`)
    }
  }

  readonly load = (at: number, offset = 0): number =>
    this.#words.get(at + offset) ?? this.bytes?.(at + offset) ?? 0
  readonly store = (at: number, word: number, offset = 0): void => void this.#words.set(at + offset, word)
}

/** Fails where a primitive takes less. */
function expectAtMost({ limbs, value }: Size, most: Size, what: string): void {
  if (limbs > most.limbs || value > most.value) throw new Error(`${what} is given ${limbs} units, ${value} q`)
}

function total(...sizes: readonly Size[]): Size {
  return {
    limbs: sizes.reduce((sum, { limbs }) => sum + limbs, 0),
    value: sizes.reduce((sum, { value }) => sum + value, 0),
  }
}

/** The promises of field.ts. */
function primeField(memory: Model) {
  const sum = (r: number, a: number, b: number): void => memory.set(r, total(memory.get(a), memory.get(b)))
  const product = (r: number, x: Size, y: Size, what: string): void => {
    expectAtMost(
      { limbs: x.limbs * y.limbs, value: Math.max(x.value, y.value) },
      { limbs: 9, value: 32 },
      what,
    )
    memory.set(r, { limbs: 1, value: 0.51 + (x.value * y.value) / HEADROOM })
  }
  const reduced = (r: number, size: Size, what: string): void => {
    expectAtMost(size, { limbs: 6, value: 64 }, what)
    memory.set(r, { limbs: 1, value: 0.53 })
  }
  const inverse = (r: number, a: number): void => {
    expectAtMost(memory.get(a), { limbs: 6, value: 64 }, 'fp.inverse')
    memory.set(r, { limbs: 1, value: 0.53 })
  }
  return {
    BYTES: ELEMENT,
    ONE: constant(memory),
    SQUARE: constant(memory),
    UNIT: constant(memory),
    add: sum,
    sub: sum,
    neg: (r: number, a: number) => memory.set(r, memory.get(a)),
    double: (r: number, a: number) => sum(r, a, a),
    mul: (r: number, a: number, b: number) => product(r, memory.get(a), memory.get(b), 'fp.mul'),
    sqr: (r: number, a: number) => product(r, memory.get(a), memory.get(a), 'fp.sqr'),
    carry(r: number, a: number) {
      expectAtMost(memory.get(a), { limbs: 6, value: 64 }, 'fp.carry')
      memory.set(r, { limbs: 1, value: memory.get(a).value })
    },
    reduce: (r: number, a: number) => reduced(r, memory.get(a), 'fp.reduce'),
    copy: (r: number, a: number) => memory.set(r, memory.get(a)),
    zero: (r: number) => memory.fill(r, 0, ELEMENT),
    inverse,
    inverseMany(elements: number, stride: number, count: number): number {
      for (let i = 0; i < count; i++) {
        expectAtMost(memory.get(elements + i * stride), { limbs: 3, value: 32 }, 'fp.inverseMany')
        memory.set(elements + i * stride, { limbs: 1, value: 0.75 })
      }
      return 1
    },
    isZero(a: number): number {
      expectAtMost(memory.get(a), { limbs: 6, value: 64 }, 'fp.isZero')
      return 0
    },
    equal: () => 1,
    fromBytes: () => 1,
    toBytes: () => undefined,
    decodeInteger: () => 1,
  }
}

/** The promises of quadratic.ts, for both coordinates. */
function quadraticField(memory: Model) {
  type Lanes = (r: number, ...operands: number[]) => void
  const coordinates =
    (operation: Lanes): Lanes =>
    (r, ...operands) => {
      for (const at of [0, ELEMENT]) operation(r + at, ...operands.map((operand) => operand + at))
    }
  const largest = (a: number): Size => {
    const [x, y] = [memory.get(a), memory.get(a + ELEMENT)]
    return { limbs: Math.max(x.limbs, y.limbs), value: Math.max(x.value, y.value) }
  }
  const lazy = (most: number): Lanes =>
    coordinates((r, ...operands) => {
      for (const a of operands) expectAtMost(memory.get(a), { limbs: most, value: 32 }, 'a lazy sum')
      memory.set(r, total(...operands.map((a) => memory.get(a))))
    })
  const carried = (most: number): Lanes =>
    coordinates((r, ...operands) => {
      for (const a of operands) expectAtMost(memory.get(a), { limbs: most, value: 32 }, 'a carried sum')
      memory.set(r, { limbs: 1, value: total(...operands.map((a) => memory.get(a))).value })
    })
  const reduced = (most: number): Lanes =>
    coordinates((r, ...operands) => {
      for (const a of operands) expectAtMost(memory.get(a), { limbs: most, value: 32 }, 'a reduced sum')
      memory.set(r, { limbs: 1, value: 0.53 })
    })
  const product = (r: number, x: Size, y: Size, limbs: number, what: string): void => {
    expectAtMost({ limbs: x.limbs * y.limbs, value: Math.max(x.value, y.value) }, { limbs, value: 32 }, what)
    for (const at of [0, ELEMENT])
      memory.set(r + at, { limbs: 1, value: 0.51 + (2 * x.value * y.value) / HEADROOM })
  }
  return {
    BYTES: 2 * ELEMENT,
    add: lazy(3),
    sub: lazy(3),
    neg: lazy(3),
    subSub: lazy(2),
    addCarry: carried(3),
    subCarry: carried(3),
    subSubCarry: carried(2),
    subSubAddCarry: carried(1),
    reduce: reduced(6),
    addReduce: reduced(3),
    subReduce: reduced(3),
    subSubReduce: reduced(2),
    mul: (r: number, a: number, b: number) => product(r, largest(a), largest(b), 6, 'fp2.mul'),
    sqr: (r: number, a: number) => product(r, largest(a), largest(a), 4, 'fp2.sqr'),
    mulXi(r: number, a: number) {
      expectAtMost(largest(a), { limbs: 6, value: 32 }, 'fp2.mulXi')
      for (const at of [0, ELEMENT]) memory.set(r + at, { limbs: 1, value: 0.53 })
    },
  }
}

function constant(memory: Model, width = 1): number {
  const at = memory.data(width * ELEMENT)
  for (let i = 0; i < width; i++) memory.set(at + i * ELEMENT, CONSTANT)
  return at
}

function constants(memory: Model) {
  return {
    FROBENIUS_1: constant(memory, 12),
    FROBENIUS_2: constant(memory, 12),
    FROBENIUS_3: constant(memory, 12),
    THREE: constant(memory),
    TWIST_B: constant(memory, 2),
    BETA: constant(memory),
    LAMBDA: constant(memory),
  }
}

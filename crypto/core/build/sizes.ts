// SPDX-License-Identifier: MIT
// What ranges.ts runs the sources on: a memory that holds sizes instead of numbers, and in the place of every primitive of
// the generated fields its promise, which fails if it is given more than it takes.

interface Size {
  readonly limbs: number
  readonly value: number
}

/** What towers and curves keep in memory. */
export const KEPT: Size = { limbs: 1, value: 3 }
/** A sum or difference of two of them. */
export const SUM: Size = { limbs: 2, value: 6 }
/** Constants and decoded integers: limbs in [0, 2^29). */
const CONSTANT: Size = { limbs: 2, value: 1 }
export const ELEMENT = 36
/** R / q. */
const HEADROOM = 169

/** A memory of sizes: one for each element that was written, at its address; and of some words. */
export class Model {
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
export function expectAtMost({ limbs, value }: Size, most: Size, what: string): void {
  if (limbs > most.limbs || value > most.value) throw new Error(`${what} is given ${limbs} units, ${value} q`)
}

function total(...sizes: readonly Size[]): Size {
  return {
    limbs: sizes.reduce((sum, { limbs }) => sum + limbs, 0),
    value: sizes.reduce((sum, { value }) => sum + value, 0),
  }
}

/** The promises of field.ts. */
export function primeField(memory: Model) {
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
    equal(a: number, b: number): number {
      for (const at of [a, b]) expectAtMost(memory.get(at), { limbs: 3, value: 32 }, 'fp.equal')
      return 1
    },
    fromBytes(r: number): number {
      product(r, CONSTANT, CONSTANT, 'fp.fromBytes')
      return 1
    },
    toBytes: (_bytes: number, a: number) =>
      expectAtMost(memory.get(a), { limbs: 7, value: 32 }, 'fp.toBytes'),
    decodeInteger: () => 1,
    encodeInteger: (_bytes: number, v: number) =>
      expectAtMost(memory.get(v), { limbs: 3, value: 0.99 }, 'fp.encodeInteger'),
  }
}

/** The promise of dot.ts. */
export function dotProduct(memory: Model) {
  return {
    dot(r: number, a: number, b: number, count: number): void {
      let value = 0.51
      for (let at = 0; at < count * ELEMENT; at += ELEMENT) {
        const [x, y] = [memory.get(a + at), memory.get(b + at)]
        for (const size of [x, y]) expectAtMost(size, { limbs: 1, value: 2 }, 'fr.dot')
        value += (x.value * y.value) / HEADROOM
      }
      if (count > 13) throw new Error(`fr.dot is given ${count} units`)
      memory.set(r, { limbs: 1, value })
    },
  }
}

/** The promises of quadratic.ts, for both coordinates. */
export function quadraticField(memory: Model) {
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
    mulSparse(r: number, a: number, b: number, c: number, d: number) {
      const [x, y] = [[a, a + 2 * ELEMENT, a + 4 * ELEMENT].map(largest), [b, c, d].map(largest)]
      for (const operand of [...x, ...y]) expectAtMost(operand, { limbs: 1, value: 32 }, 'fp2.mulSparse')
      const value = 4 * Math.max(...x.map((size) => size.value)) * Math.max(...y.map((size) => size.value))
      for (let i = 0; i < 6; i++) memory.set(r + i * ELEMENT, { limbs: 1, value: 0.51 + value / HEADROOM })
    },
    norm(r: number, a: number) {
      expectAtMost(largest(a), { limbs: 2, value: 32 }, 'fp2.norm')
      memory.set(r, { limbs: 1, value: 0.51 + (2 * largest(a).value ** 2) / HEADROOM })
    },
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

export function constants(memory: Model) {
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

export function babyjubjubConstants(memory: Model) {
  return {
    SCALE: constant(memory),
    UNSCALE: constant(memory),
    D_PRIME: constant(memory),
    TWICE_D_PRIME: constant(memory),
  }
}

// SPDX-License-Identifier: MIT
// Integer expressions of AssemblyScript whose range is known: each operation makes the text and the interval of its
// result together, and throws where the interval leaves the machine's word. What is emitted has therefore been proven
// not to overflow for all operands within the intervals it was emitted for.

/** An expression, its word, and the least and greatest value it can have. */
export interface Term {
  readonly text: string
  readonly bits: 32 | 64
  readonly low: bigint
  readonly high: bigint
}

/** A Term after checking that its interval fits its word. */
export function term(text: string, bits: 32 | 64, low: bigint, high: bigint): Term {
  const limit = 1n << BigInt(bits - 1)
  if (low < -limit || high >= limit || low > high) {
    throw new Error(`overflow: ${text} lies in [${low}, ${high}], beyond ${bits} bits`)
  }
  return { text, bits, low, high }
}

/** A literal. */
export function constant(value: bigint, bits: 32 | 64): Term {
  return term(value < 0n ? `(${value})` : `${value}`, bits, value, value)
}

/** What is at `pointer`, 32 bits with sign, of magnitude at most `bound`. */
export function loaded(pointer: string, offset: number, bits: 32 | 64, bound: bigint): Term {
  const limit = 1n << 31n
  if (bound >= limit) throw new Error(`overflow: a limb of ${pointer} may reach ${bound}`)
  const load = `load<i32>(${pointer}, ${offset})`
  return term(bits === 64 ? `i64(${load})` : load, bits, -bound, bound)
}

/** a + b + ...; zeros vanish. */
export function sum(...terms: readonly Term[]): Term {
  const parts = terms.filter(({ low, high }) => low !== 0n || high !== 0n)
  const [first = constant(0n, terms[0]?.bits ?? 64), ...others] = parts
  return others.reduce(
    (a, b) => term(`${a.text} + ${b.text}`, same(a, b), a.low + b.low, a.high + b.high),
    first,
  )
}

/** a - b. */
export function difference(a: Term, b: Term): Term {
  return term(`${a.text} - (${b.text})`, same(a, b), a.low - b.high, a.high - b.low)
}

/** a b, for terms that are names, loads or literals. */
export function product(a: Term, b: Term): Term {
  const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]
  return term(`${a.text} * ${b.text}`, same(a, b), least(corners), greatest(corners))
}

/** floor(a / 2^n). */
export function shifted(a: Term, n: number): Term {
  return term(`((${a.text}) >> ${n})`, a.bits, a.low >> BigInt(n), a.high >> BigInt(n))
}

/** The value in [-2^(n-1), 2^(n-1)) that is congruent to a modulo 2^n. */
export function balanced(a: Term, n: number): Term {
  const half = 1n << BigInt(n - 1)
  if (a.low >= -half && a.high < half) return a
  return term(`(((${a.text}) << ${a.bits - n}) >> ${a.bits - n})`, a.bits, -half, half - 1n)
}

/** The low 32 bits, with sign: the same value where it fits, and wraps on purpose where it does not. */
export function narrowed(a: Term): Term {
  const limit = 1n << 31n
  const fits = a.low >= -limit && a.high < limit
  return term(`i32(${a.text})`, 32, fits ? a.low : -limit, fits ? a.high : limit - 1n)
}

/** The same value written otherwise: words wrap modulo 2^64 on the way, and the result is right because it fits. */
export function rewritten(text: string, value: Term): Term {
  return { ...value, text }
}

/** Statements in order, and fresh names for intermediate results. */
export class Block {
  readonly lines: string[] = []
  #names = 0

  /** Names a term, so that its text is evaluated once. */
  name(a: Term): Term {
    const text = `v${this.#names++}`
    this.lines.push(`const ${text}: i${a.bits} = ${a.text}`)
    return { ...a, text }
  }

  /** Stores a term of 32 bits; one of 64 must fit into them. */
  store(pointer: string, offset: number, a: Term): void {
    const word = a.bits === 32 ? a : term(`i32(${a.text})`, 32, a.low, a.high)
    this.lines.push(`store<i32>(${pointer}, ${word.text}, ${offset})`)
  }
}

function same(a: Term, b: Term): 32 | 64 {
  if (a.bits !== b.bits) throw new Error(`words of unlike size: ${a.text} and ${b.text}`)
  return a.bits
}

function least(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => (a < b ? a : b))
}

function greatest(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => (a > b ? a : b))
}

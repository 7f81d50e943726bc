// SPDX-License-Identifier: MIT
// The core, loaded: one instance of the WebAssembly module for each thread. It is for public data, since its speed depends
// on what it computes; nothing secret may enter it but the inputs of Poseidon, where it does not (source/poseidon.ts).
import { binary } from '#core-binary'

/** A field's functions on addresses of elements; crypto/core/build/field.ts says what sizes of elements each takes. */
export interface FieldFunctions {
  readonly add: (r: number, a: number, b: number) => void
  readonly sub: (r: number, a: number, b: number) => void
  readonly neg: (r: number, a: number) => void
  readonly double: (r: number, a: number) => void
  readonly carry: (r: number, a: number) => void
  readonly reduce: (r: number, a: number) => void
  readonly mul: (r: number, a: number, b: number) => void
  readonly sqr: (r: number, a: number) => void
  readonly isZero: (a: number) => number
  readonly equal: (a: number, b: number) => number
  readonly inverse: (r: number, a: number) => void
  readonly inverseMany: (elements: number, stride: number, count: number, products: number) => void
  readonly fromBytes: (r: number, bytes: number) => number
  readonly toBytes: (bytes: number, a: number) => void
}

/** BabyJubJub and Poseidon, on addresses; the files of the same functions in source/ say what they do. */
interface ScalarFunctions {
  readonly setNeutral: (p: number) => void
  readonly decodePoints: (operands: number, bytes: number, count: number) => number
  readonly encodePoint: (bytes: number, p: number) => void
  readonly doublePoint: (p: number) => void
  readonly addEach: (points: number, operands: number, count: number) => void
  readonly addMultiples: (
    total: number,
    operands: number,
    factors: number,
    count: number,
    width: number,
    buckets: number,
  ) => void
  readonly decodeMultiples: (multiples: number, bytes: number, count: number) => number
  readonly neighbours: (words: number, centre: number, multiples: number, pairs: number, n: number) => number
  readonly decodeElements: (elements: number, bytes: number, count: number) => number
  readonly poseidon: (hash: number, inputs: number, t: number, partial: number, table: number) => number
}

/** The module's exports. Field functions carry their field's name before their own. */
export type Core = ScalarFunctions & {
  readonly memory: WebAssembly.Memory
  /** The address of so many fresh bytes, all 0. Views of the memory from before are detached when it grows. */
  readonly allocate: (bytes: number) => number
  readonly fp2AddReduce: (r: number, a: number, b: number) => void
  readonly fp2Mul: (r: number, a: number, b: number) => void
  readonly fp2MulSparse: (r: number, a: number, b: number, c: number, xiC: number) => void
  readonly fp2MulXi: (r: number, a: number) => void
  readonly fp2Norm: (r: number, a: number) => void
  readonly fp2Sqr: (r: number, a: number) => void
  readonly fp2SubSubAddCarry: (r: number, a: number, b: number, c: number, d: number) => void
  readonly fp2SubSubReduce: (r: number, a: number, b: number, c: number) => void
  readonly fp12Conjugate: (r: number, a: number) => void
  readonly fp12Mul: (r: number, a: number, b: number) => void
  readonly fp12IsOne: (a: number) => number
  readonly g1FromBytes: (r: number, bytes: number) => number
  readonly g1ToBytes: (bytes: number, p: number) => void
  readonly g1ToAffine: (r: number, p: number) => number
  readonly g1Add: (r: number, p: number, q: number) => void
  readonly g2FromBytes: (r: number, bytes: number) => number
  readonly decodeScalar: (r: number, bytes: number) => number
  readonly encodeScalar: (bytes: number, v: number) => void
  readonly sumOfProducts: (r: number, points: number, integers: number, count: number, bits: number) => void
  readonly tabulate: (tables: number, points: number, count: number) => void
  readonly sumFromTables: (r: number, tables: number, integers: number, count: number) => void
  readonly setPair: (i: number, p: number, q: number, negative: boolean) => void
  readonly setFixedPair: (i: number, p: number, lines: number) => void
  readonly recordLines: (lines: number, p: number, q: number) => number
  readonly millerLoop: (count: number, groupSize: number, fixed: number) => void
  readonly accumulator: (group: number) => number
  readonly isForeign: (i: number) => number
  readonly exponentiate: (r: number, f: number) => void
  readonly drawWeights: (random: number, count: number) => void
  readonly addInputs: (sums: number, inputs: number, count: number, i: number) => number
  readonly splitByWeights: (
    points: number,
    from: number,
    to: number,
    factor: number,
    splitPoints: number,
    integers: number,
  ) => void
  readonly multiplyByWeights: (products: number, points: number, from: number, to: number) => void
} & { readonly [K in keyof FieldFunctions as `fp${Capitalize<K>}`]: FieldFunctions[K] } & {
  readonly [K in keyof FieldFunctions as `fr${Capitalize<K>}`]: FieldFunctions[K]
}

/** This thread's instance. */
export const core = (await WebAssembly.instantiate(await binary())).instance.exports as unknown as Core

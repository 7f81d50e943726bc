// SPDX-License-Identifier: MIT
// What lots of proofs add to the equation of groth16.ts, and what they add together. Elements are as the core keeps them.
import { core } from './instance.ts'
import { MOST, read, SIZE, write } from './points.ts'

export interface Lot {
  /** The product of the Miller loops of e(-r_i A_i, B_i). */
  readonly loop: Uint8Array
  /** sum r_i, then sum r_i x_ij for each input. */
  readonly sums: Uint8Array
  /** sum r_i C_i, Jacobian. */
  readonly proofs: Uint8Array
}

/** All of it for the lots together, each as often as its place says, from 0, where `rising`. */
export function combine(lots: readonly Lot[], rising: boolean): Lot {
  return {
    loop: productOfLoops(
      lots.map(({ loop }) => loop),
      rising,
    ),
    sums: sumOfSums(
      lots.map(({ sums }) => sums),
      rising,
    ),
    proofs: fold(
      lots.map(({ proofs }) => proofs),
      new Uint8Array(SIZE.jacobian),
      rising,
      (to, by) => core.g1Add(to, to, by),
    ),
  }
}

export function productOfLoops(loops: readonly Uint8Array[], rising = false): Uint8Array {
  return fold(loops, ONE_OF_FP12, rising, (to, by) => core.fp12Mul(to, to, by))
}

/** Of lists of scalars of the same length, element by element. */
export function sumOfSums(sums: readonly Uint8Array[], rising = false): Uint8Array {
  const length = sums[0]?.length ?? 0
  return fold(sums, new Uint8Array(length), rising, (to, by) => {
    for (let at = 0; at < length; at += SIZE.fp) {
      core.frAdd(to + at, to + at, by + at)
      core.frReduce(to + at, to + at)
    }
  })
}

/** An affine point as a Jacobian one. */
export function jacobian(affine: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(SIZE.jacobian)
  bytes.set(affine)
  bytes.set(ONE_OF_FP12.subarray(0, SIZE.fp), SIZE.g1)
  return bytes
}

/** The sum of elements, each as often as its place says where `rising`: then it is the sum of the sums from each place
 *  but 0 to the end. */
function fold(
  elements: readonly Uint8Array[],
  neutral: Uint8Array,
  rising: boolean,
  add: (to: number, by: number) => void,
): Uint8Array {
  write(region.running, neutral)
  write(region.total, neutral)
  for (const element of elements.slice(rising ? 1 : 0).reverse()) {
    write(region.term, element)
    add(region.running, region.term)
    if (rising) add(region.total, region.running)
  }
  return read(rising ? region.total : region.running, neutral.length)
}

/** An accumulator in which there is no pair. */
function emptyProduct(): Uint8Array {
  core.millerLoop(0, 1, 0)
  return read(core.accumulator(0), SIZE.fp12)
}

const ONE_OF_FP12 = emptyProduct()

const region = {
  running: core.allocate(MOST.terms * SIZE.fp),
  total: core.allocate(MOST.terms * SIZE.fp),
  term: core.allocate(MOST.terms * SIZE.fp),
}

// SPDX-License-Identifier: MIT
// The points around a centre C on the line C + i S, on the core (source/neighbours.ts): how dlog.ts walks through a
// million points a second. For public points.
import { core } from './instance.ts'

/** Most multiples of a step. */
export const MAX_PAIRS = 1024

/** Bytes of an encoded point, and in the core of a multiple and of what is kept of two neighbours. */
const POINT = 64
const MULTIPLE = 108
const PAIR = 216

interface Regions {
  readonly input: number
  readonly multiples: number
  readonly pairs: number
  readonly words: number
}

let regions: Regions | undefined

/** What `neighbours` needs of the multiples S, 2 S, ..., encoded one after the other. Error for more than MAX_PAIRS points. */
export function prepareMultiples(points: Uint8Array): Uint8Array {
  const { input, multiples } = (regions ??= allocateRegions())
  const count = points.length / POINT
  if (count > MAX_PAIRS) throw new RangeError('too many multiples')
  memory().set(points, input)
  if (core.decodeMultiples(multiples, input, count) !== count) throw new Error('these are no points')
  return memory().slice(multiples, multiples + count * MULTIPLE)
}

/**
 * Two words of 32 bits for each of C - n S, ..., C, ..., C + n S in this order, that tell its y coordinate: equal for
 * equal coordinates, as good as never for others. Valid until the core is next used. Error unless there are n multiples.
 */
export function neighbours(centre: Uint8Array, multiples: Uint8Array, n: number): Uint32Array {
  const at = (regions ??= allocateRegions())
  if (n * MULTIPLE > multiples.length) throw new RangeError('not so many multiples')
  memory().set(multiples.subarray(0, n * MULTIPLE), at.multiples)
  memory().set(centre, at.input)
  if (core.neighbours(at.words, at.input, at.multiples, at.pairs, n) === 0)
    throw new Error('this is no point')
  return new Uint32Array(core.memory.buffer, at.words, 2 * (2 * n + 1))
}

function allocateRegions(): Regions {
  return {
    input: core.allocate(MAX_PAIRS * POINT),
    multiples: core.allocate(MAX_PAIRS * MULTIPLE),
    pairs: core.allocate(MAX_PAIRS * PAIR),
    words: core.allocate(8 * (2 * MAX_PAIRS + 1)),
  }
}

function memory(): Uint8Array {
  return new Uint8Array(core.memory.buffer)
}

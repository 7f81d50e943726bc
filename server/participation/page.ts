// Pages of what is listed by entry, the newest first: each page says where the next begins, so that none is missed or shown
// twice while more comes in.
import * as z from 'zod/mini'
import { naturalText } from '#server/operation.ts'

/** Of a page: those older than this entry. */
export const beforeText = z.union([z.literal('newest'), naturalText])

/** Where the next page begins, if there is one. */
export const nextSchema = z.nullable(z.int())

export interface Page {
  /** The newest first. */
  readonly indices: readonly number[]
  readonly next: number | null
}

/** A page of entries, found without a look at the others.
 *  @param ascending indices of all of them */
export function pageOf(ascending: readonly number[], before: number | 'newest', most: number): Page {
  const end = before === 'newest' ? ascending.length : firstFrom(ascending, before)
  const start = Math.max(0, end - most)
  const indices = ascending.slice(start, end).reverse()
  return { indices, next: start > 0 ? (indices.at(-1) ?? null) : null }
}

/** Place of the first that is not below a bound. */
function firstFrom(ascending: readonly number[], bound: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] ?? Infinity) < bound) low = middle + 1
    else high = middle
  }
  return low
}

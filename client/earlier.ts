// Earlier entries of a ledger by the bundle: whoever adds up ballots reads them mostly in their order.
import { EncodingError } from '#crypto/encoding.ts'
import { decodeEntryBundle, TILE_WIDTH } from '#ledger/tile.ts'

/** Reads the entry at an index. */
export type Read = (index: number) => Promise<Uint8Array>

/** Reads entries, unchecked, and keeps the bundle of the latest; an entry that the source leaves out is empty.
 *  @param size entries that there are by now; never more than the source has signed */
export function earlier(
  source: { entries(from: number, to: number): AsyncIterable<Uint8Array> },
  size: () => number,
): Read {
  let [first, bundle] = [0, [] as Uint8Array[]]
  return async (index) => {
    if (index < first || index >= first + bundle.length) {
      first = index - (index % TILE_WIDTH)
      bundle = await all(source.entries(first, Math.min(first + TILE_WIDTH, size())))
    }
    return bundle[index - first] ?? new Uint8Array()
  }
}

/** The entries of a bundle; undefined unless it holds so many. */
export function entriesIn(bundle: Uint8Array, width: number): Uint8Array[] | undefined {
  try {
    const entries = decodeEntryBundle(bundle)
    return entries.length === width ? entries : undefined
  } catch (error) {
    if (error instanceof EncodingError) return undefined
    throw error
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

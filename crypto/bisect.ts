// Names the bad items of a batch whose common check failed (SPEC 3.2), by halving it.

/**
 * The indices, ascending, of the items that fail. `checkMany` says whether all items of a non-empty list hold, and
 * `checkOne` whether one does; a check that throws counts as failed. Every item that is not named was in a list that
 * held or held by itself. One bad item of n costs log2 n to 2 log2 n checks after the first, of n to 2 n items
 * altogether. However many are bad, after the first check at most 4 n items are checked in halves and n singly.
 */
export function findBad<T>(
  items: readonly T[],
  checkMany: (items: readonly T[]) => boolean,
  checkOne: (item: T) => boolean = (item) => checkMany([item]),
): number[] {
  const fails = ({ from, to }: Part): boolean => !holds(() => checkMany(items.slice(from, to)))

  /** The halves of a failing part that fail. If the first holds, the second must fail. */
  const failingHalves = ({ from, to }: Part): Part[] => {
    const middle = (from + to) >> 1
    const [left, right] = [
      { from, to: middle },
      { from: middle, to },
    ]
    if (to - from === 1) return [{ from, to }]
    if (!fails(left)) return [right]
    return fails(right) ? [left, right] : [left]
  }

  const all = { from: 0, to: items.length }
  let failing = items.length > 0 && fails(all) ? [all] : []
  let allowance = HALVING * items.length
  for (;;) {
    const size = sizeToHalve(failing)
    if (size === 0 || size > allowance) break
    allowance -= size
    failing = failing.flatMap(failingHalves)
  }
  const suspects = failing.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))
  return suspects.filter((i) => !holds(() => items.slice(i, i + 1).every((item) => checkOne(item))))
}

/** Items from..to-1. */
interface Part {
  readonly from: number
  readonly to: number
}

/** How often, on average, an item may be checked again within halves before the suspects are checked singly. */
const HALVING = 4

/** The items in parts that can still be halved. */
function sizeToHalve(parts: readonly Part[]): number {
  return parts.reduce((size, { from, to }) => (to - from > 1 ? size + to - from : size), 0)
}

function holds(check: () => boolean): boolean {
  try {
    return check()
  } catch {
    return false
  }
}

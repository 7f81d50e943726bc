// Names the bad items of a batch whose common check failed (SPEC 3.2), by halving it.

/**
 * The indices, ascending, of the items that fail. `checkMany` says whether all items of a non-empty list hold, and
 * `checkOne` whether one does; a check that throws counts as failed. Every item that is not named was in a list that
 * held or held by itself. One bad item of n costs log2 n to 2 log2 n checks after the first, of n to 2 n items
 * altogether; many bad ones at most 5 n items after the first check, and then each is checked by itself.
 */
export function findBad<T>(
  items: readonly T[],
  checkMany: (items: readonly T[]) => boolean,
  checkOne: (item: T) => boolean = (item) => checkMany([item]),
): number[] {
  const bad: number[] = []
  let allowance = HALVING * items.length
  const someFails = (part: readonly T[]): boolean => !holds(() => checkMany(part))
  const checkEach = (part: readonly T[], from: number): void => {
    part.forEach((item, i) => {
      if (!holds(() => checkOne(item))) bad.push(from + i)
    })
  }

  /** Names what is bad in a part that fails as a whole. If its left half holds, its right half must fail. */
  const split = (part: readonly T[], from: number): void => {
    if (part.length <= 1 || allowance < part.length) {
      checkEach(part, from)
      return
    }
    const middle = part.length >> 1
    const [left, right] = [part.slice(0, middle), part.slice(middle)]
    allowance -= left.length
    const leftFails = someFails(left)
    if (leftFails) split(left, from)
    if (leftFails) allowance -= right.length
    if (!leftFails || someFails(right)) split(right, from + middle)
  }

  if (items.length > 0 && someFails(items)) split(items, 0)
  return bad
}

/** How often, on average, an item may be checked again within halves before halving is given up. */
const HALVING = 4

function holds(check: () => boolean): boolean {
  try {
    return check()
  } catch {
    return false
  }
}

// How alike two groupings are: the adjusted Rand index (Hubert, Arabie, "Comparing partitions", J. Classif. 2, 1985). 1 is the
// same grouping, 0 what chance gives.

/** Of two groupings of the same things, each in their order. */
export function adjustedRand(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  const pairs = (n: number) => (n * (n - 1)) / 2
  const sum = (counts: Iterable<number>) => [...counts].reduce((total, n) => total + pairs(n), 0)
  const count = (keys: readonly string[]) => {
    const counts = new Map<string, number>()
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
    return counts.values()
  }
  const both = sum(count(a.map((group, i) => `${group}/${b[i] ?? ''}`)))
  const [inA, inB] = [sum(count(a.map(String))), sum(count(b.map(String)))]
  const chance = (inA * inB) / pairs(a.length)
  return (both - chance) / ((inA + inB) / 2 - chance)
}

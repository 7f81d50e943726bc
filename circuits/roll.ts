// The electoral roll, a quaternary Poseidon tree over credentials (SPEC 4.2). Everything in it is public, so the core
// hashes it: everybody rebuilds rolls of any size, and whoever verifies a record has no other Poseidon.
import { poseidon } from '#crypto/core/poseidon.ts'

/** The tag of a leaf; a node has none, but another number of inputs (SPEC 2.4). */
const LEAF = 2n

/** A tree's rows, leaves first, the root alone in the last; what is missing in a row is an empty subtree. */
export type RollTree = readonly (readonly bigint[])[]

/** The leaf P(2, C, w) of a voter of weight w. */
export function leaf(credential: bigint, weight: bigint): bigint {
  return poseidon([LEAF, credential, weight])
}

/** EMPTY[k] is the root of an empty subtree of k levels; EMPTY[0] = 0 is no voter's leaf. */
export const EMPTY: readonly bigint[] = emptySubtrees(12)

/** All rows of the tree over the leaves; throws when they exceed 4^levels. */
export function rollTree(leaves: readonly bigint[], levels: number): RollTree {
  return wholly(rollTreeSteps(leaves, levels))
}

/** The same in steps, a node each, for whoever must not be held up. */
function* rollTreeSteps(leaves: readonly bigint[], levels: number): Generator<undefined, RollTree> {
  if (leaves.length > 4 ** levels) throw new RangeError('the roll does not fit its tree')
  const rows: bigint[][] = [[...leaves]]
  for (let level = 0; level < levels; level++) {
    const below = rows[level] ?? []
    const row: bigint[] = []
    for (let i = 0; i < below.length; i += 4) {
      row.push(poseidon([0, 1, 2, 3].map((j) => node(rows, level, i + j))))
      yield
    }
    rows.push(row.length > 0 ? row : [empty(level + 1)])
  }
  return rows
}

/** The root of a roll of these voters in steps, a hash each. */
export function* rollRootSteps(
  voters: readonly { readonly commitment: bigint; readonly weight: bigint }[],
  levels: number,
): Generator<undefined, bigint> {
  const leaves: bigint[] = []
  for (const { commitment, weight } of voters) {
    leaves.push(leaf(commitment, weight))
    yield
  }
  return node(yield* rollTreeSteps(leaves, levels), levels, 0)
}

/** What steps lead to, all at once. */
export function wholly<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

/** The three siblings of the path's node at each level, in the order of their positions; leaves upwards. */
export function treePath(tree: RollTree, index: number): bigint[][] {
  if (!Number.isInteger(index) || index < 0 || index >= (tree[0] ?? []).length)
    throw new RangeError('no such leaf')
  return tree.slice(0, -1).map((_, level) => {
    const at = Math.floor(index / 4 ** level)
    const first = at - (at % 4)
    return [0, 1, 2, 3].filter((j) => first + j !== at).map((j) => node(tree, level, first + j))
  })
}

/** The root of the roll with 4^levels places, unused places empty. */
export function rollRoot(leaves: readonly bigint[], levels: number): bigint {
  return node(rollTree(leaves, levels), levels, 0)
}

/** As treePath, for a single path; whoever needs many keeps the tree. */
export function rollPath(leaves: readonly bigint[], index: number, levels: number): bigint[][] {
  return treePath(rollTree(leaves, levels), index)
}

/** The root a leaf and its path lead to. */
export function pathRoot(leafHash: bigint, index: number, path: readonly (readonly bigint[])[]): bigint {
  return path.reduce((hash, siblings, level) => {
    const children = [...siblings]
    children.splice(Math.floor(index / 4 ** level) % 4, 0, hash)
    return poseidon(children)
  }, leafHash)
}

/** The 12-level root of a roll whose 10-level root is given: the roll stands first, the rest is empty. */
export function extendRoot(root: bigint): bigint {
  return [10, 11].reduce((hash, level) => poseidon([hash, empty(level), empty(level), empty(level)]), root)
}

function node(tree: RollTree, level: number, index: number): bigint {
  return tree[level]?.[index] ?? empty(level)
}

function empty(level: number): bigint {
  const hash = EMPTY[level]
  if (hash === undefined) throw new RangeError('the tree has at most 12 levels')
  return hash
}

function emptySubtrees(levels: number): bigint[] {
  const roots = [0n]
  for (let hash = 0n; roots.length <= levels; roots.push(hash)) hash = poseidon([hash, hash, hash, hash])
  return roots
}

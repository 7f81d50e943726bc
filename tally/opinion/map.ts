// The map of opinions: people who vote alike stand near one another, and groups of them are named by the statements on
// which they differ from all others. After Small, Bjorkegren, Erkkila, Shaw, Megill, "Polis: Scaling Deliberation by
// Mapping High Dimensional Opinion Spaces", Recerca 26(2), 2021. It decides nothing: what is counted stands in table.ts.
// The same table gives the same map everywhere: the only lot, of the first centres, is drawn from a fixed seed.
import { kmeans } from 'ml-kmeans'
import { PCA } from 'ml-pca'
import { type OpinionTable, type Stance, type Totals, totalsOf } from './table.ts'

export interface MapPoint {
  readonly person: number
  /** Rounded to thousandths. */
  readonly x: number
  readonly y: number
  /** Number of the group, from 0. */
  readonly group: number
}

/** A statement that sets a group apart. */
export interface Representative {
  readonly statement: number
  readonly stance: 'agree' | 'disagree'
  /** In the group. */
  readonly totals: Totals
}

export interface OpinionGroup {
  readonly size: number
  readonly statements: readonly Representative[]
}

export interface OpinionMap {
  /** People who have said enough to be placed, in the order of the table. */
  readonly points: readonly MapPoint[]
  /** The largest first; empty where too few have voted to tell groups apart. */
  readonly groups: readonly OpinionGroup[]
}

/** Stances without which a person is not placed, or all where there are fewer statements. */
const LEAST = 7
/** Groups that are tried. */
const MOST_GROUPS = 5
/** People without whom there are no groups to speak of. */
const LEAST_PEOPLE = 10
/** People between whom distances are taken when numbers of groups are compared. */
const SAMPLE = 500
/** Representative statements of a group at most. */
const MOST_STATEMENTS = 5
const SEED = 1

/** The map of a table. */
export function opinionMap(table: OpinionTable): OpinionMap {
  const least = Math.min(LEAST, table.statements.length)
  const places = table.stances.flatMap((row, place) =>
    row.filter((stance) => stance !== undefined).length >= least ? [place] : [],
  )
  if (places.length < LEAST_PEOPLE) return { points: [], groups: [] }
  const positions = positionsOf(places.map((place) => table.stances[place] ?? []))
  const groups = groupsOf(positions)
  const members = grouped(groups)
  const number = new Map(members.map(([group], i) => [group, i]))
  return {
    points: places.map((place, i) => {
      const [x = 0, y = 0] = positions[i] ?? []
      return { person: table.people[place] ?? NaN, x, y, group: number.get(groups[i] ?? -1) ?? 0 }
    }),
    groups: members.map(([, own]) => {
      const here = own.map((i) => places[i] ?? -1)
      const members = new Set(here)
      const others = places.filter((place) => !members.has(place))
      return { size: own.length, statements: representatives(table, here, others) }
    }),
  }
}

/** Two principal components. Who has taken no stance on a statement stands for the mean of those who have; who has taken few
 *  is moved out from the centre as much as is missing (section 3 of the paper). */
function positionsOf(rows: readonly (readonly (Stance | undefined)[])[]): [number, number][] {
  const width = rows[0]?.length ?? 0
  const means = Array.from({ length: width }, (_, column) => {
    const own = rows.flatMap((row) => row[column] ?? [])
    return own.length === 0 ? 0 : own.reduce<number>((sum, stance) => sum + stance, 0) / own.length
  })
  const filled = rows.map((row) => row.map((stance, column) => stance ?? means[column] ?? 0))
  const pca = new PCA(filled, { method: 'covarianceMatrix' })
  const axes = pca.getEigenvectors()
  // Either direction of an axis is as good: the largest part of it points up.
  const signs = [0, 1].map((axis) => {
    const parts = axis < axes.columns ? axes.getColumn(axis) : [0]
    const largest = parts.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0)
    return largest < 0 ? -1 : 1
  })
  const scores = pca.predict(filled, { nComponents: Math.min(2, axes.columns) }).to2DArray()
  return rows.map((row, i) => {
    const taken = row.filter((stance) => stance !== undefined).length
    const out = Math.sqrt(width / taken)
    const [x = 0, y = 0] = scores[i] ?? []
    return [thousandths(x * (signs[0] ?? 1) * out), thousandths(y * (signs[1] ?? 1) * out)]
  })
}

/** The group of each position, for the number of groups that tells them apart best (mean silhouette; Rousseeuw 1987). */
function groupsOf(positions: [number, number][]): number[] {
  const distinct = new Set(positions.map(String)).size
  const tried = Array.from({ length: Math.min(MOST_GROUPS, distinct) - 1 }, (_, i) => {
    const { clusters } = kmeans(positions, i + 2, { seed: SEED, initialization: 'kmeans++' })
    return { clusters, worth: silhouette(positions, clusters) }
  })
  const best = tried.reduce<(typeof tried)[number] | undefined>(
    (a, b) => (a !== undefined && a.worth >= b.worth ? a : b),
    undefined,
  )
  return best?.clusters ?? positions.map(() => 0)
}

/** Mean silhouette of people evenly spaced over the list. */
function silhouette(positions: readonly [number, number][], clusters: readonly number[]): number {
  const step = Math.max(1, positions.length / SAMPLE)
  const sample = Array.from({ length: Math.min(SAMPLE, positions.length) }, (_, i) => Math.floor(i * step))
  let sum = 0
  for (const one of sample) {
    const distances = new Map<number, { sum: number; count: number }>()
    for (const other of sample) {
      if (other === one) continue
      const group = clusters[other] ?? -1
      const far = distances.get(group) ?? { sum: 0, count: 0 }
      far.sum += distance(positions[one], positions[other])
      far.count += 1
      distances.set(group, far)
    }
    const mean = ({ sum, count }: { sum: number; count: number }) => sum / count
    const own = distances.get(clusters[one] ?? -1)
    const others = [...distances].filter(([group]) => group !== clusters[one]).map(([, far]) => mean(far))
    // Whoever is alone in a group counts as 0.
    if (own === undefined || others.length === 0) continue
    const [within, without] = [mean(own), Math.min(...others)]
    sum += (without - within) / Math.max(within, without, Number.MIN_VALUE)
  }
  return sum / sample.length
}

function distance(
  [ax, ay]: readonly [number, number] = [0, 0],
  [bx, by]: readonly [number, number] = [0, 0],
) {
  return Math.sqrt((ax - bx) ** 2 + (ay - by) ** 2)
}

/** Places of the members of each group, the largest group first, of equal ones that with the first member. */
function grouped(groups: readonly number[]): [group: number, members: number[]][] {
  const members = Map.groupBy(
    groups.map((_, i) => i),
    (i) => groups[i] ?? -1,
  )
  return [...members].sort(([, a], [, b]) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0))
}

/** Statements on which a group is of one mind, and more so than the others: both beyond chance at one in ten (z-tests of
 *  proportions; section 4 of the paper), by how much of both. */
function representatives(
  table: OpinionTable,
  group: readonly number[],
  others: readonly number[],
): Representative[] {
  const [inside, outside] = [totalsOf(table, group), totalsOf(table, others)]
  const all = table.statements.flatMap((statement, i) => {
    const [here, there] = [inside[i], outside[i]]
    if (here === undefined || there === undefined) return []
    return (['agree', 'disagree'] as const).map((stance) => {
      const [n, m] = [seen(here), seen(there)]
      const [p, q] = [(here[stance] + 1) / (n + 2), (there[stance] + 1) / (m + 2)]
      const alone = 2 * Math.sqrt(n + 1) * ((here[stance] + 1) / (n + 1) - 1 / 2)
      const pooled = (here[stance] + there[stance] + 2) / (n + m + 2)
      const spread = Math.sqrt(pooled * (1 - pooled) * (1 / (n + 1) + 1 / (m + 1)))
      const apart = spread === 0 ? 0 : (p - q) / spread
      return { statement, stance, totals: here, alone, apart, worth: p * alone * (p / q) * apart }
    })
  })
  return all
    .filter(({ alone, apart }) => alone > BEYOND_CHANCE && apart > BEYOND_CHANCE)
    .sort((a, b) => b.worth - a.worth || a.statement - b.statement)
    .slice(0, MOST_STATEMENTS)
    .map(({ statement, stance, totals }) => ({ statement, stance, totals }))
}

/** The 90th percentile of the normal distribution. */
const BEYOND_CHANCE = 1.2816

function seen({ agree, disagree, pass }: Totals): number {
  return agree + disagree + pass
}

function thousandths(x: number): number {
  // No negative zero, which reads differently.
  return Math.round(x * 1000) / 1000 + 0
}

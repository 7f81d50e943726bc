// The map of opinions on paper: where each dot is, how large, and of which shape, so that colour is not needed to tell
// groups apart.
import type { MapPoint } from '#tally/opinion/map.ts'

export const WIDTH = 600
export const HEIGHT = 400
const MARGIN = 24
/** Room above for letters. */
const HEAD = 2 * MARGIN
/** Of one person; several at one place have as much area as they have alone. */
const RADIUS = 5
const LARGEST = 20

export interface Dot {
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly group: number
}

/** Dots of people, one for each place of a group; distances are those of the map. */
export function dotsOf(points: readonly MapPoint[]): Dot[] {
  const [left, right] = rangeOf(points.map(({ x }) => x))
  const [low, high] = rangeOf(points.map(({ y }) => y))
  const scale = Math.min(
    (WIDTH - 2 * MARGIN) / (right - left || 1),
    (HEIGHT - HEAD - MARGIN) / (high - low || 1),
  )
  const places = Map.groupBy(points, ({ x, y, group }) => `${x} ${y} ${group}`)
  return [...places.values()].flatMap((own) => {
    const [first] = own
    if (first === undefined) return []
    return {
      x: WIDTH / 2 + (first.x - (left + right) / 2) * scale,
      y: (HEIGHT + HEAD - MARGIN) / 2 - (first.y - (low + high) / 2) * scale,
      radius: Math.min(LARGEST, RADIUS * Math.sqrt(own.length)),
      group: first.group,
    }
  })
}

/** Where a group's letter stands: above its dots, over the middle of its people. */
export function labelOf(dots: readonly Dot[], group: number): { x: number; y: number } {
  const own = dots.filter((dot) => dot.group === group)
  const people = own.reduce((sum, { radius }) => sum + radius ** 2, 0)
  const top = Math.min(...own.map(({ y, radius }) => y - radius))
  return {
    x: own.reduce((sum, { x, radius }) => sum + x * radius ** 2, 0) / people,
    y: Math.max(MARGIN, top - MARGIN),
  }
}

/** Circle, square, triangle, diamond, cross: the outline of a dot. */
export function outlineOf({ x, y, radius: r, group }: Dot): string {
  switch (group) {
    case 0:
      return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`
    case 1:
      return `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`
    case 2:
      return `M${x} ${y - r * 1.2}l${r * 1.2} ${r * 2.1}h${-2.4 * r}z`
    case 3:
      return `M${x} ${y - r * 1.3}l${r * 1.3} ${r * 1.3}l${-r * 1.3} ${r * 1.3}l${-r * 1.3} ${-r * 1.3}z`
    default: {
      const arm = r * 0.8
      return `M${x - arm / 2} ${y - r * 1.2}h${arm}v${arm}h${arm}v${arm}h${-arm}v${arm}h${-arm}v${-arm}h${-arm}v${-arm}h${arm}z`
    }
  }
}

/** A, B, C and so on. */
export function letterOf(group: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + group)
}

function rangeOf(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  )
}

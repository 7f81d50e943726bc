// Draws time against ballots, both axes logarithmic, as an SVG that stands by itself in docs/ and follows the reader's light
// or dark scheme.
import type { Figures } from './bench.ts'

/** So many ballots took so many seconds. */
interface Point {
  readonly ballots: number
  readonly seconds: number
}

const WIDTH = 720
const HEIGHT = 420
const PLOT = { left: 80, right: 670, top: 40, bottom: 350 }

/** The plot of the figures of `growth`. */
export function drawGrowth(figures: Figures): string {
  const points = Object.entries(figures).flatMap(([name, seconds]): Point[] => {
    const ballots = Number(/^seconds (\d+)$/.exec(name)?.[1])
    return Number.isNaN(ballots) || typeof seconds !== 'number' ? [] : [{ ballots, seconds }]
  })
  const [x, y] = [
    axis(
      points.map(({ ballots }) => ballots),
      PLOT.left,
      PLOT.right,
    ),
    axis(
      points.map(({ seconds }) => seconds),
      PLOT.bottom,
      PLOT.top,
    ),
  ]
  const at = ({ ballots, seconds }: Point): string => `${x.at(ballots)},${y.at(seconds)}`
  const inWords = points
    .map(({ ballots, seconds }) => `${count(ballots)} ballots ${count(seconds)} s`)
    .join(', ')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title description">
  <title id="title">Seconds to verify a record, against its ballots</title>
  <desc id="description">Both axes logarithmic. With ${String(figures.threads)} threads: ${inWords}.</desc>
  <style>
    text { font: 14px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; fill: #24292f }
    .x { text-anchor: middle } .y { text-anchor: end }
    .grid { stroke: #8c959f; stroke-opacity: .4 }
    .line { fill: none; stroke: #3f2b86; stroke-width: 2.5 } .dot { fill: #3f2b86 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .line { stroke: #b9a8ff } .dot { fill: #b9a8ff }
    }
  </style>
${[
  ...x.ticks.flatMap((tick) => [
    `<path class="grid" d="M${x.at(tick)} ${PLOT.top}V${PLOT.bottom}"/>`,
    `<text class="x" x="${x.at(tick)}" y="${PLOT.bottom + 24}">${count(tick)}</text>`,
  ]),
  ...y.ticks.flatMap((tick) => [
    `<path class="grid" d="M${PLOT.left} ${y.at(tick)}H${PLOT.right}"/>`,
    `<text class="y" x="${PLOT.left - 10}" y="${y.at(tick) + 5}">${count(tick)}</text>`,
  ]),
  `<text class="x" x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 16}">ballots</text>`,
  `<text x="${PLOT.left - 60}" y="${PLOT.top - 16}">seconds</text>`,
  `<polyline class="line" points="${points.map(at).join(' ')}"/>`,
  ...points.flatMap((point, i) => {
    const [cx, cy, seconds] = [x.at(point.ballots), y.at(point.seconds), `${count(point.seconds)} s`]
    return [
      `<circle class="dot" cx="${cx}" cy="${cy}" r="5"/>`,
      i === points.length - 1
        ? `<text class="y" x="${cx - 10}" y="${cy - 10}">${seconds}</text>`
        : `<text x="${cx + 10}" y="${cy + 20}">${seconds}</text>`,
    ]
  }),
]
  .map((element) => `  ${element}\n`)
  .join('')}</svg>
`
}

/** A logarithmic axis over the powers of ten around these values: where a value lies, and the powers. */
function axis(values: readonly number[], from: number, to: number) {
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))))
  return {
    at: (value: number) => Math.round(from + ((Math.log10(value) - low) / (high - low)) * (to - from)),
    ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
  }
}

function count(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 })
}

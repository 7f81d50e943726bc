// The budgets: what was promised, which figure of which bench answers it, and the verdict.
import type { Figures } from './bench.ts'

interface Budget {
  readonly what: string
  readonly bench: string
  readonly figure: string
  readonly unit: string
  /** The most allowed, or the least. */
  readonly most?: number
  readonly least?: number
  /** What a figure must name for the budget to apply: a ratio to a slower version of the peer proves nothing. */
  readonly needs?: { readonly figure: string; readonly word: string }
  /** Figures that are ratios to peers, and the peers' names. */
  readonly ratios?: readonly { readonly figure: string; readonly to: string }[]
}

const BUDGETS: readonly Budget[] = [
  {
    what: 'one ballot in a large batch, whole check, 10 options, one thread',
    bench: 'verify',
    figure: 'perBallotMs',
    unit: 'ms',
    most: 0.5,
    ratios: [
      { figure: 'ratioToSnarkjs', to: 'snarkjs verify of the bare proof' },
      { figure: 'ratioToNoble', to: '@noble/curves' },
    ],
  },
  {
    what: 'the same against belenios-tool',
    bench: 'verify',
    figure: 'ratioToBelenios',
    needs: { figure: 'belenios', word: 'Ed25519' },
    unit: 'times faster',
    least: 15,
  },
  {
    what: 'the same, 2 options',
    bench: 'verify',
    figure: 'twoOptions.perBallotMs',
    unit: 'ms',
    most: 0.35,
    ratios: [
      { figure: 'twoOptions.ratioToSnarkjs', to: 'snarkjs verify of the bare proof' },
      { figure: 'twoOptions.ratioToNoble', to: '@noble/curves' },
    ],
  },
  {
    what: '2 options against belenios-tool',
    bench: 'verify',
    figure: 'twoOptions.ratioToBelenios',
    needs: { figure: 'twoOptions.belenios', word: 'Ed25519' },
    unit: 'times faster',
    least: 5,
  },
  { what: 'two workers against one', bench: 'verify', figure: 'scaling', unit: 'times', least: 1.8 },
  {
    what: 'single proof, unbatched',
    bench: 'single',
    figure: 'proofMs',
    unit: 'ms',
    most: 5,
    ratios: [{ figure: 'ratioToSnarkjs', to: 'snarkjs verify' }],
  },
  {
    what: 'naming one bad ballot of a batch',
    bench: 'bisect',
    figure: 'extraInFinalExponentiations',
    unit: 'final exponentiations',
    most: 12,
    ratios: [{ figure: 'ratioToBatch', to: 'the good batch' }],
  },
  {
    what: 'naming every ballot of a flood of bad ones, each',
    bench: 'bisect',
    figure: 'floodToSingle',
    unit: 'single checks',
    most: 1.5,
  },
  {
    what: 'record of 100,000 ballots, all workers',
    bench: 'growth',
    figure: 'seconds 100000',
    unit: 's',
    most: 40,
  },
  { what: 'its memory', bench: 'growth', figure: 'peakMegabytes 100000', unit: 'MB', most: 512 },
  {
    what: 'ballots over HTTP, sustained',
    bench: 'ingest',
    figure: 'perSecond',
    unit: 'a second',
    least: 1000,
  },
  { what: 'their 99th percentile', bench: 'ingest', figure: 'p99Ms', unit: 'ms', most: 250 },
  {
    what: 'accepted under 3x overload',
    bench: 'ingest',
    figure: 'overloadAcceptedPerSecond',
    unit: 'a second',
    least: 1000,
  },
  {
    what: 'an early 503',
    bench: 'ingest',
    figure: 'overload503P99Ms',
    unit: 'ms (99th percentile)',
    most: 250,
  },
  { what: 'a list of 100,000 voters over HTTP', bench: 'import', figure: 'seconds', unit: 's', most: 30 },
  { what: 'the server’s memory at it', bench: 'import', figure: 'peakMegabytes', unit: 'MB', most: 500 },
  { what: 'constraints of S, roll of 4^10', bench: 'prove', figure: 'S.constraints', unit: '', most: 7600 },
  { what: 'ballot proof S, Node', bench: 'prove', figure: 'S.nodeWarmSeconds', unit: 's', most: 0.8 },
  { what: 'ballot proof S, Chromium', bench: 'prove', figure: 'S.chromiumWarmSeconds', unit: 's', most: 0.9 },
  { what: 'proving key of S', bench: 'prove', figure: 'S.provingKeyMegabytes', unit: 'MB', most: 7 },
  {
    what: 'the same over the wire',
    bench: 'prove',
    figure: 'S.provingKeyBrotliMegabytes',
    unit: 'MB',
    most: 3,
  },
  { what: 'ballot proof L, Node', bench: 'prove', figure: 'L.nodeWarmSeconds', unit: 's', most: 1.2 },
  {
    what: 'ballot on the ledger, 10 options',
    bench: 'ledger',
    figure: 'ballotEntryBytes',
    unit: 'bytes',
    most: 1200,
  },
  {
    what: 'restart with 1,000,000 entries',
    bench: 'ledger',
    figure: 'restartSecondsPerMillionExtrapolated',
    unit: 's',
    most: 60,
  },
  {
    what: 'tally of 100,000 ballots, 10 options',
    bench: 'tally',
    figure: 'secondsPer100kExtrapolated',
    unit: 's',
    most: 10,
  },
  { what: 'discrete logarithm up to 2^40', bench: 'dlog', figure: 'seconds', unit: 's', most: 60 },
  { what: 'its memory', bench: 'dlog', figure: 'peakMegabytes', unit: 'MB', most: 512 },
  {
    what: 'one ballot in the browser, whole check, 10 options, for each thread',
    bench: 'observer',
    figure: 'perBallotAndThreadMs',
    unit: 'ms',
    most: 0.6,
  },
  { what: 'Lighthouse, landing page', bench: 'pages', figure: 'landing.performance', unit: '', least: 95 },
  { what: 'Lighthouse, contest page', bench: 'pages', figure: 'contest.performance', unit: '', least: 95 },
  {
    what: 'largest contentful paint, landing page, 4G',
    bench: 'pages',
    figure: 'landing.largestPaintSecondsOn4G',
    unit: 's',
    most: 1.5,
  },
  {
    what: 'largest contentful paint, landing page, slow 4G',
    bench: 'pages',
    figure: 'landing.largestPaintSeconds',
    unit: 's',
    most: 1.5,
  },
  {
    what: 'largest contentful paint, contest page, 4G',
    bench: 'pages',
    figure: 'contest.largestPaintSecondsOn4G',
    unit: 's',
    most: 1.5,
  },
  {
    what: 'largest contentful paint, contest page, slow 4G',
    bench: 'pages',
    figure: 'contest.largestPaintSeconds',
    unit: 's',
    most: 1.5,
  },
  {
    what: 'gzipped script of any page before the booth',
    bench: 'pages',
    figure: 'mostScriptGzipKilobytes',
    unit: 'kB',
    most: 150,
  },
]

/** A Markdown table of the budgets that these benches answer. */
export function budgetTable(
  measured: Readonly<Record<string, { command: string; figures: Figures }>>,
): string {
  const rows = BUDGETS.flatMap((budget) => {
    const run = measured[budget.bench]
    return run === undefined ? [] : [row(budget, run)]
  })
  const head = ['| what | budget | measured | ratio | verdict | command |', '|---|---|---|---|---|---|']
  return `${[...head, ...rows].join('\n')}\n`
}

function row(budget: Budget, { command, figures }: { command: string; figures: Figures }): string {
  const { what, unit, figure, ratios = [] } = budget
  const measured = figures[figure] ?? null
  const factors = ratios.flatMap(({ figure: name, to }) => {
    const factor = figures[name]
    return typeof factor === 'number' ? [`${factor} x ${to}`] : []
  })
  const cells = [
    what,
    budget.most === undefined ? `at least ${budget.least ?? ''} ${unit}` : `at most ${budget.most} ${unit}`,
    measured === null ? 'not measured' : `${String(measured)} ${unit}`,
    factors.join(', '),
    typeof measured === 'number'
      ? verdict(budget, measured, figures)
      : String(figures[`${figure}Because`] ?? 'not measured'),
    `\`${command}\``,
  ]
  return `| ${cells.map((cell) => cell.trim()).join(' | ')} |`
}

function verdict({ most, least, needs }: Budget, measured: number, figures: Figures): string {
  const named = needs === undefined ? '' : String(figures[needs.figure])
  if (needs !== undefined && !named.includes(needs.word))
    return `not comparable: the budget is for ${needs.word}, this is ${named}`
  if (most !== undefined) return measured <= most ? 'met' : `not met: ${share(measured / most)} of the budget`
  return measured >= (least ?? 0) ? 'met' : `not met: ${share(measured / (least ?? 1))} of the budget`
}

function share(factor: number): string {
  return `${Number((factor * 100).toFixed(factor > 0.9 && factor < 1.1 ? 1 : 0))} %`
}

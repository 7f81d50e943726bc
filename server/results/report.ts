// The report of a count for programs: what was voted on, who announced what when, the count with all its rounds, and what
// a verification of the record found. Amounts are decimal strings, bytes are hexadecimal, times as of RFC 3339.
import { CHECK_TITLES, findingData } from '#client/finding.ts'
import { toHex } from '#crypto/encoding.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import { decodeEntry } from '#protocol/entry.ts'
import type { Parts } from '#server/parts.ts'
import { type ElectionSummary, summary } from '#server/summary.ts'
import type { AnnouncedWith } from '#tally/state.ts'
import type { Finding } from '#tally/verify/finding.ts'
import type { Announced } from './announced.ts'
import type { Verdict } from './verdict.ts'

/** Officials whose signatures are under the announcement, by their names. */
type Names = readonly string[]

export interface CountReport {
  readonly format: 'comitia-count-report'
  readonly version: 1
  readonly announced: { readonly at: string; readonly by: Names }
  readonly opened: string
  readonly closed: string
  readonly checkpoint: {
    readonly origin: string
    readonly size: number
    readonly root: string
    /** As it was signed. */
    readonly text: string
  }
  /** As `/api/elections/:process/:election` gave it when the result was announced. */
  readonly election: ElectionSummary
  readonly findings: readonly (Finding & { readonly about: string; readonly sentence: string })[]
}

type Needed = Pick<Parts, 'board' | 'setups'>

/** The same for the same record, whenever it is made. */
export async function countReport(
  { board, setups }: Needed,
  announced: Announced,
  { checkpoint, findings }: Verdict,
): Promise<CountReport> {
  const process = board.state.processes.get(announced.process)
  const election = process?.elections.get(announced.slug)
  const { announcedAt, announcedWith } = election ?? {}
  if (
    process === undefined ||
    election === undefined ||
    announcedAt === undefined ||
    announcedWith === undefined
  )
    throw new Error('an announced election is there')
  const said = summary(board.state, process, election, (setup) => setups.describe(setup))
  const { origin, size, root } = parseCheckpoint(checkpoint)
  return {
    ...{ format: 'comitia-count-report', version: 1 },
    announced: {
      at: instant(announced.announcedTime),
      by: await announcersOf(board, announcedAt, announcedWith),
    },
    opened: instant(said.opensAt),
    closed: instant(announced.closesAt),
    checkpoint: { origin, size, root: toHex(root), text: checkpoint },
    election: {
      ...said,
      officials: [...(announcedWith.officials?.changes ?? [])],
      notices: said.notices.slice(0, announcedWith.notices),
      contests: said.contests.map((contest, i) => {
        const { intents = [], shares = [] } = announcedWith.contests[i] ?? {}
        return { ...contest, intents: [...intents], shares: [...shares] }
      }),
    },
    findings: findings.map((finding) => ({ ...findingData(finding), about: CHECK_TITLES[finding.check] })),
  }
}

async function announcersOf(
  { ledger, state }: Parts['board'],
  index: number,
  { officials }: AnnouncedWith,
): Promise<Names> {
  const [type, content] = decodeEntry(await ledger.entry(index))
  if (type !== 'act') throw new Error(`entry ${index} announces nothing`)
  const known = [...(officials?.now.officials ?? []), ...(state.founded?.genesis.signers ?? [])]
  return content.approvals.map(({ signer }) => known.find(({ id }) => id === signer)?.name ?? signer)
}

function instant(time: number): string {
  return new Date(time).toISOString()
}

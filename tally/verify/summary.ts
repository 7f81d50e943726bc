// What passed, check by check, and where an announced result departs from the recomputed one. SPEC 11.
import { equalBytes } from '#crypto/encoding.ts'
import type { Entry } from '#protocol/entry.ts'
import { outcome } from '#tally/outcome.ts'
import { waitingSealed } from '#tally/sealed-comments.ts'
import type { ElectionState, RecordState } from '#tally/state.ts'
import type { Check, Finding, FindingCode, Statement } from './finding.ts'

/** Under which checks a refused result departs from the one that the record implies; each departure under one of them. */
export function compareResult(state: RecordState, [type, content]: Entry, index: number): Finding[] {
  if (type !== 'act' || content.act.type !== 'publish-result') return []
  const { contests } = content.act.result
  const election = state.processes.get(content.process)?.elections.get(content.act.election)
  const expected = (election && outcome(election))?.contests ?? []
  const findings: Finding[] = []
  const found = { status: 'failed', entry: index } as const
  if (contests.length !== expected.length)
    findings.push({ ...found, check: 'V16', code: 'contests-differ', fields: {} })
  expected.forEach((right, contest) => {
    const said = contests[contest]
    const fields = { contest }
    if (said?.status !== right.status || said.ballots !== right.ballots) {
      if (said !== undefined) findings.push({ ...found, check: 'V10', code: 'ballots-differ', fields })
    } else if (said.status === 'counted' && right.status === 'counted') {
      const sums = said.blank === right.blank && said.sums.join() === right.sums.join()
      if (!sums) findings.push({ ...found, check: 'V12', code: 'sums-differ', fields })
      if (!equalBytes(said.count, right.count))
        findings.push({ ...found, check: 'V14', code: 'count-differs', fields })
    }
  })
  return findings
}

/** Codes under which an announced result can be refused. */
const RESULT_REFUSED: ReadonlySet<FindingCode> = new Set([
  ...(['result-mismatch', 'tally-undecodable'] as const),
  ...(['contests-differ', 'ballots-differ', 'sums-differ', 'count-differs'] as const),
])

/** Findings on each check that has none yet: passed, or why it does not apply.
 *  @param judged entries whose proofs were judged in an earlier run */
export function summarize(state: RecordState, findings: readonly Finding[], judged: number): Finding[] {
  const elections = [...state.processes.values()].flatMap((p) => [...p.elections.values()])
  const frozen = [...state.processes.values()].flatMap((p) =>
    [...p.rolls.values()].filter((r) => r.frozen !== undefined),
  )
  const contests = elections.flatMap((e) => e.contests)
  const entries = state.size
  const ballots = state.bodies.size
  const signals = state.signals.size
  const counted = contests.reduce((sum, c) => sum + c.voters.size, 0)
  const shares = contests.reduce((sum, c) => sum + c.shares.size, 0)
  const sizes = frozen.map((r) => r.credentials.length)
  const opened = elections.filter((e) => e.opening !== undefined)
  const closed = elections.some((e) => e.closedAt !== undefined)
  const announced = elections.some((e) => e.result !== undefined)
  const unannounced = findings.some((f) => RESULT_REFUSED.has(f.code)) ? 'result-refused' : 'none-announced'
  const accounts = [...state.processes.values()].map(({ accountability }) => accountability)
  const promises = accounts.reduce((sum, one) => sum + one.promises.size, 0)
  const releases = accounts
    .flatMap((one) => one.publications)
    .reduce((sum, { act }) => sum + act.releases.length, 0)
  const all: readonly Summary[] = [
    ['V3', entries > 0, 'no-entries', { code: 'entries-canonical', fields: { entries } }],
    ['V4', entries > 0, 'no-entries', { code: 'entries-allowed', fields: {} }],
    ['V6', frozen.length > 0, 'no-roll', { code: 'rolls-rebuilt', fields: { sizes } }, ...rareWeights(state)],
    ['V7', opened.length > 0, 'no-key', ...opened.map(keyShared)],
    ['V8', ballots > 0, 'no-ballots', { code: 'ballots-proven', fields: { ballots } }, ...remembered(judged)],
    ['V9', ballots > 0, 'no-ballots', { code: 'ballots-distinct', fields: { ballots, counted } }],
    ['V10', closed, 'none-closed', { code: 'aggregates-right', fields: {} }],
    ['V11', shares > 0, 'none-decrypted', { code: 'decryptions-proven', fields: { shares } }],
    ['V12', announced, unannounced, { code: 'sums-right', fields: {} }],
    ['V13', false, 'none-mixed'],
    ['V14', announced, unannounced, { code: 'count-right', fields: {} }],
    ['V16', announced, unannounced, { code: 'result-right', fields: {} }],
    ['V17', false, 'no-application'],
    ['V18', signals > 0, 'no-signals', { code: 'signals-sound', fields: { signals } }, ...seals(state)],
    [
      ...(['V19', promises + releases > 0, 'no-promises'] as const),
      { code: 'spending-same', fields: { promises, releases } },
    ],
  ]
  const open = all.filter(([check]) => !findings.some((f) => f.check === check))
  return open.flatMap(([check, applies, absent, ...passed]): Finding[] =>
    applies
      ? passed.map((statement) => ({ check, status: 'passed', ...statement }))
      : [{ check, status: 'not-applicable', code: absent, fields: {} }],
  )
}

/** Of a check: whether it applies, the code if it does not, and what passed if it does. */
type Summary = readonly [check: Check, applies: boolean, absent: Absent, ...passed: Statement<'passed'>[]]
type Absent = Statement<'not-applicable'>['code']

function keyShared({ slug: election, opening, manifest: { threshold } }: ElectionState): Statement<'passed'> {
  const guardians = opening?.attempt.guardians.length ?? 0
  return { code: 'key-shared', fields: { election, threshold, guardians } }
}

function remembered(entries: number): Statement<'passed'>[] {
  return entries > 0 ? [{ code: 'proofs-remembered', fields: { entries } }] : []
}

function seals({ processes }: RecordState): Statement<'passed'>[] {
  const sealing = [...processes.values()].flatMap(({ participation }) => participation ?? [])
  const comments = sealing.reduce((sum, { sealed }) => sum + (sealed?.comments.length ?? 0), 0)
  const waiting = sealing.reduce((sum, one) => sum + waitingSealed(one), 0)
  return comments > 0 ? [{ code: 'seals-sound', fields: { comments, waiting } }] : []
}

/** Where votes are weighted, how few share the rarest weight: among them alone a vote is hidden. */
function rareWeights({ processes }: RecordState): Statement<'passed'>[] {
  return [...processes.values()].flatMap(({ elections, rolls }) =>
    [...elections.values()].flatMap(({ slug, manifest }) => {
      const weighted = new Set(manifest.contests.filter((c) => c.weighted).map((c) => c.roll))
      const smallest = [...weighted].flatMap((slug) => {
        const classes = Map.groupBy(rolls.get(slug)?.credentials ?? [], (c) => c.weight)
        return classes.size === 0 ? [] : [Math.min(...[...classes.values()].map((c) => c.length))]
      })
      return [...new Set(smallest)].map((voters): Statement<'passed'> => ({
        code: 'weight-rare',
        fields: { election: slug, voters },
      }))
    }),
  )
}

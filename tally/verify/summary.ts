// What passed, in a sentence per check, and where an announced result departs from the recomputed one. SPEC 11.
import { equalBytes } from '#crypto/encoding.ts'
import type { Entry } from '#protocol/entry.ts'
import { outcome } from '#tally/outcome.ts'
import type { ElectionState, RecordState } from '#tally/state.ts'
import { type Check, CHECKS, type Finding } from './finding.ts'

/** Under which checks a refused result departs from the one that the record implies; each departure under one of them. */
export function compareResult(state: RecordState, [type, content]: Entry, index: number): Finding[] {
  if (type !== 'act' || content.act.type !== 'publish-result') return []
  const { contests } = content.act.result
  const election = state.processes.get(content.process)?.elections.get(content.act.election)
  const expected = (election && outcome(election))?.contests ?? []
  const findings: Finding[] = []
  const differs = (check: Check, what: string): void => {
    const sentence = `Entry ${index}: the announced result is not what the record gives: ${what}.`
    findings.push({ check, status: 'failed', entry: index, code: 'result-mismatch', sentence })
  }
  if (contests.length !== expected.length) differs('V16', 'the number of contests')
  expected.forEach((right, i) => {
    const said = contests[i]
    if (said?.status !== right.status || said.ballots !== right.ballots) {
      if (said !== undefined) differs('V10', `the number of counted ballots of contest ${i}`)
    } else if (said.status === 'counted' && right.status === 'counted') {
      const sums = said.blank === right.blank && said.sums.join() === right.sums.join()
      if (!sums) differs('V12', `a sum of contest ${i}`)
      if (!equalBytes(said.count, right.count)) differs('V14', `the count of contest ${i}`)
    }
  })
  return findings
}

/** Findings on each check that has none yet: passed, or why it does not apply.
 *  @param judged entries whose proofs were judged in an earlier run */
export function summarize(state: RecordState, findings: readonly Finding[], judged: number): Finding[] {
  const elections = [...state.processes.values()].flatMap((p) => [...p.elections.values()])
  const rolls = [...state.processes.values()].flatMap((p) => [...p.rolls.values()])
  const contests = elections.flatMap((e) => e.contests)
  const ballots = state.bodies.size
  const signals = state.signals.size
  const opened = elections.filter((e) => e.opening !== undefined)
  const closed = elections.filter((e) => e.closedAt !== undefined)
  const announced = elections.filter((e) => e.result !== undefined)
  const refused = findings.some((f) => f.code === 'result-mismatch' || f.code === 'tally-undecodable')
  const unannounced = refused
    ? 'A result was announced and is refused under another check.'
    : 'No result has been announced yet.'
  const frozen = rolls.filter((r) => r.frozen !== undefined)
  const shares = contests.reduce((sum, c) => sum + c.shares.size, 0)
  const said: Partial<Record<Check, [number, string, string]>> = {
    V3: [state.size, `All ${state.size} entries are canonical.`, 'There are no entries.'],
    V4: [
      state.size,
      'Every entry is allowed where it stands, and every official act is signed by enough officials.',
      'There are no entries.',
    ],
    V6: [
      frozen.length,
      rollSentence(
        frozen.map((r) => r.credentials.length),
        elections,
        state,
      ),
      'No electoral roll has been frozen.',
    ],
    V7: [opened.length, opened.map(keySentence).join(' '), 'No election has an election key yet.'],
    V8: [
      ballots,
      `All ${ballots} ballots carry sound encryption and proof.${judged > 0 ? ` Those among the first ${judged} entries were checked in an earlier run.` : ''}`,
      'There are no ballots in this record.',
    ],
    V9: [
      ballots,
      `All ${ballots} ballots are distinct; ${contests.reduce((n, c) => n + c.voters.size, 0)} of them count.`,
      'There are no ballots in this record.',
    ],
    V10: [
      closed.length,
      'The aggregates were recomputed from the counted ballots.',
      'No election has closed yet.',
    ],
    V11: [
      shares,
      `All ${shares} partial decryptions are proven and were announced by enough intents.`,
      'Nothing has been decrypted yet.',
    ],
    V12: [announced.length, 'Every sum was decrypted again and lies within its bounds.', unannounced],
    V13: [0, '', 'No contest of this version is mixed.'],
    V14: [announced.length, 'The count was repeated from the sums, round by round.', unannounced],
    V16: [announced.length, 'The announced result is the recomputed one.', unannounced],
    V17: [0, '', 'The record names no web application.'],
    V18: [
      signals,
      `All ${signals} signals are sound: each by somebody on the roll, within the plan, and counted once.`,
      'Nobody has taken part in a process beside voting.',
    ],
  }
  return (Object.keys(CHECKS) as Check[]).flatMap((check): Finding[] => {
    const entry = said[check]
    if (entry === undefined || findings.some((f) => f.check === check)) return []
    const [number, passed, absent] = entry
    return [
      number > 0
        ? { check, status: 'passed', sentence: passed }
        : { check, status: 'not-applicable', sentence: absent },
    ]
  })
}

function keySentence({ slug, opening, manifest }: ElectionState): string {
  const n = opening?.attempt.guardians.length ?? 0
  const alone = manifest.threshold === 1 ? ' A single guardian can open every ballot.' : ''
  return `${slug}: ${manifest.threshold} of ${n} guardians hold the key.${alone}`
}

/** Sizes of the rolls and, where votes are weighted, how few share the rarest weight. */
function rollSentence(sizes: number[], elections: readonly ElectionState[], state: RecordState): string {
  const warnings = elections.flatMap((election) =>
    election.manifest.contests.flatMap((contest) => {
      const roll = state.processes.get(election.process)?.rolls.get(contest.roll)
      if (!contest.weighted || roll === undefined) return []
      const classes = Map.groupBy(roll.credentials, (c) => c.weight)
      const smallest = Math.min(...[...classes.values()].map((c) => c.length))
      return [
        ` ${election.slug}: the smallest weight class has ${smallest} voters, among whom alone a vote is hidden.`,
      ]
    }),
  )
  return `Rolls of ${sizes.join(', ')} credentials were rebuilt, each credential unique.${[...new Set(warnings)].join('')}`
}

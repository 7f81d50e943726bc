// An election as its public page shows it: what the entries of the ledger say, and what the server adds up from them.
import { parsePolicy, type Quorum } from '#ledger/policy.ts'
import { type Act, type ActOf } from '#protocol/act.ts'
import { decodeEntry, type Entry } from '#protocol/entry.ts'
import type { Genesis } from '#protocol/genesis.ts'
import type { Manifest } from '#protocol/manifest.ts'
import type { Officials } from '#protocol/official.ts'
import type { ElectionResult } from '#protocol/result.ts'
import type { ElectionSummary } from '#server/summary.ts'
import { bytes, election, get, text } from '#web/device/api.ts'
import type { Steps } from './series.ts'

export interface ShownElection {
  readonly summary: ElectionSummary
  /** As the defining entry has it. */
  readonly manifest: Manifest
  /** As the announcing entry has it. */
  readonly result: ElectionResult | undefined
  /** Who may sign official acts on this ledger, until officials are named. */
  readonly genesis: Genesis
  /** Those who were named last. */
  readonly officials: Officials | undefined
  /** Witnesses that the ledger's policy asks for. */
  readonly witnesses: number
  /** One for each contest. */
  readonly turnout: readonly Steps[]
}

/** All that the page of an election shows. Throws `Refused` or `Unreachable`, and `Refusal` where an entry is none. */
export async function shownElection(process: string, slug: string): Promise<ShownElection> {
  const summary = await election(process, slug)
  const named = summary.officials.at(-1)
  const [genesis, change, manifest, announced, policy, { contests, ...steps }] = await Promise.all([
    entry(0),
    named === undefined ? undefined : entry(named),
    manifestOf(summary),
    summary.announcement === null ? undefined : entry(summary.announcement.index),
    text('/log/policy'),
    get<{ from: number; step: number; contests: { voters: number[]; ballots: number[] }[] }>(
      `/api/elections/${process}/${slug}/turnout`,
    ),
  ])
  if (genesis[0] !== 'genesis') throw new Error('the ledger does not begin with its genesis')
  const { quorum } = parsePolicy(policy)
  return {
    summary,
    manifest,
    result: announced === undefined ? undefined : actOf('publish-result', announced).result,
    genesis: genesis[1],
    officials: change === undefined ? undefined : actOf('change-officials', change),
    witnesses: quorum === undefined ? 0 : witnessesOf(quorum),
    turnout: contests.map((contest) => ({ ...steps, ...contest })),
  }
}

/** The manifest of an election, as its defining entry has it. */
export async function manifestOf({ definition }: Pick<ElectionSummary, 'definition'>): Promise<Manifest> {
  return actOf('define-election', await entry(definition.index)).manifest
}

async function entry(index: number): Promise<Entry> {
  return decodeEntry(await bytes(`/log/entries/${index}`))
}

function actOf<T extends Act['type']>(type: T, [kind, content]: Entry): ActOf<T> {
  if (kind !== 'act' || content.act.type !== type) throw new Error(`the entry is no ${type}`)
  return content.act as ActOf<T>
}

function witnessesOf(quorum: Quorum): number {
  return 'members' in quorum ? quorum.members.reduce((sum, member) => sum + witnessesOf(member), 0) : 1
}

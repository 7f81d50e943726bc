// Assessments of proposals, and elections whose options refer to them.
import type { ActOf } from '#protocol/act.ts'
import type { Manifest } from '#protocol/manifest.ts'
import { contest, PROCESS, type Scene } from './scene.ts'

/** Feasible at a cost, or not feasible. */
export function assessmentOf(
  proposal: number,
  amount: bigint | undefined,
  currency = 'EUR',
): ActOf<'assess-proposal'> {
  const said = { type: 'assess-proposal', proposal, office: { en: 'Parks' } } as const
  if (amount === undefined) return { ...said, finding: { kind: 'not-feasible', reasons: { en: 'No room.' } } }
  const cost = { amount, currency }
  return {
    ...said,
    finding: { kind: 'feasible', title: { en: 'Pond' }, project: { en: 'A pond of an acre.' }, cost },
  }
}

/** A budget whose options are these proposals, beside one that nobody proposed. */
export function budgetOf(
  entries: readonly number[],
  { cost = 5n, currency = 'EUR', process = PROCESS } = {},
): ReturnType<typeof contest> {
  const options = entries.map((entry, i) => ({
    ...{ id: `p${i + 1}`, title: { en: `Project ${i + 1}` }, cost, proposal: { process, entry } },
  }))
  const own = { id: 'own', title: { en: 'Benches' }, cost: 4n }
  return contest({ options: [...options, own], currency, count: { name: 'greedy', budget: 6n } })
}

/** The act that defines an election with one such budget. */
export function electionOf(
  scene: Scene,
  entries: readonly number[],
  given: Parameters<typeof budgetOf>[1] = {},
  changes: Partial<Manifest> = {},
): ActOf<'define-election'> {
  const manifest = { ...scene.manifest, contests: [budgetOf(entries, given)], ...changes }
  return { type: 'define-election', election: scene.slug, manifest }
}

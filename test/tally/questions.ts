// Statements put to a vote: plans under which opinions are sealed, and elections of such contests.
import type { ActOf } from '#protocol/act.ts'
import type { Contest, Manifest } from '#protocol/manifest.ts'
import { statementContest, type StatementQuestion } from '#protocol/sealed-opinion.ts'
import { planOf } from './people.ts'
import { type Scene, START } from './scene.ts'

const DAY = 86_400_000

/** A plan under which people make statements for thirty days, and give opinions in the open only where that is asked for. */
export function statementPlan(allows: ('opinion' | 'statement')[] = ['statement']): ActOf<'plan-process'> {
  const phase = { title: { en: 'Statements' }, opensAt: START, closesAt: START + 30 * DAY }
  return planOf({ phases: [{ ...phase, allows }] })
}

/** The contest of a statement, with whatever is changed in it. */
export function questionOf(
  asked: Pick<StatementQuestion, 'statement' | 'title'>,
  changes: Partial<Contest> = {},
): Contest {
  const named = { roll: 'residents', agree: { en: 'Agree' }, disagree: { en: 'Disagree' } }
  return { ...statementContest({ ...asked, ...named }), ...changes }
}

/** The act that defines an election with these contests. */
export function sealedElection(
  scene: Scene,
  contests: Contest[],
  changes: Partial<Manifest> = {},
): ActOf<'define-election'> {
  const manifest = { ...scene.manifest, contests, ...changes }
  return { type: 'define-election', election: scene.slug, manifest }
}

// From proposals to projects, as programs read them: what officials found of a proposal, and the options that it has become.
// SPEC 12.9.
import * as z from 'zod/mini'
import { decodeCbor } from '#protocol/codec.ts'
import type { ElectionState, Project, ProposalState, RecordState } from '#tally/state.ts'

const texts = z.record(z.string(), z.string())
const count = z.int().check(z.gte(0))

export const assessmentSchema = z.strictObject({
  ...{ index: count, time: count, office: texts },
  finding: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('feasible'),
      title: texts,
      project: texts,
      /** Whole units of the currency. */
      cost: z.strictObject({ amount: z.string(), currency: z.string() }),
    }),
    z.strictObject({ kind: z.literal('not-feasible'), reasons: texts }),
  ]),
})

/** An option of a contest, both counted from 0, and how people decided. */
export const projectSchema = z.strictObject({
  ...{ process: z.string(), election: z.string(), contest: count, option: count, practice: z.boolean() },
  /** The contest's. */
  title: texts,
  outcome: z.enum(['none-yet', 'chosen', 'not-chosen', 'withheld']),
})
export type ProjectView = z.output<typeof projectSchema>

/** All of them, the latest last. */
export function assessmentViews({ assessments }: ProposalState): z.output<typeof assessmentSchema>[] {
  return assessments.map(({ index, time, act: { office, finding } }) => ({
    ...{ index, time, office },
    finding:
      finding.kind === 'feasible'
        ? { ...finding, cost: { ...finding.cost, amount: String(finding.cost.amount) } }
        : finding,
  }))
}

export function projectViews(state: RecordState, { projects }: ProposalState): ProjectView[] {
  return projects.map((project) => {
    const election = state.processes.get(project.process)?.elections.get(project.election)
    const title = election?.manifest.contests[project.contest]?.title ?? {}
    return { ...project, title, outcome: outcomeOf(election, project) }
  })
}

function outcomeOf(
  election: ElectionState | undefined,
  { contest, option }: Project,
): ProjectView['outcome'] {
  const result = election?.result?.contests[contest]
  if (result === undefined) return 'none-yet'
  if (result.status === 'withheld') return 'withheld'
  const { winners } = decodeCbor(result.count) as { winners: string[] }
  const id = election?.manifest.contests[contest]?.options[option]?.id ?? ''
  return winners.includes(id) ? 'chosen' : 'not-chosen'
}

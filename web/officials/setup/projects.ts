// Options of a budget out of the proposals of a process that officials have found feasible.
import { proposalsOf, type ProposalView } from '#web/process/api.ts'
import type { ContestDraft, OptionDraft } from './draft.ts'

export interface Taken {
  readonly options: readonly OptionDraft[]
  readonly currency: string
  /** Feasible ones whose cost is in another currency. */
  readonly others: number
}

/** All that can become options, the oldest first.
 *  @param currency of the budget; that of the first project, where it has none yet */
export async function projectsOf(process: string, currency: string): Promise<Taken> {
  const found: { option: OptionDraft; currency: string }[] = []
  for (let before: number | 'newest' | null = 'newest'; before !== null;) {
    const page: { proposals: ProposalView[]; next: number | null } = await proposalsOf(process, before)
    found.unshift(...page.proposals.flatMap((proposal) => projectOf(process, proposal)).reverse())
    before = page.next
  }
  const own = currency || (found[0]?.currency ?? '')
  const options = found.filter((one) => one.currency === own).map(({ option }) => option)
  return { options, currency: own, others: found.length - options.length }
}

/** A question with these projects in the place of those that it had, and of options that nobody has written yet. */
export function withProjects({ options }: ContestDraft, taken: Taken): Partial<ContestDraft> {
  const own = options.filter(({ title, proposal }) => {
    return proposal === undefined && Object.values(title).some((text) => text.trim() !== '')
  })
  return { options: [...own, ...taken.options], currency: taken.currency }
}

function projectOf(process: string, proposal: ProposalView): { option: OptionDraft; currency: string }[] {
  const finding = proposal.assessments.at(-1)?.finding
  const gone = proposal.withdrawn !== null || proposal.erased !== null
  if (finding?.kind !== 'feasible' || gone || proposal.answer?.decision === 'declined') return []
  const { title, project: description, cost } = finding
  const reference = { process, entry: proposal.index }
  const option = { title, description, cost: cost.amount, proposal: reference }
  return [{ option, currency: cost.currency }]
}

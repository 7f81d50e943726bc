// Proposals that become options at the gate: what officials find of them, what an option that came from one must be, and
// what that folds to. SPEC 12.9.
import type { ActOf } from '#protocol/act.ts'
import type { ProposalReference } from '#protocol/assessment.ts'
import type { Contest, Manifest } from '#protocol/manifest.ts'
import { ensure, Refusal } from '#protocol/refusal.ts'
import type { ParticipationState, ProcessState, ProposalState, RecordState } from './state.ts'

/** Throws `Refusal` unless there is such a proposal that officials may still find something of. */
export function admitAssessment(process: ProcessState, act: ActOf<'assess-proposal'>): void {
  const proposal = proposalIn(process.participation, act.proposal)
  ensure(stands(proposal), 'wrong-state', 'nothing to assess')
  const voted = proposal.projects.some(({ practice }) => !practice)
  ensure(!voted, 'wrong-state', 'people vote on it')
}

/** Folds an admitted assessment. */
export function applyAssessment(
  { size: index, time }: RecordState,
  { participation }: ProcessState,
  act: ActOf<'assess-proposal'>,
): void {
  proposalIn(participation, act.proposal).assessments.push({ index, time, act })
}

/** Throws `Refusal` unless every option that came from a proposal is what was last found of that. */
export function admitProjects({ processes }: RecordState, { contests }: Manifest): void {
  for (const contest of contests) {
    const used = new Set<ProposalState>()
    for (const { proposal: reference, cost } of contest.options) {
      if (reference === undefined) continue
      const proposal = proposalIn(processes.get(reference.process)?.participation, reference.entry)
      const finding = proposal.assessments.at(-1)?.act.finding
      const name = `entry ${reference.entry}`
      ensure(stands(proposal), 'project-mismatch', `${name} does not stand any more`)
      ensure(finding?.kind === 'feasible', 'project-mismatch', `${name} was not found feasible`)
      ensure(isCost(finding.cost, contest, cost), 'project-mismatch', `${name} costs something else`)
      ensure(!used.has(proposal), 'project-mismatch', `${name} is there twice`)
      used.add(proposal)
    }
  }
}

/** Folds the options of an admitted election into the proposals that they came from. */
export function applyProjects(
  { processes }: RecordState,
  process: string,
  { election, manifest: { contests, practice } }: ActOf<'define-election'>,
): void {
  contests.forEach(({ options }, contest) => {
    options.forEach(({ proposal: reference }, option) => {
      if (reference === undefined) return
      const { projects } = proposalIn(processes.get(reference.process)?.participation, reference.entry)
      projects.push({ process, election, contest, option, practice })
    })
  })
}

/** Neither its author nor anybody else has taken it back. */
function stands({ withdrawn, erased, answer }: ProposalState): boolean {
  return withdrawn === undefined && erased === undefined && answer?.act.decision !== 'declined'
}

function isCost(
  found: { readonly amount: bigint; readonly currency: string },
  { currency }: Contest,
  cost: bigint | undefined,
): boolean {
  return found.amount === cost && found.currency === currency
}

function proposalIn(
  participation: ParticipationState | undefined,
  entry: ProposalReference['entry'],
): ProposalState {
  const proposal = participation?.proposals.get(entry)
  if (proposal === undefined) throw new Refusal('unknown-proposal', `entry ${entry}`)
  return proposal
}

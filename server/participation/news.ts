// What has happened in a process, as those who follow it are told: from the record, the newest first.
import type { ProcessState, ProposalState } from '#tally/state.ts'

export type NewsKind = 'planned' | 'proposed' | 'owed' | 'answered' | 'assessed' | 'archived'

export interface News {
  readonly kind: NewsKind
  /** The entry with which it happened, and its time. */
  readonly index: number
  readonly time: number
  /** None of a plan or an outcome. */
  readonly proposal?: ProposalState
}

/** All of it. */
export function newsOf({ plans, participation, archived }: ProcessState): News[] {
  const proposals = [...(participation?.proposals.values() ?? [])]
  const news: News[] = [
    ...plans.map(({ index, time }) => ({ kind: 'planned' as const, index, time })),
    ...(archived === undefined ? [] : [{ kind: 'archived' as const, ...placeOf(archived) }]),
    ...proposals.flatMap((proposal) => {
      const { index, texts, reached, answer, assessments } = proposal
      const begun = { kind: 'proposed' as const, index, time: texts[0]?.time ?? 0, proposal }
      return [
        begun,
        ...(reached === undefined ? [] : [{ kind: 'owed' as const, ...placeOf(reached), proposal }]),
        ...(answer === undefined ? [] : [{ kind: 'answered' as const, ...placeOf(answer), proposal }]),
        ...assessments.map((one) => ({ kind: 'assessed' as const, ...placeOf(one), proposal })),
      ]
    }),
  ]
  return news.sort((a, b) => b.index - a.index)
}

function placeOf({ index, time }: { index: number; time: number }): { index: number; time: number } {
  return { index, time }
}

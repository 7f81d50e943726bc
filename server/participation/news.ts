// What has happened in a process, as those who follow it are told: from the record, the newest first.
import { textIn } from '#server/pages.ts'
import { termsOf } from '#tally/accountability.ts'
import type { Accountability, ProcessState, PromiseState, ProposalState } from '#tally/state.ts'

/** Of a process, of its proposals, of its promises. */
export type NewsKind =
  | 'planned'
  | 'archived'
  | 'proposed'
  | 'owed'
  | 'answered'
  | 'assessed'
  | 'promised'
  | 'changed'
  | 'reported'
  | 'published'

export interface News {
  readonly kind: NewsKind
  /** The entry with which it happened, and its time. */
  readonly index: number
  readonly time: number
  /** What it is about, unless that is a plan or an outcome. */
  readonly proposal?: ProposalState
  readonly promise?: PromiseState
}

/** All of it; where a promise is named by the index of its entry, what is about that. */
export function newsOf(
  { plans, participation, archived, accountability }: ProcessState,
  about?: number | null,
): News[] {
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
    ...promiseNews(accountability),
  ]
  const own = (about ?? null) === null ? news : news.filter(({ promise }) => promise?.made.index === about)
  return own.sort((a, b) => b.index - a.index)
}

/** What a follower's news are about, as it is called now; undefined if there is no such thing. */
export function followedTitle(
  { title, accountability }: ProcessState,
  promise: number | null,
  language: string,
): string | undefined {
  if (promise === null) return title
  const found = accountability.promises.get(promise)
  return found && textIn(termsOf(found).title, language)
}

function promiseNews({ promises, publications }: Accountability): News[] {
  return [...promises.values()].flatMap((promise) => {
    const { made, changes, reports } = promise
    const published = publications.filter(({ act }) => act.promise === made.index)
    return [
      { kind: 'promised' as const, ...placeOf(made), promise },
      ...changes.map((one) => ({ kind: 'changed' as const, ...placeOf(one), promise })),
      ...reports.map((one) => ({ kind: 'reported' as const, ...placeOf(one), promise })),
      ...published.map((one) => ({ kind: 'published' as const, ...placeOf(one), promise })),
    ]
  })
}

function placeOf({ index, time }: { index: number; time: number }): { index: number; time: number } {
  return { index, time }
}

// Statements by what people think of them: those with which most agree, or on which they are most divided, first. Exact.
import type { OpinionSums } from '#protocol/sealed-opinion.ts'

export const ORDERS = ['agreed', 'divided', 'asked'] as const
export type Order = (typeof ORDERS)[number]

/** Who answered at all. */
export function answersTo({ agree, disagree, pass }: OpinionSums): number {
  return agree + disagree + pass
}

/** The statements in this order; alike ones as they were asked. */
export function ordered<T extends OpinionSums>(statements: readonly T[], order: Order): T[] {
  if (order === 'asked') return [...statements]
  const part = ({ agree, disagree }: OpinionSums) => (order === 'agreed' ? agree : Math.min(agree, disagree))
  // Shares of all answers, compared without dividing.
  return statements.toSorted((a, b) => part(b) * answersTo(a) - part(a) * answersTo(b))
}

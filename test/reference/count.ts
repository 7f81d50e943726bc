// A slow second opinion on counting, written from the documents alone: docs/protocol.md 9.5 and PaBuLib's rule names.
// It imports only the shapes of input and method from the code under test.
import type { CountInput, CountMethod } from '#tally/count/result.ts'

/** Indices of the options that win, in order of selection. */
export function referenceWinners(method: CountMethod, input: CountInput): number[] {
  return select(method, input, referenceOrder(method, input))
}

/** Whether option i's group of equal score would, in any other order, lead to another set of winners. By trying all. */
export function referenceDecisive(method: CountMethod, input: CountInput, i: number): boolean {
  const order = referenceOrder(method, input)
  const tied = order.filter((other) => input.scores[other] === input.scores[i])
  const start = order.findIndex((other) => tied.includes(other))
  const asSet = (winners: number[]) => winners.toSorted((a, b) => a - b).join()
  const usual = asSet(select(method, input, order))
  return permutations(tied).some(
    (tie) => asSet(select(method, input, order.toSpliced(start, tied.length, ...tie))) !== usual,
  )
}

/** Each option's place is the number of options that go before it. */
function referenceOrder(method: CountMethod, { options, scores }: CountInput): number[] {
  const cost = (i: number) => ('budget' in method ? (options[i]?.cost ?? 0n) : 0n)
  const score = (i: number) => scores[i] ?? 0n
  const before = (a: number, b: number): boolean => {
    if (score(a) !== score(b)) return score(a) > score(b)
    if (cost(a) !== cost(b)) return cost(a) < cost(b)
    return a < b
  }
  const order: number[] = []
  const all = options.map((_, i) => i)
  for (const i of all) order[all.filter((other) => before(other, i)).length] = i
  return order
}

function select(method: CountMethod, { options, scores }: CountInput, order: readonly number[]): number[] {
  if (scores.every((score) => score === 0n)) return []
  if ('seats' in method) return order.slice(0, method.seats)
  const eligible = order.filter(
    (i) => method.name !== 'greedy-threshold' || (scores[i] ?? 0n) >= method.threshold,
  )
  const cost = (chosen: readonly number[]) => chosen.reduce((sum, i) => sum + (options[i]?.cost ?? 0n), 0n)
  if (method.name === 'greedy-no-skip') {
    let winners: number[] = []
    for (let n = 0; n <= eligible.length; n++) {
      if (cost(eligible.slice(0, n)) <= method.budget) winners = eligible.slice(0, n)
    }
    return winners
  }
  return eligible.reduce<number[]>((won, i) => (cost([...won, i]) <= method.budget ? [...won, i] : won), [])
}

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]))
}

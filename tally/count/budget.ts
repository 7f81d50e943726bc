// Budgets on sums, greedy in three variants (SPEC 9.5; rule names as in PaBuLib, Faliszewski et al., IJCAI 2023).
import { byCost, entrants, scoreGroups, type Entrant } from './order.ts'
import type { BudgetMethod, CountInput, Round, Tie } from './result.ts'

/**
 * One round per project, highest score first, equal scores by lower cost, then manifest order. `greedy` funds what
 * fits in what is left and skips what does not; `greedy-threshold` does the same among projects with score >= threshold;
 * `greedy-no-skip` ends at the first that does not fit. If nobody gave a single point, nothing is funded.
 */
export function budgetRounds(method: BudgetMethod, input: CountInput): Round[] {
  const voted = input.scores.some((score) => score > 0n)
  const rounds: Round[] = []
  let left = method.budget
  let stopped = false
  for (const group of scoreGroups(entrants(input))) {
    const leftBefore = left
    const turns = byCost(group).map(({ id, score, cost }) => {
      let reason: Refusal | null = null
      if (!voted) reason = 'no-votes'
      else if (method.name === 'greedy-threshold' && score < method.threshold) reason = 'below-threshold'
      else if (stopped) reason = 'after-stop'
      else if (cost > left) reason = 'over-budget'

      if (reason === null) left -= cost
      if (reason === 'over-budget' && method.name === 'greedy-no-skip') stopped = true
      return { option: id, score, cost, left, reason }
    })
    const decisive = isDecisive(method, turns, leftBefore)
    for (const { reason, ...turn } of turns) {
      const tie = tieOf(group, turn.cost, decisive)
      rounds.push(
        reason === null ? { kind: 'funded', ...turn, tie } : { kind: 'not-funded', ...turn, reason, tie },
      )
    }
  }
  return rounds
}

type Refusal = Extract<Round, { kind: 'not-funded' }>['reason']

/**
 * Whether another order inside the group would fund another set. If all or (cheapest first) none was funded, no order
 * changes that. Otherwise, without skipping, a refused project put first is either funded or ends the count before the
 * others; with skipping it matters only if it had fitted before its group began.
 */
function isDecisive(
  method: BudgetMethod,
  turns: readonly { cost: bigint; reason: Refusal | null }[],
  leftBefore: bigint,
): boolean {
  const refused = turns.filter((turn) => turn.reason !== null)
  if (refused.length === turns.length) return false
  return method.name === 'greedy-no-skip'
    ? refused.length > 0
    : refused.some((turn) => turn.cost <= leftBefore)
}

function tieOf(group: readonly Entrant[], cost: bigint, decisive: boolean): Tie | null {
  if (group.length === 1) return null
  const sameCost = group.filter((entrant) => entrant.cost === cost).length
  return {
    options: group.map((entrant) => entrant.id),
    rule: sameCost > 1 ? 'manifest-order' : 'lower-cost',
    decisive,
  }
}

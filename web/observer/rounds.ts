// Rounds of a count in words, for people who want to know why an option was chosen or not. SPEC 9.5.
import type { Contest } from '#protocol/manifest.ts'
import type { CountMethod, Result, Round } from '#tally/count/result.ts'
import { formatList, formatMoney, formatNumber } from '#web/words/format.ts'
import { textOf } from '#web/words/locale.svelte.ts'
import { m } from '#words/messages.js'

/** More options of the same sum are counted, not named. */
const MOST_NAMES = 2

/** Names of options by their ids. */
function namesOf({ options }: Contest): ReadonlyMap<string, string> {
  return new Map(options.map(({ id, title }) => [id, textOf(title)]))
}

/** Whether the round chose its option. */
export function isChosen({ kind }: Round): boolean {
  return kind === 'elected' || kind === 'funded'
}

/** What the method does, in a sentence or two. */
export function methodWords(method: CountMethod): string {
  switch (method.name) {
    case 'greedy':
      return m.observer_method_greedy()
    case 'greedy-threshold':
      return m.observer_method_threshold({ threshold: formatNumber(method.threshold) })
    case 'greedy-no-skip':
      return m.observer_method_no_skip()
    default:
      return m.observer_method_seats({ count: method.seats })
  }
}

/** Who or what was chosen. */
export function outcomeWords(contest: Contest, { winners, rounds, method }: Result): string {
  if ('seats' in method) {
    const names = namesOf(contest)
    return winners.length === 0
      ? m.observer_result_nobody()
      : m.observer_result_elected({ names: formatList(winners.map((id) => names.get(id) ?? id)) })
  }
  if (winners.length === 0) return m.observer_result_unfunded()
  const spent = formatMoney(spentOf(rounds), contest.currency)
  const budget = formatMoney(method.budget, contest.currency)
  return m.observer_result_funded({ count: winners.length, all: formatNumber(rounds.length), spent, budget })
}

/** What a round says of its option. */
export function roundWords({ currency }: Contest, method: CountMethod, round: Round): string {
  switch (round.kind) {
    case 'elected':
      return 'seats' in method && method.seats > 1
        ? m.observer_round_seat({ seat: formatNumber(round.seat) })
        : m.observer_round_elected()
    case 'not-elected':
      return round.reason === 'no-votes' ? m.observer_round_not_elected() : m.observer_round_seats_filled()
    case 'funded':
      return m.observer_round_funded({ left: formatMoney(round.left, currency) })
    case 'not-funded':
      return unfundedWords(currency, method, round)
  }
}

/** Why an option had its turn among others of the same sum, and whether that mattered; undefined without a tie. */
export function tieWords(contest: Contest, { option, tie }: Round): string | undefined {
  if (tie === null) return undefined
  const names = namesOf(contest)
  const tied = tie.options.filter((id) => id !== option)
  const others =
    tied.length <= MOST_NAMES
      ? formatList(tied.map((id) => names.get(id) ?? id))
      : m.observer_tie_others({ count: tied.length })
  const rule = tie.rule === 'lower-cost' ? m.observer_tie_cost({ others }) : m.observer_tie_order({ others })
  return `${rule} ${tie.decisive ? m.observer_tie_decisive() : m.observer_tie_harmless()}`
}

/** Money that the funded projects cost. */
export function spentOf(rounds: readonly Round[]): bigint {
  return rounds.reduce((sum, round) => (round.kind === 'funded' ? sum + round.cost : sum), 0n)
}

function unfundedWords(
  currency: string | undefined,
  method: CountMethod,
  round: Extract<Round, { kind: 'not-funded' }>,
): string {
  switch (round.reason) {
    case 'no-votes':
      return m.observer_round_no_votes()
    case 'after-stop':
      return m.observer_round_after_stop()
    case 'over-budget':
      return m.observer_round_over_budget({
        cost: formatMoney(round.cost, currency),
        left: formatMoney(round.left, currency),
      })
    case 'below-threshold': {
      const threshold = method.name === 'greedy-threshold' ? method.threshold : 0n
      return m.observer_round_below({ threshold: formatNumber(threshold) })
    }
  }
}

// What the booth says about rules, marks and problems, in the language now.
import type { Contest } from '#protocol/manifest.ts'
import { formatMoney, formatNumber } from '#web/words/format.ts'
import { locale, textOf } from '#web/words/locale.svelte.ts'
import { m } from '#words/messages.js'
import { isUnmarked, type Marks, type Paper, placesOf, valuesOf } from './paper.ts'
import { type Problem, used } from './problem.ts'

/** The rule in a few words, as "Choose up to 3". */
export function ruleTitle({ rule, options, currency, statement }: Contest): string {
  if (statement !== undefined) return m.app_rule_statement()
  const count = options.length
  switch (rule.type) {
    case 'plurality':
      return m.app_rule_one()
    case 'approval': {
      const most = Math.min(Number(rule.max), count)
      const least = Number(rule.min)
      if (least === most) return m.app_rule_exactly({ count: most })
      if (least > 0) return m.app_rule_between({ least, most })
      return most === count ? m.app_rule_any() : m.app_rule_up_to({ count: most })
    }
    case 'score':
      return m.app_rule_score({ most: formatNumber(rule.max) })
    case 'cumulative':
      return rule.minTotal === rule.maxTotal
        ? m.app_rule_points_exactly({ count: Number(rule.maxTotal) })
        : m.app_rule_points({ count: Number(rule.maxTotal) })
    case 'quadratic':
      return m.app_rule_credits({ count: Number(rule.credits) })
    case 'borda': {
      const places = Math.min(rule.points.length, count)
      return places === count ? m.app_rule_rank_all() : m.app_rule_rank_exactly({ count: places })
    }
    case 'ranking': {
      const most = Math.min(Number(rule.max), count)
      const least = Number(rule.min)
      if (least === most) return m.app_rule_rank_exactly({ count: most })
      if (least > 1) return m.app_rule_rank_between({ least, most })
      return most === count ? m.app_rule_rank_any() : m.app_rule_rank_up_to({ count: most })
    }
    case 'knapsack':
      return m.app_rule_knapsack({ budget: formatMoney(rule.budget, currency) })
  }
}

/** What a contest asks and how it is answered, in one line. */
export function contestTitle(contest: Contest): string {
  return m.booth_contest_title({ contest: textOf(contest.title), rule: ruleTitle(contest) })
}

/** How to fill it in, where the title does not say it all. */
export function ruleAdvice({ rule }: Contest): string | undefined {
  switch (rule.type) {
    case 'plurality':
    case 'approval':
      return undefined
    case 'score':
      return m.booth_advice_score()
    case 'cumulative':
      return m.booth_advice_points({ most: formatNumber(rule.max) })
    case 'quadratic':
      return m.booth_advice_credits()
    case 'borda':
      return m.booth_advice_borda({ points: rule.points.map(formatNumber).join(', ') })
    case 'ranking':
      return m.booth_advice_ranking()
    case 'knapsack':
      return m.booth_advice_knapsack()
  }
}

/** What is left or taken, as words and as a share from 0 to 1; undefined where nothing runs out. */
export function leftOf(paper: Paper, marks: Marks): { words: string; share: number } | undefined {
  const { contest, rule } = paper
  const { sum, spent, budget } = used(paper, valuesOf(paper, marks))
  const given = marks.options.filter((mark) => mark !== 0).length
  switch (contest.rule.type) {
    case 'plurality':
    case 'score':
      return undefined
    case 'approval': {
      const most = Math.min(Number(rule.countMax), contest.options.length)
      return { words: m.booth_left_choices({ count: given, most }), share: given / most }
    }
    case 'cumulative':
      return left(m.booth_left_points, rule.sumMax, sum)
    case 'quadratic':
      return left(m.booth_left_credits, budget, spent)
    case 'knapsack':
      return left(m.booth_left_money, budget, spent, (amount) => formatMoney(amount, contest.currency))
    case 'borda':
    case 'ranking': {
      const most = placesOf(contest)
      return { words: m.booth_left_places({ count: given, most }), share: given / most }
    }
  }
}

/** Why the marks cannot be cast, and what to do. */
export function problemWords({ contest }: Paper, problem: Problem): string {
  const ranked = placesOf(contest) > 0
  switch (problem.code) {
    case 'blank-and-marks':
      return m.booth_problem_blank_and_marks()
    case 'too-high': {
      const option = textOf(contest.options[problem.option]?.title ?? {})
      return m.booth_problem_too_high({ option, most: formatNumber(problem.most) })
    }
    case 'too-many': {
      const numbers = { count: Number(problem.by), most: formatNumber(problem.bound) }
      return ranked ? m.booth_problem_too_many_places(numbers) : m.booth_problem_too_many(numbers)
    }
    case 'too-few': {
      const numbers = { count: Number(problem.by), least: formatNumber(problem.bound) }
      return ranked ? m.booth_problem_too_few_places(numbers) : m.booth_problem_too_few(numbers)
    }
    case 'over-total':
      return m.booth_problem_over_total({ count: Number(problem.by), most: formatNumber(problem.bound) })
    case 'under-total':
      return m.booth_problem_under_total({ count: Number(problem.by), least: formatNumber(problem.bound) })
    case 'over-budget': {
      const { by, bound } = problem
      return contest.rule.type === 'knapsack'
        ? m.booth_problem_over_budget({
            by: formatMoney(by, contest.currency),
            most: formatMoney(bound, contest.currency),
          })
        : m.booth_problem_over_credits({ by: formatNumber(by), most: formatNumber(bound) })
    }
    case 'rule':
      return m.booth_problem_rule()
  }
}

/** Why one more cannot be given to an option. */
export function obstacleWords({ contest }: Paper, problem: Problem): string {
  switch (problem.code) {
    case 'over-budget':
      return contest.rule.type === 'knapsack'
        ? m.booth_obstacle_money({ by: formatMoney(problem.by, contest.currency) })
        : m.booth_obstacle_credits({ by: formatNumber(problem.by) })
    case 'over-total':
      return m.booth_obstacle_points()
    case 'too-high':
      return m.booth_obstacle_high({ most: formatNumber(problem.most) })
    default:
      return m.booth_obstacle_places()
  }
}

/** What could still be given and is not, where that may be an oversight; undefined where nothing is. */
export function unusedWords(paper: Paper, marks: Marks): string | undefined {
  const { contest, rule } = paper
  if (isUnmarked(marks)) return contest.statement === undefined ? m.booth_unused_all() : undefined
  if (marks.blank) return undefined
  const given = marks.options.filter((mark) => mark !== 0).length
  switch (contest.rule.type) {
    case 'approval': {
      const most = Number(rule.countMax)
      return most < contest.options.length && given < most
        ? m.booth_unused_choices({ count: most - given })
        : undefined
    }
    case 'cumulative': {
      const rest = rule.sumMax - used(paper, valuesOf(paper, marks)).sum
      return rest > 0n ? m.booth_unused_points({ count: Number(rest) }) : undefined
    }
    default:
      return undefined
  }
}

/** The marks that values of the slots in use mean: for each option that has any, what; or that it is a blank vote. */
export function markLines(
  contest: Contest,
  values: readonly bigint[],
): 'blank' | { title: Readonly<Record<string, string>>; detail?: string }[] {
  const first = values.length - contest.options.length
  if (contest.blank && values[0] === 1n) return 'blank'
  const marked = contest.options.flatMap(({ title, cost }, i) => {
    const value = values[first + i] ?? 0n
    return value === 0n ? [] : [{ title, cost, value }]
  })
  switch (contest.rule.type) {
    case 'plurality':
    case 'approval':
    case 'knapsack':
      return marked.map(({ title, cost }) => ({
        title,
        ...(cost !== undefined && { detail: formatMoney(cost, contest.currency) }),
      }))
    case 'score':
    case 'cumulative':
    case 'quadratic':
      return marked.map(({ title, value }) => ({ title, detail: pointsOf(value) }))
    case 'borda':
    case 'ranking': {
      const ranked = marked.toSorted((a, b) => (a.value > b.value ? -1 : a.value < b.value ? 1 : 0))
      return ranked.map(({ title, value }, i) => {
        const number = formatNumber(i + 1)
        return { title, detail: m.booth_line_place({ number, points: pointsOf(value) }) }
      })
    }
  }
}

function pointsOf(value: bigint): string {
  return m.booth_line_points({ count: Number(value), points: formatNumber(value) })
}

/** A place on the map in degrees, north and east positive; given in millionths. */
export function placeWords({ lat, lon }: { lat: number; lon: number }): string {
  const degrees = new Intl.NumberFormat(locale(), { minimumFractionDigits: 5, maximumFractionDigits: 5 })
  return m.app_place({ lat: degrees.format(lat / 1e6), lon: degrees.format(lon / 1e6) })
}

function left(
  words: (numbers: { left: string; all: string }) => string,
  all: bigint,
  taken: bigint,
  format: (amount: bigint) => string = formatNumber,
): { words: string; share: number } {
  const rest = taken > all ? 0n : all - taken
  return {
    words: words({ left: format(rest), all: format(all) }),
    share: all === 0n ? 0 : Number((taken * 1000n) / all) / 1000,
  }
}

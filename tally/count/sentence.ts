// Rounds in words. The facts are in the round; a language adds only its sentences (SPEC 9.5).
import type { CountMethod, Round, Tie } from './result.ts'

/** Languages that have sentences for rounds. */
export type Language = 'en'

/** One round as one or two sentences. Options appear by their id. */
export function sentence(round: Round, language: Language = 'en'): string {
  return SENTENCES[language].round(round)
}

/** The method with its parameters as one sentence. */
export function methodSentence(method: CountMethod, language: Language = 'en'): string {
  return SENTENCES[language].method(method)
}

const SENTENCES: Record<Language, { round(round: Round): string; method(method: CountMethod): string }> = {
  en: {
    round: (round) => english(round) + (round.tie === null ? '' : ` ${englishTie(round.tie)}`),
    method(method) {
      if ('seats' in method) {
        const winners = method.seats === 1 ? 'the option' : `the ${method.seats} options`
        return `${method.name}: ${winners} with the highest sum; equal sums in the order of the list.`
      }
      const budget = number(method.budget)
      const end = 'equal scores by lower cost, then in the order of the list.'
      switch (method.name) {
        case 'greedy':
          return `greedy, budget ${budget}: by score, what does not fit is skipped; ${end}`
        case 'greedy-threshold':
          return `greedy-threshold, budget ${budget}: by score from ${number(method.threshold)} up, what does not fit is skipped; ${end}`
        case 'greedy-no-skip':
          return `greedy-no-skip, budget ${budget}: by score, until one does not fit; ${end}`
      }
    },
  },
}

function english(round: Round): string {
  const who = `${round.option} (score ${number(round.score)})`
  switch (round.kind) {
    case 'elected':
      return `${who} is elected to seat ${number(round.seat)}.`
    case 'not-elected':
      return round.reason === 'no-votes'
        ? `${who} is not elected: no option got a vote.`
        : `${who} is not elected: all seats are taken.`
    case 'funded':
      return `${who} is funded: it costs ${number(round.cost)} and leaves ${number(round.left)}.`
    case 'not-funded':
      switch (round.reason) {
        case 'no-votes':
          return `${who} is not funded: no project got a vote.`
        case 'below-threshold':
          return `${who} is not funded: its score is below the threshold.`
        case 'over-budget':
          return `${who} is not funded: it costs ${number(round.cost)} and only ${number(round.left)} is left.`
        case 'after-stop':
          return `${who} is not funded: the count ended at the first project that did not fit.`
      }
  }
}

function englishTie({ options, rule, decisive }: Tie): string {
  const by = rule === 'lower-cost' ? 'its cost' : 'the order of the list'
  const weight = decisive
    ? 'and this decided who is selected'
    : 'and no other order would have changed the selection'
  return `Equal scores: ${options.join(', ')}; its turn was set by ${by}, ${weight}.`
}

function number(value: bigint): string {
  return value.toLocaleString('en')
}

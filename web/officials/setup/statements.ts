// An election out of the statements of a process: a question for each that stands, to agree, disagree or pass. SPEC 12.8.
import { LANGUAGES } from '#web/words/locale.svelte.ts'
import { wordsIn } from '#web/words/messages.ts'
import { locales } from '#words/runtime.js'
import { readable } from '#web/opinion/statement.ts'
import { type ProcessView, statementsOf } from '#web/process/api.ts'
import type { Texts } from '#web/officials/texts.ts'
import { type ContestDraft, type ElectionDraft, fromTemplate, newContest } from './draft.ts'

/** Questions in one election. */
const MOST = 64

/** The election of those that stand, in the order of the record. */
export async function electionOfStatements({ process, title, plan }: ProcessView): Promise<ElectionDraft> {
  const { all } = await statementsOf(process)
  const statements = readable(all)
  const languages = Object.keys(plan?.purpose ?? {}).filter((language) => language in LANGUAGES)
  const words = await Promise.all(
    locales.map(async (language) => [language, await wordsIn('opinion', language)] as const),
  )
  const everywhere = (key: string): Texts =>
    Object.fromEntries(words.map(([language, texts]) => [language, texts[key]?.({}) ?? '']))
  const answers = ['opinion_agree', 'opinion_disagree'].map((key) => ({
    ...{ title: everywhere(key), description: {}, cost: '' },
  }))
  const contests = statements.slice(0, MOST).map(({ view, text }): ContestDraft => {
    // Nobody knows in which language somebody has said it.
    const said = view.seed ?? { [languages[0] ?? '']: text }
    const statement = { name: view.name, seed: view.seed }
    return { ...newContest(), title: { ...said }, options: answers, statement }
  })
  return {
    ...fromTemplate('question', languages[0] ?? '', ['', '']),
    ...{ process, processTitle: title, languages, contests },
    ...{ title: everywhere('opinion_title'), description: everywhere('opinion_sealed_way') },
  }
}

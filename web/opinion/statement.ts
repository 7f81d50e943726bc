// A statement as pages show it.
import type { Words } from '#client/participation.ts'
import { m } from '#words/messages.js'
import type { Position } from '#protocol/position.ts'
import type { StatementView } from '#web/process/api.ts'
import { languageOf, textOf } from '#web/words/locale.svelte.ts'

export interface Readable {
  readonly view: StatementView
  readonly text: string
  /** Where that is known. */
  readonly language: string | undefined
  /** What an opinion on it names. */
  readonly words: Words
}

/** Those of these statements that one can read and answer. */
export function readable(statements: readonly StatementView[]): Readable[] {
  return statements.flatMap((view) => {
    const { seed, said, stands } = view
    if (seed !== null) return { view, text: textOf(seed), language: languageOf(seed), words: { seed } }
    const { text = null, key = null } = said?.text ?? {}
    if (!stands || text === null || key === null) return []
    return { view, text, language: undefined, words: { text, key } }
  })
}

export const POSITION_NAMES: Readonly<Record<Position, () => string>> = {
  agree: m.opinion_agree,
  disagree: m.opinion_disagree,
  pass: m.opinion_pass,
}

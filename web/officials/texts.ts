// Texts in several languages as officials type them, and as an act or a manifest has them.
import { plain } from '#protocol/text.ts'

/** One text by its language; a language that is missing was not written yet. */
export type Texts = Record<string, string>

/** What was written in these languages, without blanks at the ends; languages in which nothing was are left out. */
export function written(texts: Texts, languages: readonly string[] = Object.keys(texts)): Texts {
  return Object.fromEntries(
    languages.flatMap((language) => {
      const text = plain(texts[language] ?? '').trim()
      return text === '' ? [] : [[language, text]]
    }),
  )
}

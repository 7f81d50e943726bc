// What a verification found, for printed documents: in the texts that the web app's own pages show.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '#circuits/build/cache.ts'
import { findingWords, type Texts } from '#client/finding-words.ts'
import type { Language } from '#server/data/register.ts'
import type { Finding } from '#tally/verify/finding.ts'
import { filled } from './filled.ts'

/** A finding in a language, without the entry that it is about. */
export async function findingsIn(language: Language): Promise<(finding: Finding) => string> {
  const file = join(ROOT, 'client/words', `${language}.json`)
  const known = JSON.parse(await readFile(file, 'utf8')) as Readonly<Record<string, string>>
  const texts = Object.fromEntries(
    Object.entries(known).map(([key, text]) => [
      key,
      (values: Readonly<Record<string, string>> = {}) => filled(text, values),
    ]),
  )
  const number = new Intl.NumberFormat(language)
  const list = new Intl.ListFormat(language)
  return (finding) =>
    findingWords(finding, {
      texts: texts as unknown as Texts,
      formatNumber: (value) => number.format(value),
      formatList: (items) => list.format(items),
    })
}

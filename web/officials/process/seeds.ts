// Statements as officials type them, one a line in each language, and as the act has them (SPEC 12.8).
import type { ActOf } from '#protocol/act.ts'
import { plain } from '#protocol/text.ts'

type Seeds = ActOf<'seed-statements'>['statements']

/** Statements of the lines of these texts; undefined where one language has other lines than the others. */
export function seedsOf(
  texts: Readonly<Record<string, string>>,
  languages: readonly string[],
): Seeds | undefined {
  const lines = languages.map((language) => [language, linesOf(texts[language] ?? '')] as const)
  const first = lines[0]?.[1] ?? []
  if (lines.some(([, own]) => own.length !== first.length)) return undefined
  return first.map((_, i) => Object.fromEntries(lines.map(([language, own]) => [language, own[i] ?? ''])))
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => plain(line.trim()))
    .filter((line) => line !== '')
}

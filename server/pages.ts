// Addresses of pages of the web app, and texts that stand in several languages, for whoever is sent one or the other.
import type { RecordState } from '#tally/state.ts'

/** The address of a page of this server, by its path with the slash before it. */
export function addressOf({ founded }: Pick<RecordState, 'founded'>, path: string): string {
  const [origin] = founded?.genesis.webOrigins ?? []
  if (origin === undefined) throw new Error('a ledger says where its pages are')
  return `${origin}${path}`
}

/** The text in this language, or else in English, or in any. */
export function textIn(texts: Readonly<Record<string, string>>, language: string): string | undefined {
  return texts[language] ?? texts['en'] ?? Object.values(texts)[0]
}

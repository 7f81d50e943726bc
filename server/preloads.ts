// Scripts that a page of the app needs at once, its texts among them, named in its Link header (RFC 8288): a first visit
// then fetches them together, and not each when another has asked for it. Leaving it out changes nothing but the time.
import { parseAccept } from 'hono/utils/accept'
import * as z from 'zod/mini'

const schema = z.strictObject({
  /** The app's texts by language, `en`, and those of some pages, `en?booth`. */
  words: z.record(z.string(), z.array(z.string())),
  /** Paths of pages as regular expressions. */
  pages: z.array(
    z.strictObject({
      pattern: z.pipe(
        z.string(),
        z.transform((source) => new RegExp(source)),
      ),
      files: z.array(z.string()),
      /** Which texts it has beside those of all pages. */
      texts: z.array(z.string()),
    }),
  ),
})

export type Preloads = z.output<typeof schema>

/** Reads what was written with the app. Error if it is something else. */
export function readPreloads(text: string): Preloads {
  return schema.parse(JSON.parse(text))
}

/** The header for a path of a page, in the first of the browser's languages that the app has. */
export function linkHeader({ words, pages }: Preloads, path: string, languages = ''): string {
  const language = parseAccept(languages)
    .map(({ type }) => type.split('-')[0] ?? '')
    .find((wanted) => Object.hasOwn(words, wanted))
  const { files: own = [], texts = [] } = pages.find(({ pattern }) => pattern.test(path)) ?? {}
  const asked = ['', ...texts.map((area) => `?${area}`)]
  const files = new Set([...own, ...asked.flatMap((area) => words[(language ?? 'en') + area] ?? [])])
  return [...files].map((file) => `<${file}>; rel=modulepreload`).join(', ')
}

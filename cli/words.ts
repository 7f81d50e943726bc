// The texts in web/words and client/words as functions in .cache/words, compiled when they have changed: `npm run words`.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '#circuits/build/cache.ts'
import { hashOfSources } from './sources.ts'

/** Beside its settings, what compiling the messages leaves behind. */
export const PROJECT = 'web/words/project.inlang'

const OUTPUT = join(ROOT, '.cache/words')

/** Compiles the texts unless what is there was made of the present ones. Their types, which only checks need, take twice
 *  as long again. */
export async function ensureWords(types: boolean): Promise<void> {
  const sources = await hashOfSources(
    ['package-lock.json', 'cli/words.ts', `${PROJECT}/settings.json`],
    ['web/words', 'client/words'],
    PROJECT,
  )
  const stamp = join(OUTPUT, '.sources')
  const made = await readFile(stamp, 'utf8').catch(() => undefined)
  const typed = `${sources} typed`
  if (made === typed || (made === sources && !types)) return
  const { compile } = await import('@inlang/paraglide-js')
  await compile({
    project: join(ROOT, PROJECT),
    outdir: OUTPUT,
    strategy: ['localStorage', 'preferredLanguage', 'baseLocale'],
    emitTsDeclarations: types,
    outputStructure: 'locale-modules',
    // Workers have no window either.
    isServer: "import.meta.env?.SSR ?? typeof window === 'undefined'",
  })
  await writeFile(stamp, types ? typed : sources)
}

if (import.meta.main) await ensureWords(true)

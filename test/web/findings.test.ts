// Findings in the words of a page: numbers as the language writes them, contests and checkpoints counted from 1.
import { afterEach, expect, test, vi } from 'vitest'
import type { Finding } from '#tally/verify/finding.ts'
import { findingWords } from '#web/observer/finding-words.ts'
import { type Locale, overwriteGetLocale } from '#words/runtime.js'

// The chosen language is a state of the page, which only a browser has.
let locale: Locale = 'en'
vi.mock('#web/words/locale.svelte.ts', () => ({ region: () => locale }))
afterEach(() => speak('en'))

function speak(language: Locale): void {
  locale = language
  overwriteGetLocale(() => language)
}

const V7 = { check: 'V7', status: 'passed', code: 'key-shared' } as const
const V17 = { check: 'V17', status: 'failed', code: 'application-differs', entry: 3 } as const

test.each<[Locale, Finding, string]>([
  [
    'en',
    { check: 'V1', status: 'passed', code: 'entries-signed', fields: { entries: 12345 } },
    'The checkpoint signs every entry: 12,345.',
  ],
  [
    'de',
    { check: 'V1', status: 'passed', code: 'entries-signed', fields: { entries: 12345 } },
    'Der Prüfpunkt signiert jeden Eintrag: 12.345.',
  ],
  [
    'fi',
    { check: 'V12', status: 'failed', code: 'sums-differ', fields: { contest: 0 }, entry: 30 },
    'Kysymys 1: ilmoitettiin eri summa kuin pöytäkirja antaa.',
  ],
  [
    'sv',
    { check: 'V1', status: 'failed', code: 'held-fork', fields: { checkpoint: 1, entries: 7 } },
    'FÖRGRENING: protokollet fortsätter inte en tidigare kontrollpunkt (nummer 2, storlek 7). Spara båda som bevis.',
  ],
  [
    'es',
    { ...V7, fields: { election: 'a', threshold: 2, guardians: 3 } },
    'a: para descifrar hacen falta 2 de 3 custodios.',
  ],
  [
    'es',
    { ...V7, fields: { election: 'a', threshold: 1, guardians: 3 } },
    'a: un solo custodio puede abrir todas las papeletas.',
  ],
  [
    'en',
    { ...V17, fields: { paths: ['/a', '/b'], more: 0 } },
    'The server’s web app is another one. Files that differ: /a and /b.',
  ],
  [
    'en',
    { ...V17, fields: { paths: ['/a', '/b'], more: 4 } },
    'The server’s web app is another one. Files that differ: /a, /b. Not named here: 4.',
  ],
  [
    'gd',
    { check: 'V4', status: 'failed', code: 'too-late', fields: { detail: 'in English' }, entry: 4 },
    'Bha e ro anmoch airson seo.',
  ],
])('%s %j', (language, finding, words) => {
  speak(language)
  expect(findingWords(finding)).toBe(words)
})

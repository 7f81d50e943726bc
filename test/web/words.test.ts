// Every text of the app in every language: none missing, none left over, the same placeholders, a form for every number,
// and none that was left in English. What is the same in two languages on purpose stands on a list.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesIn, ROOT } from '#circuits/build/cache.ts'

interface Variants {
  readonly declarations: readonly string[]
  readonly selectors: readonly string[]
  readonly match: Readonly<Record<string, string>>
}
type Message = string | readonly Variants[]
type Catalogue = Readonly<Record<string, Message>>

const WORDS = join(ROOT, 'web/words')
const BASE = 'en'
const settings = JSON.parse(readFileSync(join(WORDS, 'project.inlang/settings.json'), 'utf8')) as {
  locales: string[]
  'plugin.inlang.messageFormat': { pathPattern: string[] }
}
const languages = settings.locales.filter((locale) => locale !== BASE)
const areas = readdirSync(join(WORDS, BASE)).map((file) => file.replace('.json', ''))
/** What a verification finds, where printed documents read it too. */
const FINDINGS = join(ROOT, 'client/words')

/** The same in all languages: a name, and what has no words. */
const EVERYWHERE = ['app_name']
/** The same in English and in this language, and right so. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  sv: [
    'app_demo_bar',
    'record_field_process',
    'accountability_figure_budget',
    'officials_accountability_process',
  ],
  de: ['device_backup_file_passphrase', 'observer_guardian_name', 'observer_option'],
  es: ['officials_setup_no'],
  fr: [
    'app_menu',
    'booth_place_number',
    'booth_line_place',
    'observer_option',
    'observer_turnout_which',
    'officials_mail_kind_invitation',
    'accountability_figure_budget',
    'record_field_contest',
    'record_field_questions',
    'record_field_circuits',
    'record_field_signature',
  ],
}

describe('the catalogue', () => {
  test('is the one that the compiler reads', () => {
    const listed = settings['plugin.inlang.messageFormat'].pathPattern
    const own = areas.map((area) => `./{locale}/${area}.json`)
    expect([...listed].sort()).toEqual(['../../client/words/{locale}.json', ...own].sort())
    expect(languages).toEqual(['fi', 'sv', 'de', 'fr', 'es', 'gd'])
  })

  test('has no text that no page shows', async () => {
    const files = (await filesIn(join(ROOT, 'web'))).map((file) => join('web', file))
    const sources = [...files, 'client/finding-words.ts']
      .filter((file) => /\.(svelte|ts)$/.test(file))
      .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    const shown = new Set(sources.flatMap((source) => source.match(/\b[a-z]+_[a-z0-9_]+\b/g) ?? []))
    expect(Object.keys(catalogue(BASE)).filter((key) => !shown.has(key))).toEqual([])
  })

  test('gives English a form for every number', () => {
    const english = catalogue(BASE)
    expect(Object.entries(english).flatMap(([key, message]) => formless(BASE, key, message))).toEqual([])
  })

  test.each(languages)('%s', (locale) => {
    expect(faults(locale, catalogue(locale), catalogue(BASE))).toEqual([])
  })

  test('names on its lists only what is there and the same', () => {
    const english = catalogue(BASE)
    for (const [locale, keys] of Object.entries(SHARED)) {
      const texts = catalogue(locale)
      expect(keys.filter((key) => !same(texts[key], english[key]))).toEqual([])
    }
  })
})

describe('each rule can fail', () => {
  const form = { declarations: ['input n', 'local form = n: plural'], selectors: ['form'] }
  const plural = [{ ...form, match: { 'form=one': '{n} vote', 'form=other': '{n} votes' } }]
  const english: Catalogue = { a: 'Vote until {when}', b: plural }
  const good: Catalogue = {
    a: 'Äänestä {when} asti',
    b: [{ ...form, match: { 'form=one': '{n} ääni', 'form=other': '{n} ääntä' } }],
  }
  const missing: Catalogue = { b: good.b ?? '' }
  test.each<[string, Catalogue, string[]]>([
    ['nothing', good, []],
    ['missing', missing, ['a is missing']],
    ['left over', { ...good, c: 'Enää' }, ['c is left over']],
    ['placeholder', { ...good, a: 'Äänestä {koska} asti' }, ['a has {koska} instead of {when}']],
    ['English', { ...good, a: 'Vote until {when}' }, ['a is in English']],
    ['English with forms', { ...good, b: plural }, ['b is in English']],
    ['no forms', { ...good, b: '{n} ääntä' }, ['b has no forms']],
    [
      'a form that is not there',
      { ...good, b: [{ ...form, match: { 'form=other': '{n} ääntä' } }] },
      ['b has no form for one'],
    ],
    [
      'a placeholder of one form',
      { ...good, b: [{ ...form, match: { 'form=one': '{m} ääni', 'form=other': '{n} ääntä' } }] },
      ['b has {m}, {n} instead of {n}'],
    ],
  ])('%s', (_, texts, found) => expect(faults('fi', texts, english)).toEqual(found))
})

/** All texts of a language. */
function catalogue(locale: string): Catalogue {
  const files = [
    join(FINDINGS, `${locale}.json`),
    ...areas.map((area) => join(WORDS, locale, `${area}.json`)),
  ]
  const all = files.flatMap((file) => Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Catalogue))
  return Object.fromEntries(all.filter(([key]) => key !== '$schema'))
}

function faults(locale: string, texts: Catalogue, english: Catalogue): string[] {
  const left = Object.keys(texts).filter((key) => !(key in english))
  return [
    ...left.map((key) => `${key} is left over`),
    ...Object.entries(english).flatMap(([key, original]) => {
      const message = texts[key]
      if (message === undefined) return [`${key} is missing`]
      if (typeof message === 'string' && typeof original !== 'string') return [`${key} has no forms`]
      const [wanted, found] = [placeholders(original), placeholders(message)]
      if (wanted !== found) return [`${key} has ${found} instead of ${wanted}`]
      const shared = [...EVERYWHERE, ...(SHARED[locale] ?? [])].includes(key)
      if (same(message, original) && hasWords(original) && !shared) return [`${key} is in English`]
      return formless(locale, key, message)
    }),
  ]
}

/** Numbers for which a message has no words. */
function formless(locale: string, key: string, message: Message): string[] {
  if (typeof message === 'string') return []
  const { pluralCategories } = new Intl.PluralRules(locale).resolvedOptions()
  return message.flatMap(({ match }) => {
    const forms = new Set(Object.keys(match).map((form) => form.split('=')[1]))
    const bare = forms.has('*') ? [] : pluralCategories.filter((category) => !forms.has(category))
    return bare.map((category) => `${key} has no form for ${category}`)
  })
}

function placeholders(message: Message): string {
  const texts = typeof message === 'string' ? [message] : message.flatMap(({ match }) => Object.values(match))
  return [...new Set(texts.flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort().join(', ')
}

function hasWords(message: Message): boolean {
  return typeof message !== 'string' || /\p{L}/u.test(message.replaceAll(/\{\w+\}/g, ''))
}

function same(one: Message | undefined, other: Message | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

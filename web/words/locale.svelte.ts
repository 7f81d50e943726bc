// The language of the app. Changing it changes every text at once and loads no page, so that no mark is ever lost.
import {
  baseLocale,
  extractLocaleFromNavigator,
  getTextDirection,
  type Locale,
  locales,
  localStorageKey,
  overwriteGetLocale,
} from '#words/runtime.js'
import { loadWords } from './messages.ts'

/** What each language calls itself. */
export const LANGUAGES: Readonly<Record<Locale, string>> = {
  en: 'English',
  fi: 'Suomi',
  sv: 'Svenska',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  gd: 'Gàidhlig',
}

let current = $state<Locale>(kept() ?? extractLocaleFromNavigator() ?? baseLocale)
overwriteGetLocale(() => current)
$effect.root(() => {
  $effect(() => {
    document.documentElement.lang = current
    document.documentElement.dir = getTextDirection(current)
  })
})

/** The language now. Reading it in a template makes that follow. */
export function locale(): Locale {
  return current
}

/** The language now as this person's region writes dates and numbers, where the browser tells it: en-GB, de-AT. */
export function region(): string {
  return navigator.languages.find((wanted) => wanted.split('-')[0] === current) ?? current
}

/** Loads the language now, or English if that cannot be had. Before this no text can be shown. */
export async function prepareWords(): Promise<void> {
  await loadWords(current).catch(async () => {
    await loadWords(baseLocale)
    current = baseLocale
  })
}

/** Changes the language and remembers it on this device. Rejects, and changes nothing, if it cannot be loaded. */
export async function chooseLocale(chosen: Locale): Promise<void> {
  await showIn(chosen)
  localStorage.setItem(localStorageKey, chosen)
}

/** The same for a look at it: the device does not remember. */
export async function showIn(language: Locale): Promise<void> {
  await loadWords(language)
  current = language
}

/** The manifest's words in the language now, else in English, else in the first language that it has. */
export function textOf(texts: Readonly<Record<string, string>>): string {
  return texts[current] ?? texts[baseLocale] ?? Object.values(texts)[0] ?? ''
}

/** The language that `textOf` shows, where it is not the app's: for `lang` attributes. */
export function languageOf(texts: Readonly<Record<string, string>>): string | undefined {
  if (texts[current] !== undefined) return undefined
  return texts[baseLocale] === undefined ? Object.keys(texts)[0] : baseLocale
}

function kept(): Locale | undefined {
  const stored = localStorage.getItem(localStorageKey)
  return locales.find((known) => known === stored)
}

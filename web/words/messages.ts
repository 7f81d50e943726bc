// The app's texts, of which a browser loads one language at a time. The build puts this in place of the message
// compiler's own index, which imports all languages.
import { untrack } from 'svelte'
import { baseLocale, getLocale, type Locale } from '#words/runtime.js'

type Messages = (typeof import('#words/messages.js'))['m']
type Catalogue = Readonly<Record<string, (inputs: object) => string>>

const CATALOGUES: Readonly<Record<Locale, () => Promise<object>>> = {
  en: () => import('#words/messages/en.js'),
  fi: () => import('#words/messages/fi.js'),
  sv: () => import('#words/messages/sv.js'),
  de: () => import('#words/messages/de.js'),
  fr: () => import('#words/messages/fr.js'),
  es: () => import('#words/messages/es.js'),
  gd: () => import('#words/messages/gd.js'),
}
/** Texts that not every page shows, apart by the first word of their keys (vite.config.ts). */
const APART = {
  booth: {
    en: () => import('#words/messages/en.js?booth'),
    fi: () => import('#words/messages/fi.js?booth'),
    sv: () => import('#words/messages/sv.js?booth'),
    de: () => import('#words/messages/de.js?booth'),
    fr: () => import('#words/messages/fr.js?booth'),
    es: () => import('#words/messages/es.js?booth'),
    gd: () => import('#words/messages/gd.js?booth'),
  },
  observer: {
    en: () => import('#words/messages/en.js?observer'),
    fi: () => import('#words/messages/fi.js?observer'),
    sv: () => import('#words/messages/sv.js?observer'),
    de: () => import('#words/messages/de.js?observer'),
    fr: () => import('#words/messages/fr.js?observer'),
    es: () => import('#words/messages/es.js?observer'),
    gd: () => import('#words/messages/gd.js?observer'),
  },
  record: {
    en: () => import('#words/messages/en.js?record'),
    fi: () => import('#words/messages/fi.js?record'),
    sv: () => import('#words/messages/sv.js?record'),
    de: () => import('#words/messages/de.js?record'),
    fr: () => import('#words/messages/fr.js?record'),
    es: () => import('#words/messages/es.js?record'),
    gd: () => import('#words/messages/gd.js?record'),
  },
  help: {
    en: () => import('#words/messages/en.js?help'),
    fi: () => import('#words/messages/fi.js?help'),
    sv: () => import('#words/messages/sv.js?help'),
    de: () => import('#words/messages/de.js?help'),
    fr: () => import('#words/messages/fr.js?help'),
    es: () => import('#words/messages/es.js?help'),
    gd: () => import('#words/messages/gd.js?help'),
  },
  guardian: {
    en: () => import('#words/messages/en.js?guardian'),
    fi: () => import('#words/messages/fi.js?guardian'),
    sv: () => import('#words/messages/sv.js?guardian'),
    de: () => import('#words/messages/de.js?guardian'),
    fr: () => import('#words/messages/fr.js?guardian'),
    es: () => import('#words/messages/es.js?guardian'),
    gd: () => import('#words/messages/gd.js?guardian'),
  },
  officials: {
    en: () => import('#words/messages/en.js?officials'),
    fi: () => import('#words/messages/fi.js?officials'),
    sv: () => import('#words/messages/sv.js?officials'),
    de: () => import('#words/messages/de.js?officials'),
    fr: () => import('#words/messages/fr.js?officials'),
    es: () => import('#words/messages/es.js?officials'),
    gd: () => import('#words/messages/gd.js?officials'),
  },
  ceremony: {
    en: () => import('#words/messages/en.js?ceremony'),
    fi: () => import('#words/messages/fi.js?ceremony'),
    sv: () => import('#words/messages/sv.js?ceremony'),
    de: () => import('#words/messages/de.js?ceremony'),
    fr: () => import('#words/messages/fr.js?ceremony'),
    es: () => import('#words/messages/es.js?ceremony'),
    gd: () => import('#words/messages/gd.js?ceremony'),
  },
  finding: {
    en: () => import('#words/messages/en.js?finding'),
    fi: () => import('#words/messages/fi.js?finding'),
    sv: () => import('#words/messages/sv.js?finding'),
    de: () => import('#words/messages/de.js?finding'),
    fr: () => import('#words/messages/fr.js?finding'),
    es: () => import('#words/messages/es.js?finding'),
    gd: () => import('#words/messages/gd.js?finding'),
  },
  accountability: {
    en: () => import('#words/messages/en.js?accountability'),
    fi: () => import('#words/messages/fi.js?accountability'),
    sv: () => import('#words/messages/sv.js?accountability'),
    de: () => import('#words/messages/de.js?accountability'),
    fr: () => import('#words/messages/fr.js?accountability'),
    es: () => import('#words/messages/es.js?accountability'),
    gd: () => import('#words/messages/gd.js?accountability'),
  },
  opinion: {
    en: () => import('#words/messages/en.js?opinion'),
    fi: () => import('#words/messages/fi.js?opinion'),
    sv: () => import('#words/messages/sv.js?opinion'),
    de: () => import('#words/messages/de.js?opinion'),
    fr: () => import('#words/messages/fr.js?opinion'),
    es: () => import('#words/messages/es.js?opinion'),
    gd: () => import('#words/messages/gd.js?opinion'),
  },
  process: {
    en: () => import('#words/messages/en.js?process'),
    fi: () => import('#words/messages/fi.js?process'),
    sv: () => import('#words/messages/sv.js?process'),
    de: () => import('#words/messages/de.js?process'),
    fr: () => import('#words/messages/fr.js?process'),
    es: () => import('#words/messages/es.js?process'),
    gd: () => import('#words/messages/gd.js?process'),
  },
  mydata: {
    en: () => import('#words/messages/en.js?mydata'),
    fi: () => import('#words/messages/fi.js?mydata'),
    sv: () => import('#words/messages/sv.js?mydata'),
    de: () => import('#words/messages/de.js?mydata'),
    fr: () => import('#words/messages/fr.js?mydata'),
    es: () => import('#words/messages/es.js?mydata'),
    gd: () => import('#words/messages/gd.js?mydata'),
  },
  demo: {
    en: () => import('#words/messages/en.js?demo'),
    fi: () => import('#words/messages/fi.js?demo'),
    sv: () => import('#words/messages/sv.js?demo'),
    de: () => import('#words/messages/de.js?demo'),
    fr: () => import('#words/messages/fr.js?demo'),
    es: () => import('#words/messages/es.js?demo'),
    gd: () => import('#words/messages/gd.js?demo'),
  },
} satisfies Record<string, typeof CATALOGUES>

type Area = keyof typeof APART

const wanted = new Set([CATALOGUES])
const loaded = new Map<Locale, Catalogue>()

/** Loads a language, before which none of its texts can be shown. Rejects if it cannot be fetched. */
export async function loadWords(locale: Locale): Promise<void> {
  const parts = await Promise.all([...wanted].map((catalogues) => catalogues[locale]()))
  loaded.set(locale, Object.assign({}, ...parts) as Catalogue)
}

/** Loads the texts of these pages now, and from now on those of every other language that is loaded. */
export async function loadWordsOf(...areas: readonly Area[]): Promise<void> {
  for (const area of areas) wanted.add(APART[area])
  // Another language is loaded with these; a template that waits here does not begin again, and forget what is typed.
  await loadWords(untrack(getLocale))
}

/** The texts of these pages in one language, for words that stand in several side by side. */
export async function wordsIn(area: Area, locale: Locale): Promise<Catalogue> {
  return (await APART[area][locale]()) as Catalogue
}

/** The `load` of pages with these texts. */
export function pageWords(...areas: readonly Area[]) {
  return async ({ parent }: { parent: () => Promise<unknown> }): Promise<void> => {
    // They come while the app's own load, which says which language it is, waits for the texts of all pages.
    void Promise.allSettled(areas.map((area) => APART[area][getLocale()]()))
    await parent()
    await loadWordsOf(...areas)
  }
}

/** All messages by their keys. Reading one in a template makes that follow the language. */
export const m = new Proxy({} as Messages, {
  get:
    (_, key: string) =>
    (inputs: object = {}, { locale = getLocale() }: { locale?: Locale } = {}) => {
      const message = (loaded.get(locale) ?? loaded.get(baseLocale))?.[key]
      if (message === undefined) throw new Error(`${key} is shown before ${locale} is loaded`)
      return message(inputs)
    },
})

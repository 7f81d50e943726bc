// The app runs in the browser only: no page is made on a server, so none can be made for one voter alone.
import { prepareWords } from '#web/words/locale.svelte.ts'

export const ssr = false
export const prerender = false

export const load = prepareWords

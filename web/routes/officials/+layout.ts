// Texts of these pages are loaded here: see web/words/messages.ts.
import { pageWords } from '#web/words/messages.ts'
import type { LayoutLoad } from './$types'

export const load: LayoutLoad = pageWords('officials', 'observer', 'record')

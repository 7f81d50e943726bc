// Texts of what people see of a process are loaded here: see web/words/messages.ts.
import { pageWords } from '#web/words/messages.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = pageWords('process')

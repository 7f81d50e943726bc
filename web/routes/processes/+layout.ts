// Texts of these pages are loaded here: see web/words/messages.ts.
import { loadWordsOf } from '#web/words/messages.ts'
import type { LayoutLoad } from './$types'

export const load: LayoutLoad = async ({ parent }) => {
  // It says which language it is.
  await parent()
  await loadWordsOf('process')
}

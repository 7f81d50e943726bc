// Texts of this page are loaded here: see web/words/messages.ts.
import { loadWordsOf } from '#web/words/messages.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ parent }) => {
  // It says which language it is.
  await parent()
  await loadWordsOf('accountability')
}

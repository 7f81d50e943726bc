// What opened elections are called, for entries that name them by a hash.
import { elections } from '#web/device/api.ts'
import { textOf } from '#web/words/locale.svelte.ts'

/** Titles by E in hexadecimal, as this server tells them; none if it does not answer. They only make reading easier. */
export async function openedTitles(): Promise<ReadonlyMap<string, string>> {
  const all = await elections().catch(() => [])
  return new Map(
    all.flatMap(({ opening, title }) => (opening === null ? [] : [[opening.hash, textOf(title)] as const])),
  )
}

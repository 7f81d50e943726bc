// What is not to be kept is cleared away: texts whose erasure a crash came after (SPEC 12.6) or whose entries were refused at
// the last moment, and addresses that nobody has confirmed.
import type { Parts } from '#server/parts.ts'
import { passed } from '#server/waiting.ts'
import { Followers } from './followers.ts'

/** Between two looks, in milliseconds. */
const EVERY = 3_600_000
/** A text this young may belong to an entry on its way, in milliseconds. */
const YOUNG = 600_000

type Needed = Pick<Parts, 'board' | 'writings' | 'database' | 'journal' | 'clock'>

/** Clears away all of them, and then hourly what has come since, until disposed of. */
export async function clearTexts(needed: Needed): Promise<AsyncDisposable> {
  const end = new AbortController()
  let since = await clear(needed, 0)
  const run = async (): Promise<void> => {
    for (;;) {
      await passed(EVERY, end.signal)
      if (end.signal.aborted) return
      try {
        since = await clear(needed, since)
      } catch (error) {
        needed.journal.error({ err: error }, 'texts could not be cleared away')
      }
    }
  }
  const done = run()
  return {
    async [Symbol.asyncDispose]() {
      end.abort()
      await done
    },
  }
}

/** Clears away the texts kept since a time, all of which are old enough, and the addresses. Up to when it has looked. */
export async function clear(
  { board, writings, database, journal, clock }: Needed,
  since: number,
): Promise<number> {
  const until = clock() - YOUNG
  const { texts } = board.state
  const cleared = await writings.clear(since, until, (commitment) => texts.get(commitment) === 'kept')
  await new Followers(database, clock).forget()
  if (cleared > 0) journal.info({ cleared }, 'texts were cleared away that the record does not keep')
  return until
}

// Texts that the record does not keep are cleared away: those whose erasure a crash came after (SPEC 12.6), and those whose
// entries were refused at the last moment.
import type { Parts } from '#server/parts.ts'
import { passed } from '#server/waiting.ts'

/** Between two looks, in milliseconds. */
const EVERY = 3_600_000
/** A text this young may belong to an entry on its way, in milliseconds. */
const YOUNG = 600_000

type Needed = Pick<Parts, 'board' | 'writings' | 'journal' | 'clock'>

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

/** Clears away those kept since a time, all of which are old enough. Up to when it has looked. */
export async function clear({ board, writings, journal, clock }: Needed, since: number): Promise<number> {
  const until = clock() - YOUNG
  const { texts } = board.state
  const cleared = await writings.clear(since, until, (commitment) => texts.get(commitment) === 'kept')
  if (cleared > 0) journal.info({ cleared }, 'texts were cleared away that the record does not keep')
  return until
}

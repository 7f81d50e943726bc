// Closing by the clock (SPEC 8.2): once officials are named, the server's own key may still sign this, and nobody else has
// to. What is due follows from the ledger each time, so that a restart or a moved closing time needs no memory.
import { Refusal } from '#protocol/refusal.ts'
import type { ElectionState } from '#tally/state.ts'
import type { Official } from './official.ts'
import type { Parts } from './parts.ts'
import { grown, passed } from './waiting.ts'

/** Longest wait before the clock is read again, in milliseconds: it may have been set, or the machine asleep. */
const LONGEST = 60_000
/** After a failure. */
const RETRY = 5000

export interface Closing extends Pick<Parts, 'board' | 'journal' | 'clock'> {
  /** Signs for the server. */
  readonly official: Pick<Official, 'act'>
}

/** Closes each election when its time has come, until disposed of. */
export function closeByClock(closing: Closing): AsyncDisposable {
  const end = new AbortController()
  const run = async (): Promise<void> => {
    while (!end.signal.aborted) {
      if (await closeDue(closing)) await grown(closing.board, patience(closing), end.signal)
      else await passed(RETRY, end.signal)
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

/** Closes what is due now. Whether nothing is left that should be closed. */
export async function closeDue(closing: Closing): Promise<boolean> {
  const { board, official, journal } = closing
  let done = true
  for (const election of openElections(closing)) {
    if (election.closesAt > board.time) continue
    const { process, slug } = election
    try {
      const entry = await official.act(process, () => ({ type: 'close-election', election: slug }))
      journal.info({ process, election: slug, entry }, 'closed by the clock')
    } catch (error) {
      // Somebody else was faster.
      if (error instanceof Refusal && error.code === 'wrong-state') continue
      journal.error({ process, election: slug, err: error }, 'an election could not be closed')
      done = false
    }
  }
  return done
}

/** Milliseconds until the next closing time, or less. */
function patience(closing: Closing): number {
  const now = closing.clock()
  return Math.min(...openElections(closing).map(({ closesAt }) => closesAt - now), LONGEST)
}

/** None before there are officials: until then whoever has opened closes. */
function openElections({ board: { state } }: Closing): ElectionState[] {
  if (state.officials === undefined) return []
  return [...state.opened.values()].filter(({ closedAt }) => closedAt === undefined)
}

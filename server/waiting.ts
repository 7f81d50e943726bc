// Waiting: for time to pass, or for the ledger to grow; a signal ends either.
import type { Board } from './board.ts'

/** Whether the ledger grows within this time (milliseconds), before the signal ends the waiting. */
export async function grown(board: Board, longest: number, end: AbortSignal): Promise<boolean> {
  const woken = new AbortController()
  const forget = board.onGrowth(() => woken.abort())
  try {
    await passed(longest, AbortSignal.any([end, woken.signal]))
  } finally {
    forget()
  }
  return woken.signal.aborted
}

/** Resolves after this time (milliseconds) or once the signal says so. */
export function passed(milliseconds: number, early: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      early.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    early.addEventListener('abort', done)
    if (early.aborted) done()
  })
}

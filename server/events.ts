// The ledger's growth as server-sent events, so that pages follow it without asking again and again.
import { streamSSE } from 'hono/streaming'
import { operation, type Operation } from './operation.ts'
import type { Parts } from './parts.ts'
import { Problem } from './problem.ts'
import { grown, passed } from './waiting.ts'

/** Least time between two events to one listener, and longest silence, in milliseconds. */
const PACE = 250
const HEARTBEAT = 15_000
/** Listeners at once; more are turned away. */
const MAX_LISTENERS = 1000

export function eventOperations({ board, stopping }: Pick<Parts, 'board' | 'stopping'>): Operation[] {
  let listeners = 0
  return [
    operation(
      {
        method: 'GET',
        path: '/api/events',
        access: 'anybody',
        summary: 'Tells of new entries as they become durable, and of the present size at once.',
        parameters: {},
        query: {},
        success: [
          {
            status: 200,
            description: 'Events `log` with data `{ "size": entries }`, at most 4 a second.',
            type: 'text/event-stream',
          },
        ],
      },
      ({ c }) => {
        if (listeners >= MAX_LISTENERS) throw new Problem('busy', 'Too many are listening.', 30)
        listeners += 1
        // Proxies that gather an answer before they pass it on are asked not to.
        c.header('X-Accel-Buffering', 'no')
        return streamSSE(c, async (stream) => {
          const gone = new AbortController()
          stream.onAbort(() => gone.abort())
          const end = AbortSignal.any([gone.signal, stopping])
          try {
            for (let told = -1; !end.aborted;) {
              const { size } = board.ledger
              if (size === told) {
                if (!(await grown(board, HEARTBEAT, end))) await stream.write(':\n\n')
              } else {
                told = size
                await stream.writeSSE({ event: 'log', data: JSON.stringify({ size }) })
                await passed(PACE, end)
              }
            }
          } finally {
            listeners -= 1
          }
        })
      },
    ),
  ]
}

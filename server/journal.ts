// The server's own log, one JSON object a line. It names routes, codes and durations; never an address, a code, a token,
// a commitment or a ballot, for whoever keeps such a log could tell who voted when.
import { type DestinationStream, type Logger, pino } from 'pino'

export type Journal = Pick<Logger, 'info' | 'warn' | 'error' | 'fatal'>

/** Writes to the stream, or to standard error. Of errors it keeps name, message and stack. */
export function openJournal(stream: DestinationStream = pino.destination({ fd: 2, sync: true })): Journal {
  const serializers = { err: described }
  return pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers }, stream)
}

/** A failed query's own message repeats all that it was asked with, its cause's does not. */
function described(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if ('params' in error && error.cause !== undefined) return described(error.cause)
  const { name, message, stack, cause } = error
  return { type: name, message, stack, ...(cause !== undefined && { cause: described(cause) }) }
}

// Why the application's data cannot be opened. The person who starts the server reads the message.

/**
 * `in use`: another process holds the folder. `not durable`: an acknowledged commit could be lost in a power cut.
 * `newer`: a later version of this program has changed the tables.
 */
export type DatabaseRefusal = 'in use' | 'not durable' | 'newer'

/** The database refuses to start. Nothing was changed by the attempt, except tables that were brought up to date. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused'
  readonly reason: DatabaseRefusal

  constructor(reason: DatabaseRefusal, message: string) {
    super(message)
    this.reason = reason
  }
}

// Work that guesses could be made with: whoever has failed too often waits.
import type { Attempts } from './attempts.ts'
import { Problem } from './problem.ts'

/** Does the work of a source that has not failed too often, and holds its failures against it. Throws `Problem`. */
export async function guard<T>(
  attempts: Attempts,
  source: string,
  work: () => Promise<T>,
  isFailure: (error: unknown) => boolean,
): Promise<T> {
  const wait = attempts.wait(source)
  if (wait > 0) throw new Problem('too-many-attempts', 'Too many failed attempts from here.', wait)
  try {
    return await work()
  } catch (error) {
    if (isFailure(error)) attempts.fail(source)
    throw error
  }
}

// Failures that may be gone a little later, wherever they were met.

/** What can be made up for by sending the same again. */
const TRANSIENT = ['unreachable', 'busy', 'unavailable', 'bad-answer']

/** Whether the same may succeed a little later. */
export function isTransient(error: unknown): boolean {
  return error instanceof Error && 'code' in error && TRANSIENT.includes(String(error.code))
}

// Entries whose content is known from their number, so that a test can tell any change: about the size of a ballot.

/** The log's name in the fault tests. */
export const ORIGIN = 'example.com/faults'

/** Entry number i: 600 to 1,399 bytes that depend on the number. */
export function entryOf(number: number): Uint8Array {
  const entry = new Uint8Array(600 + ((number * 397) % 800))
  let state = (number + 1) * 2654435761
  for (let i = 0; i < entry.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    entry[i] = state >>> 24
  }
  return entry
}

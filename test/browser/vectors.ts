// In a page, in the place of node:fs: the one file that the core's tests read.
import vectors from '../vectors/eip-197.json' with { type: 'json' }

/** The file's text, whatever the path. */
export function readFileSync(): string {
  return JSON.stringify(vectors)
}

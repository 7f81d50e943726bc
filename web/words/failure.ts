// From a failure's code to a sentence on what happened and one on what to do. The one table of them.
import { m } from '#words/messages.js'

export interface Sentence {
  readonly what: string
  readonly next?: string
}

/** Words for whatever was thrown: by its code where it has one that is known. */
export function sentenceOf(error: unknown): Sentence {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return WORDS[code]?.() ?? { what: m.failure_unknown(), next: m.failure_unknown_next() }
}

const WORDS: Readonly<Record<string, () => Sentence>> = {
  unreachable: () => ({ what: m.failure_unreachable(), next: m.failure_unreachable_next() }),
  busy: () => ({ what: m.failure_busy(), next: m.failure_busy_next() }),
  'not-found': () => ({ what: m.failure_not_found() }),
}

// What Removal.svelte and its dialog are given.
import type { Snippet } from 'svelte'

/** Something that is removed from the device for ever. */
export interface Removal {
  /** On the button that asks, over the question, on the button that keeps, and on the one that removes. */
  readonly labels: {
    readonly ask: string
    readonly title: string
    readonly keep: string
    readonly remove: string
  }
  readonly remove: () => Promise<void>
  /** What is lost. */
  readonly children: Snippet
}

// What every control of a contest is given: the paper, how it is marked now, and how to mark it.
import type { Draft, Marks, Paper } from './paper.ts'

export interface Marking {
  readonly paper: Paper
  readonly draft: Draft
  readonly change: (marks: Marks) => void
  /** The same of marks with which the voter is done here. */
  readonly settle: (marks: Marks) => void
  /** Gives one option another mark, see `Marks`. */
  readonly mark: (option: number, mark: number) => void
  /** Says something to those who listen to a screen reader, after what is being said. */
  readonly announce: (words: string) => void
}

// How a comment stands to what it is about, in words.
import type { Stance } from '#protocol/signal.ts'
import { m } from '#words/messages.js'

const NAMES: Readonly<Record<Stance, () => string>> = {
  for: m.process_comment_for,
  against: m.process_comment_against,
  question: m.process_comment_question,
  remark: m.process_comment_remark,
}

/** All of them, in the order in which they are offered. */
export const STANCES = Object.keys(NAMES) as Stance[]

export function stanceName(stance: Stance): string {
  return NAMES[stance]()
}

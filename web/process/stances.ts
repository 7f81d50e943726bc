// How a comment stands to what it is about, in words.
import type { Stance } from '#protocol/signal.ts'
import { m } from '#words/messages.js'

export function stanceName(stance: Stance): string {
  switch (stance) {
    case 'for':
      return m.process_comment_for()
    case 'against':
      return m.process_comment_against()
    case 'question':
      return m.process_comment_question()
    case 'remark':
      return m.process_comment_remark()
  }
}

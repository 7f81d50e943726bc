// Answers by keys: 1, 2 and 3, while the focus is within.
import type { Attachment } from 'svelte/attachments'
import { type Position, POSITIONS } from '#protocol/position.ts'

/** Has the keys of an element give answers. */
export function answerKeys(answer: (position: Position) => unknown): Attachment<HTMLElement> {
  return (element) => {
    const press = (event: KeyboardEvent) => {
      const position = POSITIONS[Number(event.key) - 1]
      const elsewhere = event.target instanceof HTMLSelectElement
      const held = event.repeat || event.ctrlKey || event.altKey || event.metaKey
      if (position === undefined || elsewhere || held) return
      event.preventDefault()
      answer(position)
    }
    element.addEventListener('keydown', press)
    return () => element.removeEventListener('keydown', press)
  }
}

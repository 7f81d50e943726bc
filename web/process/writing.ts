// A proposal as one text: its title is the first line, what follows an empty line describes it. SPEC 12.4.
import { LONGEST_TEXT } from '#protocol/text.ts'

/** UTF-16 units. */
export const LONGEST_TITLE = 120

/** Title and description in one text. */
export function textFrom({ title, body }: { title: string; body: string }): string {
  const [head, rest] = [title.trim(), body.trim()]
  return rest === '' ? head : `${head}\n\n${rest}`
}

/** The opposite, of whatever somebody has sent. */
export function partsOf(text: string): { title: string; body: string } {
  const [title = '', ...lines] = text.trim().split('\n')
  return { title: title.trim(), body: lines.join('\n').trim() }
}

export type Slip = 'title-missing' | 'title-long' | 'text-long'

/** What keeps a proposal from being sent. */
export function slipsOf(draft: { title: string; body: string }): Slip[] {
  const title = draft.title.trim()
  return [
    ...(title === '' ? (['title-missing'] as const) : []),
    ...(title.length > LONGEST_TITLE ? (['title-long'] as const) : []),
    ...(textFrom(draft).length > LONGEST_TEXT ? (['text-long'] as const) : []),
  ]
}

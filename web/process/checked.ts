// The words that a server hands out, checked against what their entries commit to, so that it cannot put others into
// anybody's mouth. SPEC 12.4.
import { EncodingError, fromHex } from '#crypto/encoding.ts'
import { decodeBase64 } from '#ledger/base64.ts'
import { checkText } from '#protocol/text.ts'
import type { SpeakerView, Written } from '#server/participation/views.ts'
import { m } from '#words/messages.js'

/** The same, with a sentence that says so in the place of words that are not those of the commitment. */
export function checked(written: Written): Written {
  const { text, key } = written
  if (text === null || fits(written.commitment, key ?? '', text)) return written
  return { ...written, text: m.process_text_altered() }
}

/** The same of the name under which words were said. */
export function named<T extends { readonly speaker: SpeakerView }>(view: T): T {
  return view.speaker === null
    ? view
    : { ...view, speaker: { ...view.speaker, name: checked(view.speaker.name) } }
}

function fits(commitment: string, key: string, text: string): boolean {
  try {
    return checkText(fromHex(commitment), decodeBase64(key), text)
  } catch (error) {
    if (error instanceof EncodingError) return false
    throw error
  }
}

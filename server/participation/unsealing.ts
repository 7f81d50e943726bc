// What the board asks of the texts beside the record, and the boxes of sealed comments: once guardians have opened them, what
// each holds is put beside it. SPEC 12.4, 12.6, 12.11.
import { toHex } from '#crypto/encoding.ts'
import type { Surroundings } from '#server/board.ts'
import type { Unsealed } from '#tally/sealed-comments.ts'
import type { Writings } from './writings.ts'

/** The board's way to texts. */
export function textsIn(writings: Writings): Pick<Surroundings, 'written' | 'erase' | 'unseal'> {
  return {
    written: async ({ type, text }) =>
      type === 'sealed-comment' ? (await writings.boxes([text])).size === 1 : writings.has(text),
    erase: (commitments) => writings.erase(commitments),
    unseal: (comments) => unseal(writings, comments),
  }
}

/** Opens the boxes of these comments that are still closed; resolves once all is durable. One that holds nothing of what its
 *  author has committed to stays closed. */
export async function unseal(writings: Writings, comments: readonly Unsealed[]): Promise<void> {
  const boxes = await writings.boxes(comments.map(({ commitment }) => commitment))
  for (const { commitment, open } of comments) {
    const kept = boxes.get(toHex(commitment))
    const found = kept === undefined || kept.opened ? undefined : open(kept.box)
    if (found !== undefined) await writings.open(commitment, found)
  }
}

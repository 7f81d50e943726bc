// What a verification finds, in the language of the page.
import * as client from '#client/finding-words.ts'
import type { Finding } from '#tally/verify/finding.ts'
import { formatList, formatNumber } from '#web/words/format.ts'
import { m } from '#words/messages.js'

/** A finding in a sentence or two, without the entry that it is about. */
export function findingWords(finding: Finding): string {
  return client.findingWords(finding, { texts: m, formatNumber, formatList })
}

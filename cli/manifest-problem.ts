// What is wrong with an election that was written for the command line, in English. SPEC 8.1.
import { CIRCUITS } from '#circuits/sizes.ts'
import { MAX_MANIFEST_BYTES, type ManifestFault, type ManifestProblem } from '#protocol/contest.ts'

/** A problem as a sentence; that of a contest begins with its number, counted from 0. */
export function problemSentence({ code, contest, detail }: ManifestProblem): string {
  const words = `${SENTENCES[code]}${detail === undefined ? '' : `: ${detail}`}`
  return contest === undefined ? words : `contest ${contest}: ${words}`
}

const SENTENCES: Readonly<Record<ManifestFault, string>> = {
  'closes-early': 'closes before it opens',
  'threshold-range': 'the threshold is not between 1 and the number of guardians',
  'quorum-range': 'the quorum of intents is not between threshold and number of guardians',
  'quorum-small': 'a quorum below (n + t) / 2 needs a threshold above n / 2',
  'ballots-none': 'fewer than one ballot cannot be decrypted',
  'guardians-alike': 'two guardians share a key',
  'languages-alike': 'a language is listed twice',
  'languages-differ': 'a text misses a language or has one too many',
  'too-large': `it is larger than ${MAX_MANIFEST_BYTES} bytes: shorten descriptions`,
  'options-alike': 'two options share an id',
  'cost-missing': 'an option has no cost',
  'seats-range': 'seats are not between 1 and the options',
  'count-differs': 'the rule is not counted like this',
  'slots-many': `more than ${CIRCUITS.L.slots} slots`,
  'rule-unsound': 'the rule cannot be kept',
}

// V15: a challenged ballot's opening recomputes the ballot that was noted, and that ballot is not in the record. SPEC 6.6.
import { toHex } from '#crypto/encoding.ts'
import { isNoted, type Noted } from '#protocol/challenge.ts'
import { Refusal } from '#protocol/refusal.ts'
import { checkOpening, decodeOpening, type Opening } from '#protocol/seal.ts'
import { formatTracker } from '#protocol/tracker.ts'
import type { RecordState } from '#tally/state.ts'
import type { Finding } from './finding.ts'

/** Finding V15 for an opening file. `noted` is what was taken down before it was opened. */
export function checkOpenedBallot(state: RecordState, file: Uint8Array, noted?: Noted): Finding[] {
  const failed = (sentence: string): Finding[] => [{ check: 'V15', status: 'failed', sentence }]
  let opening: Opening
  try {
    opening = decodeOpening(file)
  } catch (error) {
    if (error instanceof Refusal) return failed(`The file is no opening: ${error.detail}.`)
    throw error
  }
  const { bodyHash } = opening
  if (noted !== undefined && !isNoted(noted, bodyHash)) {
    return failed(
      'Another ballot was opened than was noted before. The device that sealed it must not be trusted.',
    )
  }
  const contest = state.opened.get(toHex(opening.election))?.contests[opening.contest]
  if (contest === undefined) return failed('The opened ballot belongs to no contest of this record.')
  if (!checkOpening(contest.context, opening)) {
    return failed(
      'The opened ballot is NOT what it claims to be: it cannot be recomputed from its opening. The device that sealed it must not be trusted.',
    )
  }
  const at = state.bodies.get(toHex(bodyHash))
  if (at !== undefined)
    return failed(`The opened ballot is in the record as entry ${at}: an opened ballot must never be cast.`)
  const sentence = `The opened ballot ${formatTracker(bodyHash)} holds exactly the marks that its opening shows, and is not in the record. ${comparison(noted)}`
  return [{ check: 'V15', status: 'passed', sentence }]
}

/** What the note adds: only a hash of full length rules out two ballots made to look alike. */
function comparison(noted: Noted | undefined): string {
  if (noted === undefined) return 'Compare its tracker with the one that was shown before it was opened.'
  if (typeof noted === 'string') return 'Its tracker is the one that was noted before.'
  return 'It is the very ballot whose hash was noted before.'
}

// V15: a challenged ballot's opening recomputes the ballot, and that ballot is not in the record. SPEC 6.6.
import { toHex } from '#crypto/encoding.ts'
import { bodyHash } from '#protocol/ballot.ts'
import { Refusal } from '#protocol/refusal.ts'
import { checkOpening, decodeOpening, type Opening } from '#protocol/seal.ts'
import { formatTracker } from '#protocol/tracker.ts'
import type { RecordState } from '#tally/state.ts'
import type { Finding } from './finding.ts'

/** Finding V15 for an opening file, or that none was given. */
export function checkOpenedBallot(state: RecordState, file: Uint8Array | undefined): Finding[] {
  if (file === undefined)
    return [{ check: 'V15', status: 'not-applicable', sentence: 'No opened ballot was given.' }]
  const failed = (sentence: string): Finding[] => [{ check: 'V15', status: 'failed', sentence }]
  let opening: Opening
  try {
    opening = decodeOpening(file)
  } catch (error) {
    if (error instanceof Refusal) return failed(`The file is no opening: ${error.detail}.`)
    throw error
  }
  const { body } = opening
  const election = state.opened.get(toHex(body.election))
  const contest = election?.contests[body.contest]
  if (contest === undefined) return failed('The opened ballot belongs to no contest of this record.')
  if (!checkOpening(contest.context, opening)) {
    return failed(
      'The opened ballot is NOT what it claims to be: it cannot be recomputed from its opening. The device that sealed it must not be trusted.',
    )
  }
  const hash = bodyHash(body)
  const at = state.bodies.get(toHex(hash))
  if (at !== undefined)
    return failed(`The opened ballot is in the record as entry ${at}: an opened ballot must never be cast.`)
  const sentence = `The opened ballot ${formatTracker(hash)} holds exactly the marks that its opening shows, and is not in the record.`
  return [{ check: 'V15', status: 'passed', sentence }]
}

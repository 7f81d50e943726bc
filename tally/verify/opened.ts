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
  const found = { check: 'V15', status: 'failed' } as const
  let opening: Opening
  try {
    opening = decodeOpening(file)
  } catch (error) {
    if (error instanceof Refusal)
      return [{ ...found, code: 'opening-unreadable', fields: { detail: error.detail } }]
    throw error
  }
  const { bodyHash } = opening
  if (noted !== undefined && !isNoted(noted, bodyHash))
    return [{ ...found, code: 'opening-not-noted', fields: {} }]
  const contest = state.opened.get(toHex(opening.election))?.contests[opening.contest]
  if (contest === undefined) return [{ ...found, code: 'opening-elsewhere', fields: {} }]
  if (!checkOpening(contest.context, opening)) return [{ ...found, code: 'opening-false', fields: {} }]
  const entry = state.bodies.get(toHex(bodyHash))
  if (entry !== undefined) return [{ ...found, code: 'opening-cast', fields: {}, entry }]
  const fields = { tracker: formatTracker(bodyHash), noted: kindOf(noted) }
  return [{ check: 'V15', status: 'passed', code: 'opening-true', fields }]
}

/** Only a hash of full length rules out two ballots made to look alike. */
function kindOf(noted: Noted | undefined): 'nothing' | 'tracker' | 'hash' {
  if (noted === undefined) return 'nothing'
  return typeof noted === 'string' ? 'tracker' : 'hash'
}

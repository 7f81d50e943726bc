// `comitia check`: was the ballot sealed as the voter marked it? The second device's side of a challenge. SPEC 6.6.
import { readFile } from 'node:fs/promises'
import { stdout } from 'node:process'
import { toHex } from '#crypto/encoding.ts'
import { bodyHash } from '#protocol/ballot.ts'
import { firstSlot } from '#protocol/contest.ts'
import { Refusal } from '#protocol/refusal.ts'
import { decodeOpening, type Opening } from '#protocol/seal.ts'
import { formatTracker, parseTracker } from '#protocol/tracker.ts'
import { replay } from '#tally/replay.ts'
import type { RecordState } from '#tally/state.ts'
import { checkOpenedBallot } from '#tally/verify/opened.ts'
import { command, FAILED, only, PASSED, Unusable } from './command.ts'
import { withRecord } from './record.ts'

const HELP = `Usage: comitia check <opening file> --record <file or URL> [--tracker <tracker>] [--json]

Recomputes a ballot that was opened instead of cast, and shows the marks that it
holds. Give the tracker that was shown BEFORE the ballot was opened.

  --record <place>     the election's record, as a file or from a server
  --tracker <tracker>  what the sealing device showed first
  --json               print one JSON object
  --help               print this text

Exit codes: 0 sealed as shown, 1 not so (do not trust the device), 2 could not check.
`

/** Runs the command; the exit code. */
export const check = command(
  HELP,
  { record: { type: 'string' }, tracker: { type: 'string' }, json: { type: 'boolean', default: false } },
  async ({ record: place, tracker: typed, json }, positionals) => {
    const path = only(positionals, 'one opening file')
    if (place === undefined) throw new Unusable('Give --record. See --help.')
    const file = await readFile(path).catch(() => {
      throw new Unusable(`Cannot read ${path}.`)
    })
    const opening = openingOf(file)
    const tracker = formatTracker(bodyHash(opening.body))
    if (typed !== undefined && parseTracker(typed) === undefined)
      throw new Unusable('That is no tracker: its checksum does not fit.')
    const state = await withRecord(place, replay).catch((error: unknown) => {
      if (error instanceof Refusal)
        throw new Unusable(`The record is not sound (${error.message}); run comitia verify.`)
      throw error
    })
    const announced = typed === undefined || parseTracker(typed) === tracker
    const [finding] = checkOpenedBallot(state, file)
    const good = announced && finding?.status === 'passed'
    const marks = good ? marksOf(state, opening) : []
    const sentence = announced
      ? (finding?.sentence ?? '')
      : `Another ballot was announced (${typed}) than was opened (${tracker}).`
    if (json) {
      stdout.write(
        `${JSON.stringify({ passed: good, tracker, marks: marks.map(({ value, ...m }) => ({ ...m, value: Number(value) })), sentence }, null, 2)}\n`,
      )
    } else {
      stdout.write(`Tracker ${tracker}\n${sentence}\n`)
      for (const { option, title, value } of marks)
        stdout.write(`  ${option.padEnd(12)} ${value}  ${title}\n`)
    }
    return good ? PASSED : FAILED
  },
)

function openingOf(file: Uint8Array): Opening {
  try {
    return decodeOpening(file)
  } catch (error) {
    if (error instanceof Refusal) throw new Unusable(`The file is no opening: ${error.detail}.`)
    throw error
  }
}

/** The marks that are not zero, in the words of the manifest. */
function marksOf(
  state: RecordState,
  { body, values }: Opening,
): { option: string; title: string; value: bigint }[] {
  const contest = state.opened.get(toHex(body.election))?.manifest.contests[body.contest]
  if (contest === undefined) throw new Error('the opening was checked against its contest')
  const first = firstSlot(contest)
  return values.flatMap((value, slot) => {
    if (value === 0n) return []
    const option = contest.options[slot - first]
    if (option === undefined) return [{ option: 'blank', title: 'Blank vote', value }]
    return [{ option: option.id, title: Object.values(option.title)[0] ?? '', value }]
  })
}

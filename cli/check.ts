// `comitia check`: was the ballot sealed as the voter marked it? The second device's side of a challenge. SPEC 6.6.
import { readFile } from 'node:fs/promises'
import { stdout } from 'node:process'
import { findingSentence } from '#client/finding.ts'
import { toHex } from '#crypto/encoding.ts'
import { readNoted, readOpeningLink } from '#protocol/challenge.ts'
import { firstSlot } from '#protocol/contest.ts'
import { Refusal } from '#protocol/refusal.ts'
import { decodeOpening, type Opening } from '#protocol/seal.ts'
import { formatTracker } from '#protocol/tracker.ts'
import { replay } from '#tally/replay.ts'
import type { RecordState } from '#tally/state.ts'
import { checkOpenedBallot } from '#tally/verify/opened.ts'
import { command, FAILED, only, PASSED, Unusable } from './command.ts'
import { withRecord } from './record.ts'

const HELP = `Usage: comitia check <opening> --record <file or URL> [--noted <text>] [--json]

Recomputes a ballot that was opened instead of cast, and shows the marks that it
holds. The opening is a file, or the link in the QR code that shows it.

  --record <place>  the election's record, as a file or from a server
  --noted <text>    what the sealing device showed BEFORE it opened the ballot: the
                    link in its QR code, the hash in hexadecimal, or the tracker
  --json            print one JSON object
  --help            print this text

Exit codes: 0 sealed as shown, 1 not so (do not trust the device), 2 could not check.
`

/** Runs the command; the exit code. */
export const check = command(
  HELP,
  { record: { type: 'string' }, noted: { type: 'string' }, json: { type: 'boolean', default: false } },
  async ({ record: place, noted: typed, json }, positionals) => {
    const given = only(positionals, 'one opening')
    if (place === undefined) throw new Unusable('Give --record. See --help.')
    const file =
      readOpeningLink(given) ??
      (await readFile(given).catch(() => {
        throw new Unusable(`Cannot read ${given}.`)
      }))
    const opening = openingOf(file)
    const noted = typed === undefined ? undefined : readNoted(typed)
    if (typed !== undefined && noted === undefined)
      throw new Unusable('What was noted is neither link nor hash nor tracker; a tracker ends in a checksum.')
    const state = await withRecord(place, replay).catch((error: unknown) => {
      if (error instanceof Refusal)
        throw new Unusable(`The record is not sound (${error.message}); run comitia verify.`)
      throw error
    })
    const [finding] = checkOpenedBallot(state, file, noted)
    const passed = finding?.status === 'passed'
    const marks = passed ? marksOf(state, opening) : []
    const tracker = formatTracker(opening.bodyHash)
    const sentence = finding === undefined ? '' : findingSentence(finding)
    if (json) {
      const plain = marks.map(({ value, ...mark }) => ({ ...mark, value: Number(value) }))
      stdout.write(`${JSON.stringify({ passed, tracker, marks: plain, sentence }, null, 2)}\n`)
    } else {
      stdout.write(`Tracker ${tracker}\n${sentence}\n`)
      for (const { option, title, value } of marks)
        stdout.write(`  ${option.padEnd(12)} ${value}  ${title}\n`)
    }
    return passed ? PASSED : FAILED
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
  { election, contest: number, values }: Opening,
): { option: string; title: string; value: bigint }[] {
  const contest = state.opened.get(toHex(election))?.manifest.contests[number]
  if (contest === undefined) throw new Error('the opening was checked against its contest')
  const first = firstSlot(contest)
  return values.flatMap((value, slot) => {
    if (value === 0n) return []
    const option = contest.options[slot - first]
    if (option === undefined) return [{ option: 'blank', title: 'Blank vote', value }]
    return [{ option: option.id, title: Object.values(option.title)[0] ?? '', value }]
  })
}

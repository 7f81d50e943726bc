// What each guardian of an election has done so far, from its summary.
import type { ElectionSummary } from '#server/summary.ts'
import { m } from '#words/messages.js'

/** To make a part of the key; awaited in key generation; not part of the present key; holds a part; has decrypted every
 *  question that is decrypted; or was not needed for it. */
export type Part = 'making' | 'awaited' | 'left-out' | 'holds' | 'decrypted' | 'absent'

/** Parts by the guardians' numbers. */
export function guardianParts(
  summary: Pick<ElectionSummary, 'guardians' | 'keygen' | 'announcement' | 'contests'>,
): Map<number, Part> {
  return new Map(summary.guardians.map(({ number }) => [number, partOf(number, summary)]))
}

function partOf(
  number: number,
  { keygen, announcement, contests }: Pick<ElectionSummary, 'keygen' | 'announcement' | 'contests'>,
): Part {
  if (keygen === null || keygen.stage === 'failed') return 'making'
  if (!keygen.guardians.includes(number)) return 'left-out'
  if (keygen.stage !== 'done') return keygen.missing.includes(number) ? 'awaited' : 'making'
  const shared = contests.filter(({ shares }) => shares.length > 0)
  if (shared.length > 0 && shared.every(({ shares }) => shares.includes(number))) return 'decrypted'
  return announcement === null ? 'holds' : 'absent'
}

/** A part in words. */
export function partWords(part: Part): string {
  const words = {
    making: m.observer_guardian_making,
    awaited: m.observer_guardian_waits,
    'left-out': m.observer_guardian_left_out,
    holds: m.observer_guardian_holds,
    decrypted: m.observer_guardian_decrypted,
    absent: m.observer_guardian_absent,
  }
  return words[part]()
}

/** How many guardians have decrypted every question that has ballots enough to be decrypted. */
export function decryptedBy({ contests }: Pick<ElectionSummary, 'contests'>): number {
  const counts = contests.flatMap(({ few, shares }) => (few ? [] : [shares.length]))
  return counts.length === 0 ? 0 : Math.min(...counts)
}

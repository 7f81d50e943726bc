// The result that the record implies, contest by contest; whoever announces another one is refused. SPEC 9.5, 9.6.
import { equalBytes } from '#crypto/encoding.ts'
import { encodeCbor } from '#protocol/codec.ts'
import { firstSlot } from '#protocol/contest.ts'
import type { ContestResult, ElectionResult } from '#protocol/result.ts'
import { countContest } from './count/contest.ts'
import { decryptSums } from './decryption.ts'
import type { ElectionState } from './state.ts'

/** The election's result, or undefined while a contest waits for partial decryptions. Throws
 *  `Refusal('tally-undecodable')`. */
export function outcome(election: ElectionState): ElectionResult | undefined {
  const contests: ContestResult[] = []
  for (const [i, contest] of election.contests.entries()) {
    const described = election.manifest.contests[i]
    if (described === undefined) throw new Error(`no contest ${i}`)
    const ballots = contest.voters.size
    if (ballots < election.manifest.minBallots) {
      contests.push({ status: 'withheld', ballots })
      continue
    }
    const slots = decryptSums(election, contest)
    if (slots === undefined) return undefined
    const sums = slots.slice(firstSlot(described))
    const blank = described.blank ? (slots[0] ?? 0n) : 0n
    const counted = countContest(described, { ballots, blank, sums })
    contests.push({ status: 'counted', ballots, blank, sums, count: encodeCbor(counted) })
  }
  return { contests }
}

/** Whether two results say the same. */
export function sameResult(a: ElectionResult, b: ElectionResult): boolean {
  return equalBytes(encodeCbor(a), encodeCbor(b))
}

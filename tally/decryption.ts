// From counted ballots to sums: aggregate, combine partial decryptions, decode. SPEC 9.2 to 9.4.
import { decodeSubgroupPoint } from '#crypto/babyjubjub.ts'
import { Columns } from '#crypto/core/babyjubjub.ts'
import { discreteLog } from '#crypto/dlog.ts'
import { concat } from '#crypto/encoding.ts'
import { hashToBytes } from '#crypto/hash.ts'
import { combine } from '#crypto/sharing.ts'
import { ballotOf, type BallotContext, CIPHERTEXT_BYTES } from '#protocol/ballot.ts'
import { encodeCbor } from '#protocol/codec.ts'
import { decodeEntry } from '#protocol/entry.ts'
import { type GuardianPlace, guardianContext } from '#protocol/guardian.ts'
import { ensure } from '#protocol/refusal.ts'
import type { ContestState, ElectionState } from './state.ts'

/** Computes the aggregates of a closed election's contests; whoever folds calls it once the closing entry is applied.
 *  @param read the entry at an index of the record */
export async function settle(
  election: ElectionState,
  read: (index: number) => Promise<Uint8Array>,
): Promise<void> {
  for (const contest of election.contests) contest.aggregate ??= await aggregate(contest, read)
}

/** Aggregated ciphertexts of a contest: 8 sum C' over each voter's latest ballot, as c1 || c2. SPEC 9.2. A ballot whose
 *  ciphertexts are no points adds nothing: it has no sound proof either, so only an observer ever meets one (V8). */
async function aggregate(
  contest: ContestState,
  read: (index: number) => Promise<Uint8Array>,
): Promise<Uint8Array[]> {
  const sums = new Columns(2 * contest.context.packing.ciphertexts)
  for (const { index } of contest.voters.values()) {
    const [type, content] = decodeEntry(await read(index))
    if (type !== 'ballot') throw new Error(`entry ${index} is no ballot`)
    sums.add(ballotOf(content).body.ciphertexts)
  }
  const points = sums.timesCofactor()
  return Array.from({ length: points.length / 2 }, (_, j) => concat(...points.slice(2 * j, 2 * j + 2)))
}

/** The hash that an intent names: these ciphertexts of this contest and no others. SPEC 9.1. */
export function aggregateHash(
  { election, contest }: BallotContext,
  ciphertexts: readonly Uint8Array[],
): Uint8Array {
  return hashToBytes('aggregate', encodeCbor([election, contest, ...ciphertexts]), 32)
}

/** What the proof of a partial decryption is bound to. SPEC 9.3. */
export function decryptionContext(place: GuardianPlace, { election, contest }: BallotContext): Uint8Array {
  return encodeCbor([guardianContext(place), election, contest])
}

/** One sum per used slot, or undefined while fewer than t guardians have decrypted. Throws `Refusal` if the tally is not
 *  what valid ballots add up to, so that the record is wrong. SPEC 9.4. */
export function decryptSums(election: ElectionState, contest: ContestState): bigint[] | undefined {
  const { aggregate, context, shares } = contest
  const { threshold } = election.manifest
  if (aggregate === undefined || shares.size < threshold) return undefined
  const used = [...shares.entries()].sort(([a], [b]) => a - b).slice(0, threshold)
  const bounds = slotBounds(contest, totalWeightOf(contest))
  const { bits, perCiphertext } = context.packing
  return aggregate.flatMap((ciphertext, j) => {
    const share = combine(
      used.map(([guardian]) => guardian),
      used.map(([, points]) => decodeSubgroupPoint(points[j] ?? new Uint8Array())),
    )
    const c2 = decodeSubgroupPoint(ciphertext.subarray(CIPHERTEXT_BYTES / 2))
    const slots = bounds.slice(j * perCiphertext, (j + 1) * perCiphertext)
    const bound = slots.reduce((sum, b, pos) => sum + (b << BigInt(bits * pos)), 0n)
    const packed = discreteLog(c2.subtract(share), bound)
    ensure(packed !== undefined, 'tally-undecodable', `ciphertext ${j} holds no sum of these ballots`)
    return slots.map((slotBound, pos) => {
      const sum = (packed >> BigInt(bits * pos)) & ((1n << BigInt(bits)) - 1n)
      ensure(sum <= slotBound, 'tally-undecodable', `a slot of ciphertext ${j} exceeds its bound`)
      return sum
    })
  })
}

/** Largest possible sum of each used slot: its largest value times the counted ballots, or the roll's total weight. */
function slotBounds({ context }: ContestState, voters: bigint): bigint[] {
  return context.rule.max.slice(0, context.slots).map((max) => max * voters)
}

function totalWeightOf({ context, voters, totalWeight }: ContestState): bigint {
  return context.rule.weighted ? totalWeight : BigInt(voters.size)
}

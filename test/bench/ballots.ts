// Elections and ballots to measure with: real in every byte, but for proofs simulated with the development setup's
// trapdoor, which take milliseconds instead of most of a second. Made by as many processes as there are cores.
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { nullifier } from '#circuits/credential.ts'
import { decodeEntry } from '#protocol/entry.ts'
import { admit, apply } from '#tally/fold.ts'
import { emptyState, type RecordState } from '#tally/state.ts'
import { contest, Scene } from '../tally/scene.ts'
import type { BallotOrder } from './ballot-maker.ts'
import type { OnProgress } from './bench.ts'

/** Sums up to 2^19, so that two options share a ciphertext, as in an election of half a million voters; with more voters
 *  than that each gives a point at most. */
const LARGEST_SUM = 2 ** 19

const MAKER = fileURLToPath(new URL('./ballot-maker.ts', import.meta.url))

/** An open election whose voters give points to options; it stays open until tomorrow. */
export function openElection(options: number, voters: number): Scene {
  const scene = new Scene({
    weights: Array.from({ length: voters }, () => 1n),
    contests: [
      contest({
        options: Array.from({ length: options }, (_, i) => ({
          id: `option-${i + 1}`,
          title: { en: `Option ${i + 1}` },
        })),
        rule: { type: 'score', max: BigInt(Math.min(65_535, Math.max(1, Math.floor(LARGEST_SUM / voters)))) },
        count: { name: 'score', seats: 1 },
      }),
    ],
    manifest: { closesAt: Date.now() + 86_400_000 },
  })
  scene.prepare()
  scene.keygen()
  scene.open()
  return scene
}

/** One ballot of each of the first `count` voters, as encoded entries in the voters' order. Not offered to the gate. */
export async function makeBallots(
  scene: Scene,
  count: number,
  onProgress: OnProgress,
): Promise<Uint8Array[]> {
  const { context } = scene.contestState()
  const orders = scene.voters.slice(0, count).map(({ secret, weight }, i): BallotOrder => {
    const values = Array.from({ length: context.slots }, (_, slot) => BigInt((i + slot) % 2))
    return { nullifier: nullifier(secret, context.scope), weight, values }
  })
  const makers = availableParallelism()
  const shares = Array.from({ length: makers }, (_, m) => orders.filter((_, i) => i % makers === m))
  let made = 0
  const report = () => {
    if (++made % 250 === 0) onProgress(`ballots made: ${made} of ${count}`)
  }
  const parts = await Promise.all(shares.map((share) => makeShare(context, share, report)))
  return orders.map((_, i) => parts[i % makers]?.[Math.floor(i / makers)] ?? new Uint8Array())
}

/** The state that entries fold to, from nothing. */
export function fold(entries: readonly Uint8Array[]): RecordState {
  const state = emptyState()
  for (const bytes of entries) {
    const entry = decodeEntry(bytes)
    admit(state, entry)
    apply(state, entry)
  }
  return state
}

function makeShare(
  context: unknown,
  orders: readonly BallotOrder[],
  made: () => void,
): Promise<Uint8Array[]> {
  return new Promise((resolve, reject) => {
    const child = fork(MAKER, { serialization: 'advanced' })
    const entries: Uint8Array[] = []
    child.on('message', (entry) => {
      entries.push(entry as Uint8Array)
      made()
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0 && entries.length === orders.length) resolve(entries)
      else reject(new Error(`making ballots ended with ${code ?? 'a signal'}`))
    })
    child.send({ context, orders })
  })
}

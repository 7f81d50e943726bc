// From counted ballots to sums (SPEC 9.2 to 9.4): aggregate, partial decryptions, decoding.
import { outcome } from '#tally/outcome.ts'
import { makeBallots, openElection } from './ballots.ts'
import { type Bench, rounded, timed } from './bench.ts'
import { decodeEntry } from '#protocol/entry.ts'

export const tally: Bench = {
  name: 'tally',
  what: 'aggregating, decrypting and decoding the ballots of an election of 10 options',
  async run(onProgress, { ballots = 512 }) {
    onProgress(`an election and ${ballots} ballots`)
    const scene = openElection(10, ballots)
    const entries = await makeBallots(scene, ballots, onProgress)
    for (const bytes of entries) scene.offer(decodeEntry(bytes))
    scene.offer(['time', scene.election.closesAt])
    scene.act({ type: 'close-election', election: scene.election.slug })
    onProgress('aggregating')
    const { cpuMs: aggregateMs } = await timed(() => scene.settle())
    onProgress('two guardians decrypt; the gate checks their proofs')
    const { cpuMs: decryptMs } = await timed(() => scene.tally())
    onProgress('decoding')
    const { result, cpuMs: decodeMs } = await timed(() => outcome(scene.election))
    if (result === undefined) throw new Error('the tally was not decoded')
    const ciphertexts = scene.contestState().context.packing.ciphertexts
    return {
      ballots,
      ciphertexts,
      aggregateMsPerBallot: rounded(aggregateMs / ballots),
      decryptMs: rounded(decryptMs),
      decodeMs: rounded(decodeMs),
      secondsPer100kExtrapolated: rounded(((aggregateMs / ballots) * 100_000 + decryptMs + decodeMs) / 1000),
    }
  },
}

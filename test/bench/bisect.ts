// What a bad ballot costs the verifier: a batch fails, and bisection names the one that is to blame (SPEC 3.2).
import { core } from '#crypto/core/instance.ts'
import { parseVerificationKey } from '#crypto/groth16.ts'
import { decodeEntry } from '#protocol/entry.ts'
import type { BallotJob } from '#tally/ballots.ts'
import { admit, apply } from '#tally/fold.ts'
import { checkBallots } from '#tally/proofs.ts'
import { developmentSetup } from '../tally/setup.ts'
import { fold, makeBallots, openElection } from './ballots.ts'
import { type Bench, median, rounded, timed } from './bench.ts'

const REPEATS = 3

export const bisect: Bench = {
  name: 'bisect',
  what: 'naming one bad ballot in a batch of 512, against the batch itself and its final exponentiation',
  async run(onProgress, { ballots = 512 }) {
    onProgress(`an election and ${ballots} ballots`)
    const scene = openElection(2, ballots)
    const state = fold(scene.entries)
    const jobs: BallotJob[] = []
    for (const bytes of await makeBallots(scene, ballots, onProgress)) {
      const entry = decodeEntry(bytes)
      const job = admit(state, entry)
      apply(state, entry)
      if (job !== undefined) jobs.push(job)
    }
    const key = parseVerificationKey(developmentSetup('S').verificationKey)
    const check = (batch: readonly BallotJob[]) => checkBallots(batch, () => key)
    const [good, bad]: number[][] = [[], []]
    for (let i = 0; i <= REPEATS; i++) {
      onProgress(i === 0 ? 'warming up' : `${i} of ${REPEATS}`)
      const at = Math.floor(((i + 0.5) * ballots) / (REPEATS + 1))
      const spoilt = jobs.map((job, k) => (k === at ? withProofOf(job, jobs[(k + 1) % ballots]) : job))
      const allGood = await timed(() => check(jobs))
      if (allGood.result.includes(false)) throw new Error('a good ballot was refused')
      const oneBad = await timed(() => check(spoilt))
      if (oneBad.result.some((holds, k) => holds === (k === at)))
        throw new Error('not the bad ballot was named')
      if (i === 0) continue
      good?.push(allGood.cpuMs)
      bad?.push(oneBad.cpuMs)
    }
    const finalMs = await finalExponentiation()
    const [goodMs, badMs] = [median(good ?? []), median(bad ?? [])]
    return {
      ballots,
      batchMs: rounded(goodMs),
      oneBadMs: rounded(badMs),
      extraMs: rounded(badMs - goodMs),
      ratioToBatch: rounded(badMs / goodMs),
      finalExponentiationMs: rounded(finalMs),
      extraInFinalExponentiations: rounded((badMs - goodMs) / finalMs),
    }
  },
}

/** A sound proof, but of another statement: the worst case, which only the pairings notice. */
function withProofOf(job: BallotJob, other: BallotJob | undefined): BallotJob {
  if (other === undefined) throw new Error('a batch of one')
  const { proof } = other.ballot.envelope
  return { ...job, ballot: { ...job.ballot, envelope: { ...job.ballot.envelope, proof } } }
}

/** Of whatever the last Miller loop left. */
async function finalExponentiation(): Promise<number> {
  const result = core.allocate(432)
  const times: number[] = []
  for (let i = 0; i < 50; i++)
    times.push((await timed(() => core.exponentiate(result, core.accumulator(0)))).ms)
  return median(times)
}

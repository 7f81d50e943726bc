// What bad ballots cost the verifier: a batch fails, and bisection names the one that is to blame, or all of them
// (SPEC 3.2).
import { core } from '#crypto/core/instance.ts'
import { parseVerificationKey } from '#crypto/groth16.ts'
import { decodeEntry } from '#protocol/entry.ts'
import type { BallotJob } from '#tally/ballots.ts'
import { admit, apply } from '#tally/fold.ts'
import { checkJobs } from '#tally/proofs.ts'
import { developmentSetup } from '../tally/setup.ts'
import { fold, makeBallots, openElection } from './ballots.ts'
import { type Bench, median, percentile, rounded, timed } from './bench.ts'

const REPEATS = 25
/** Ballots of a flood, and of those that are checked singly beside it. */
const FLOOD = 128
const SINGLY = 16

export const bisect: Bench = {
  name: 'bisect',
  what: 'naming one bad ballot in a batch of 512, or 128 of 128, against the batch, its final exponentiation, single checks',
  async run(onProgress, { ballots = 512 }) {
    onProgress(`an election and ${ballots} ballots`)
    const scene = openElection(2, ballots)
    const state = fold(scene.entries)
    const jobs: BallotJob[] = []
    for (const bytes of await makeBallots(scene, ballots, onProgress)) {
      const entry = decodeEntry(bytes)
      const job = admit(state, entry)
      apply(state, entry)
      if (job !== undefined && 'context' in job) jobs.push(job)
    }
    const key = parseVerificationKey(developmentSetup('S').verificationKey)
    const check = (batch: readonly BallotJob[]) => checkJobs(batch, () => key)
    const allSpoilt = jobs.map((job, k) => withProofOf(job, jobs[(k + 1) % ballots]))
    const [flood, few] = [allSpoilt.slice(0, FLOOD), allSpoilt.slice(0, SINGLY)]
    const runs: Record<'batch' | 'oneBad' | 'final' | 'flood' | 'single', number>[] = []
    for (let i = 0; i <= REPEATS; i++) {
      onProgress(i === 0 ? 'warming up' : `${i} of ${REPEATS}`)
      const at = Math.floor(((i + 0.5) * ballots) / (REPEATS + 1))
      const spoilt = jobs.map((job, k) => (k === at ? withProofOf(job, jobs[(k + 1) % ballots]) : job))
      const allGood = await timed(() => check(jobs))
      if (allGood.result.includes(false)) throw new Error('a good ballot was refused')
      const oneBad = await timed(() => check(spoilt))
      if (oneBad.result.some((holds, k) => holds === (k === at)))
        throw new Error('not the bad ballot was named')
      const allBad = await timed(() => check(flood))
      const single = await timed(() => few.flatMap((job) => check([job])))
      if ([...allBad.result, ...single.result].includes(true)) throw new Error('a bad ballot was accepted')
      if (i === 0) continue
      runs.push({
        batch: allGood.cpuMs,
        oneBad: oneBad.cpuMs,
        final: await finalExponentiation(),
        flood: allBad.cpuMs / flood.length,
        single: single.cpuMs / few.length,
      })
    }
    // Ratios of what was measured next to each other: what else runs weighs on both.
    const extra = runs.map(({ batch, oneBad, final }) => (oneBad - batch) / final)
    const middle = (figure: (run: (typeof runs)[number]) => number) => rounded(median(runs.map(figure)))
    return {
      ballots,
      batchMs: middle(({ batch }) => batch),
      oneBadMs: middle(({ oneBad }) => oneBad),
      extraMs: middle(({ batch, oneBad }) => oneBad - batch),
      ratioToBatch: middle(({ batch, oneBad }) => oneBad / batch),
      finalExponentiationMs: middle(({ final }) => final),
      extraInFinalExponentiations: rounded(median(extra)),
      lowerQuartile: rounded(percentile(extra, 0.25)),
      upperQuartile: rounded(percentile(extra, 0.75)),
      repeats: REPEATS,
      flood: flood.length,
      floodMsEach: middle(({ flood }) => flood),
      singleMs: middle(({ single }) => single),
      floodToSingle: middle(({ flood, single }) => flood / single),
    }
  },
}

/** A sound proof, but of another statement: the worst case, which only the pairings notice. */
function withProofOf(job: BallotJob, other: BallotJob | undefined): BallotJob {
  if (other === undefined) throw new Error('a batch of one')
  const { proof } = other.ballot.envelope
  return { ...job, ballot: { ...job.ballot, envelope: { ...job.ballot.envelope, proof } } }
}

/** Of whatever the last Miller loop left, in ms of processor time. */
async function finalExponentiation(): Promise<number> {
  const result = core.allocate(432)
  const times: number[] = []
  for (let i = 0; i < 20; i++) {
    const { cpuMs } = await timed(() => {
      for (let k = 0; k < 10; k++) core.exponentiate(result, core.accumulator(0))
    })
    times.push(cpuMs / 10)
  }
  return median(times)
}

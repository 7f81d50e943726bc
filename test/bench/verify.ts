// The verification loop (SPEC 11, V8): a ballot in a large batch, all of its checks.
import { availableParallelism } from 'node:os'
import { releaseCurve } from '#circuits/curve.ts'
import { startProofWorkers } from '#cli/proof-workers.ts'
import { checkClaims } from '#crypto/claims.ts'
import { parseVerificationKey } from '#crypto/groth16.ts'
import { ballotStatement } from '#protocol/ballot.ts'
import { decodeEntry } from '#protocol/entry.ts'
import type { BallotJob } from '#tally/ballots.ts'
import { admit, apply } from '#tally/fold.ts'
import { proofEngine } from '#tally/pool.ts'
import { checkJobs } from '#tally/proofs.ts'
import { developmentSetup } from '../tally/setup.ts'
import { fold, makeBallots, openElection } from './ballots.ts'
import { type Bench, type Figures, median, type OnProgress, rounded, timed } from './bench.ts'
import { belenios, nobleVerify, snarkjsVerify } from './peers.ts'

const REPEATS = 5
/** Rounds after which the machine code of every worker is the fast one. */
const WARM_UP = 3
/** As many as the pool puts into one equation. */
const BATCH = 512
const BELENIOS_BALLOTS = 8

export const verify: Bench = {
  name: 'verify',
  what: 'one ballot in a large batch, whole check, 10 and 2 options; workers; snarkjs, @noble/curves and belenios-tool',
  async run(onProgress, { ballots = 512 }) {
    const ten = await measure(10, ballots, onProgress)
    const two = await measure(2, ballots, onProgress)
    return {
      ...ten,
      ...Object.fromEntries(Object.entries(two).map(([name, figure]) => [`twoOptions.${name}`, figure])),
    }
  },
}

async function measure(options: number, ballots: number, onProgress: OnProgress): Promise<Figures> {
  onProgress(`${options} options: an election and ${ballots} ballots`)
  const scene = openElection(options, ballots)
  const entries = await makeBallots(scene, ballots, onProgress)
  const json = developmentSetup('S').verificationKey
  const key = parseVerificationKey(json)

  const gate: number[] = []
  const batches: number[] = []
  const equations: number[] = []
  const whole: number[] = []
  const clock: number[] = []
  const snarkjs: number[] = []
  const noble: number[] = []
  let jobs: BallotJob[] = []
  for (let i = 0; i <= REPEATS; i++) {
    onProgress(`${options} options: one thread, ${i === 0 ? 'warming up' : `${i} of ${REPEATS}`}`)
    const state = fold(scene.entries)
    const folding = await timed(() => {
      const admitted: BallotJob[] = []
      for (const bytes of entries) {
        const entry = decodeEntry(bytes)
        const job = admit(state, entry)
        apply(state, entry)
        if (job !== undefined && 'context' in job) admitted.push(job)
      }
      return admitted
    })
    jobs = folding.result
    const checking = await timed(() => {
      for (let at = 0; at < jobs.length; at += BATCH) {
        const verdicts = checkJobs(jobs.slice(at, at + BATCH), () => key)
        if (verdicts.includes(false)) throw new Error('a good ballot was refused')
      }
    })
    const claims = jobs.map((job) => ballotStatement(job.context, job.ballot).claim)
    const equation = await timed(() => {
      for (let at = 0; at < claims.length; at += BATCH)
        if (!checkClaims(claims.slice(at, at + BATCH))) throw new Error('a good claim was refused')
    })
    const peer = median(await snarkjsVerify(jobs.slice(0, 8)))
    const slowPeer = median(await nobleVerify(jobs.slice(0, 4)))
    if (i === 0) continue
    gate.push(folding.cpuMs / ballots)
    batches.push(checking.cpuMs / ballots)
    equations.push(equation.cpuMs / ballots)
    whole.push((folding.cpuMs + checking.cpuMs) / ballots)
    clock.push((folding.ms + checking.ms) / ballots)
    snarkjs.push(peer)
    noble.push(slowPeer)
  }

  await releaseCurve()
  const threads = Math.min(2, availableParallelism())
  const pooled = await Promise.all([1, threads].map((count) => poolOf(count, json)))
  const wall = pooled.map((): number[] => [])
  // A whole batch for each worker, as in a large record.
  const shared = Array.from({ length: threads }, () => jobs).flat()
  for (let i = 1 - WARM_UP; i <= REPEATS; i++) {
    onProgress(`${options} options: 1 and ${threads} workers, ${i} of ${REPEATS}`)
    for (const [p, { check }] of pooled.entries()) {
      const { ms } = await timed(() => check(shared))
      if (i > 0) wall[p]?.push(ms / shared.length)
    }
  }
  await Promise.all(pooled.map(({ stop }) => stop()))
  const [one = NaN, more = NaN] = wall.map(median)
  const peer = belenios(options, BELENIOS_BALLOTS, onProgress)
  const perBallotMs = median(whole)
  return {
    perBallotMs: rounded(perBallotMs),
    clockMs: rounded(median(clock)),
    ratioToSnarkjs: rounded(median(snarkjs) / perBallotMs),
    ratioToNoble: rounded(median(noble) / perBallotMs),
    ratioToBelenios: 'because' in peer ? null : rounded(peer.perBallotMs / perBallotMs),
    ...('because' in peer && { ratioToBeleniosBecause: peer.because }),
    ballots,
    options,
    threads: 1,
    batch: BATCH,
    gateMs: rounded(median(gate)),
    proofAndEquationMs: rounded(median(batches)),
    equationMs: rounded(median(equations)),
    snarkjsBareProofMs: rounded(median(snarkjs)),
    nobleBareProofMs: rounded(median(noble)),
    ...(!('because' in peer) && {
      belenios: `${peer.version}, ${peer.group}`,
      beleniosWithout: peer.method,
      beleniosBallotMs: rounded(peer.perBallotMs),
      beleniosBallotBytes: peer.ballotBytes,
    }),
    workers: threads,
    oneWorkerMs: rounded(one),
    allWorkersMs: rounded(more),
    scaling: rounded(one / more),
    ballotBytes: entries[0]?.length ?? null,
  }
}

async function poolOf(count: number, json: string) {
  const workers = startProofWorkers(count)
  const engine = proofEngine(workers.ports, () => Promise.resolve(json))
  const check = async (jobs: readonly BallotJob[]): Promise<void> => {
    if ((await engine.check(jobs)).includes(false)) throw new Error('a good ballot was refused')
  }
  return Promise.resolve({ check, stop: () => workers.stop() })
}

// One proof by itself, as at submission on an idle server (SPEC 3.2).
import { publicInputs } from '#circuits/ballot.ts'
import { releaseCurve } from '#circuits/curve.ts'
import { checkProof, parseVerificationKey } from '#crypto/groth16.ts'
import { ballotStatement } from '#protocol/ballot.ts'
import { decodeEntry } from '#protocol/entry.ts'
import { admit, apply } from '#tally/fold.ts'
import { checkJobs } from '#tally/proofs.ts'
import { developmentSetup } from '../tally/setup.ts'
import { fold, makeBallots, openElection } from './ballots.ts'
import { type Bench, median, rounded, timed } from './bench.ts'
import { snarkjsVerify } from './peers.ts'

const WARM_UP = 5

export const single: Bench = {
  name: 'single',
  what: 'one proof, and one whole ballot of 10 options, unbatched; snarkjs beside it',
  async run(onProgress, { ballots = 40 }) {
    onProgress(`an election and ${ballots} ballots`)
    const scene = openElection(10, ballots + WARM_UP)
    const entries = await makeBallots(scene, ballots + WARM_UP, onProgress)
    const key = parseVerificationKey(developmentSetup('S').verificationKey)
    const state = fold(scene.entries)
    const [proofs, wholes, snarkjs]: number[][] = [[], [], []]
    for (const [i, bytes] of entries.entries()) {
      const gate = await timed(() => {
        const entry = decodeEntry(bytes)
        const admitted = admit(state, entry)
        apply(state, entry)
        return admitted
      })
      const job = gate.result
      if (job === undefined || !('context' in job)) throw new Error('a ballot without a job')
      const { context, ballot } = job
      const inputs = publicInputs(context.circuit, ballotStatement(context, ballot).statement)
      const proof = await timed(() => checkProof(key, ballot.envelope.proof, inputs))
      const whole = await timed(() => checkJobs([job], () => key)[0] === true)
      if (!proof.result || !whole.result) throw new Error('a good ballot was refused')
      const [peer = NaN] = await snarkjsVerify([job])
      if (i < WARM_UP) continue
      proofs?.push(proof.cpuMs)
      wholes?.push(gate.cpuMs + whole.cpuMs)
      snarkjs?.push(peer)
    }
    await releaseCurve()
    const proofMs = median(proofs ?? [])
    const snarkjsMs = median(snarkjs ?? [])
    return {
      proofMs: rounded(proofMs),
      ratioToSnarkjs: rounded(snarkjsMs / proofMs),
      wholeBallotMs: rounded(median(wholes ?? [])),
      snarkjsBareProofMs: rounded(snarkjsMs),
      repeats: ballots,
    }
  },
}

// The verification loop's core: which of these ballots and signals have a sound proof, and ballots a sound batch equation.
// SPEC 3.2, 3.3. The one seam for a faster engine: whatever answers `checkJobs` the same way may replace it.
import { findBad } from '#crypto/bisect.ts'
import { checkClaims, type Claim } from '#crypto/claims.ts'
import { findBadProofs, type ProofItem, type VerificationKey } from '#crypto/groth16.ts'
import { publicInputs } from '#circuits/ballot.ts'
import { signalInputs } from '#circuits/signal.ts'
import { ballotStatement } from '#protocol/ballot.ts'
import type { ProofJob } from './fold.ts'

/** Whether each job holds, in order. Never throws on hostile ballots and signals.
 *  @param key the checked verification key with this hash; where it throws nothing is judged */
export function checkJobs(jobs: readonly ProofJob[], key: (hash: string) => VerificationKey): boolean[] {
  const prepared = jobs.map((job, index) => {
    return { index, key: key(job.verificationKey), ...prepare(job) }
  })
  const claims = prepared.flatMap(({ index, claim }) => (claim === undefined ? [] : [{ index, claim }]))
  const failing = findBad(claims, (batch) => checkClaims(batch.map((c) => c.claim)))
  const bad = new Set(failing.map((i) => claims[i]?.index ?? NaN))
  for (const [shared, group] of Map.groupBy(prepared, (p) => p.key)) {
    const items = group.map((p) => p.item)
    for (const i of findBadProofs(shared, items)) bad.add(group[i]?.index ?? NaN)
  }
  return jobs.map((_, i) => !bad.has(i))
}

/** The proof with its public inputs; of a ballot also what its batch equation checks. */
function prepare(job: ProofJob): { item: ProofItem; claim?: Claim } {
  if ('statement' in job) return { item: { proof: job.proof, inputs: signalInputs(job.statement) } }
  const { statement, claim } = ballotStatement(job.context, job.ballot)
  return {
    item: { proof: job.ballot.envelope.proof, inputs: publicInputs(job.context.circuit, statement) },
    claim,
  }
}

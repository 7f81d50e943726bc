// The verification loop's core: which of these ballots have a sound batch equation and proof. SPEC 3.2, 3.3.
// The one seam for a faster engine: whatever answers `checkBallots` the same way may replace it.
import { findBad } from '#crypto/bisect.ts'
import { checkClaims } from '#crypto/claims.ts'
import { findBadProofs, type VerificationKey } from '#crypto/groth16.ts'
import { publicInputs } from '#circuits/ballot.ts'
import { ballotStatement } from '#protocol/ballot.ts'
import type { BallotJob } from './ballots.ts'

/** Whether each job's ballot holds, in order. Never throws on hostile ballots.
 *  @param key the checked verification key with this hash; where it throws nothing is judged */
export function checkBallots(jobs: readonly BallotJob[], key: (hash: string) => VerificationKey): boolean[] {
  const prepared = jobs.map((job, index) => {
    const { statement, claim } = ballotStatement(job.context, job.ballot)
    const item = { proof: job.ballot.envelope.proof, inputs: publicInputs(job.context.circuit, statement) }
    return { index, key: key(job.verificationKey), claim, item }
  })
  const bad = new Set(findBad(prepared, (batch) => checkClaims(batch.map((p) => p.claim))))
  for (const [shared, group] of Map.groupBy(prepared, (p) => p.key)) {
    const items = group.map((p) => p.item)
    for (const i of findBadProofs(shared, items)) bad.add(group[i]?.index ?? NaN)
  }
  return jobs.map((_, i) => !bad.has(i))
}

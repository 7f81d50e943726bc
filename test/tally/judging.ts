// What a server says to a ballot: why it may not stand next, else whether its batch equation and proof hold.
import { parseVerificationKey } from '#crypto/groth16.ts'
import { type Ballot, ballotContent } from '#protocol/ballot.ts'
import type { RefusalCode } from '#protocol/refusal.ts'
import { admit, type ProofJob } from '#tally/fold.ts'
import { checkJobs } from '#tally/proofs.ts'
import type { Scene } from './scene.ts'
import { developmentSetup } from './setup.ts'
import { refusalOf } from './verifying.ts'

const KEYS = {
  S: parseVerificationKey(developmentSetup('S').verificationKey),
  L: parseVerificationKey(developmentSetup('L').verificationKey),
}

/** The answer to a ballot in this scene; nothing is folded. */
export function judge(scene: Scene, ballot: Ballot): RefusalCode | 'accepted' {
  let job: ProofJob | undefined
  const code = refusalOf(() => (job = admit(scene.state, ['ballot', ballotContent(ballot)])))
  if (code !== 'accepted' || job === undefined || !('context' in job)) return code
  const key = KEYS[job.context.circuit]
  return checkJobs([job], () => key)[0] === true ? 'accepted' : 'ballot-proof-invalid'
}

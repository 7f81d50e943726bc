// The only gate: `admit` says whether an entry may stand next on the ledger, `apply` lets it. SPEC 7.1.
// The server refuses by the same functions by which an observer verifies.
import { sha256 } from '#crypto/hash.ts'
import { encodeEntry, type Entry } from '#protocol/entry.ts'
import { logOrigin } from '#protocol/genesis.ts'
import { Refusal, ensure } from '#protocol/refusal.ts'
import { admitAct, applyAct } from './acts.ts'
import { admitBallot, applyBallot, type BallotJob } from './ballots.ts'
import { admitGuardianMessage, applyGuardianMessage } from './guardians.ts'
import { admitSignal, applySignal, type SignalJob } from './participation.ts'
import type { RecordState } from './state.ts'

/** What the proof engine judges. */
export type ProofJob = BallotJob | SignalJob

/** Throws `Refusal` unless the entry may stand next. A ballot or signal comes back as the job for the proof engine
 *  that alone is still to be checked; everything else has then passed. */
export function admit(state: RecordState, entry: Entry): ProofJob | undefined {
  const [type, content] = entry
  if (type === 'genesis') {
    ensure(state.size === 0, 'not-expected-here', 'genesis is the first entry')
    return undefined
  }
  if (state.founded === undefined) throw new Refusal('not-expected-here', 'the first entry is genesis')
  switch (type) {
    case 'time':
      ensure(content >= state.time, 'time-runs-backwards')
      return undefined
    case 'act':
      admitAct(state, state.founded, content)
      return undefined
    case 'guardian':
      admitGuardianMessage(state, state.founded.log, content)
      return undefined
    case 'ballot':
      return admitBallot(state, content)
    case 'signal':
      return admitSignal(state, state.founded.log, content)
  }
}

/** Folds an admitted entry into the state. */
export function apply(state: RecordState, entry: Entry): void {
  const [type, content] = entry
  switch (type) {
    case 'genesis':
      state.founded = { log: logOrigin(content.origin, encodeEntry(entry)), genesis: content }
      break
    case 'time':
      state.time = content
      break
    case 'act':
      applyAct(state, content, sha256(encodeEntry(entry)))
      break
    case 'guardian':
      applyGuardianMessage(state, content)
      break
    case 'ballot':
      applyBallot(state, content)
      break
    case 'signal':
      applySignal(state, content)
  }
  state.size += 1
}

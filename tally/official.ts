// Official acts whose content follows from the record and leaves an official nothing to choose. SPEC 4.2, 8.2, 9.6.
import type { ActOf } from '#protocol/act.ts'
import { circuitOf, packing } from '#protocol/contest.ts'
import { Refusal } from '#protocol/refusal.ts'
import type { BallotSetup, Setup } from '#protocol/setup.ts'
import { electionOf } from './acts.ts'
import { attemptKey, attemptTranscript, stageOf } from './keygen.ts'
import { outcome } from './outcome.ts'
import { rollOf, rootOf } from './rolls.ts'
import type { ProcessState, RecordState } from './state.ts'

/** The act that freezes a roll as it is. Throws `Refusal`. */
export function freezing(state: RecordState, process: string, roll: string): ActOf<'freeze-roll'> {
  const found = rollOf(processOf(state, process), roll)
  const { credentials, totalWeight } = found
  return { type: 'freeze-roll', roll, root: rootOf(found), size: credentials.length, totalWeight }
}

/** The act that opens an election: key, rolls and packing as the record gives them. Throws `Refusal`.
 *  @param setups those of the circuits whose files the server has */
export function opening(
  state: RecordState,
  process: string,
  election: string,
  setups: readonly Setup[],
): ActOf<'open-election'> {
  const within = processOf(state, process)
  const found = electionOf(within, election)
  const attempt = found.attempts.at(-1)
  if (attempt === undefined) throw new Refusal('keygen-attempt', 'no key has been generated')
  if (stageOf(attempt) !== 'done') throw new Refusal('rehearsal-missing')
  const contests = found.manifest.contests.map((contest, i) => {
    const { frozen } = rollOf(within, contest.roll)
    if (frozen === undefined) throw new Refusal('roll-not-frozen', contest.roll)
    const circuit = circuitOf(contest, frozen.size)
    const packed = packing(contest, circuit, frozen)
    if (packed === undefined) throw new Refusal('packing-mismatch', `contest ${i}: sums could exceed 2^40`)
    return { circuit, root: frozen.root, ...packed }
  })
  const needed = [...new Set(contests.map((c) => c.circuit))].sort()
  return {
    type: 'open-election',
    election,
    definition: found.definition,
    key: attemptKey(attempt),
    attempt: attempt.number,
    transcript: attemptTranscript(state, found, attempt),
    contests,
    setups: needed.map((circuit) => {
      const setup = setups.find((s): s is BallotSetup => s.circuit === circuit)
      if (setup === undefined) throw new Refusal('setup-mismatch', `no keys for circuit ${circuit}`)
      return setup
    }),
  }
}

/** The act that publishes what the record implies. Throws `Refusal` while too few guardians have decrypted. */
export function publication(state: RecordState, process: string, election: string): ActOf<'publish-result'> {
  const result = outcome(electionOf(processOf(state, process), election))
  if (result === undefined) throw new Refusal('wrong-state', 'too few guardians have decrypted yet')
  return { type: 'publish-result', election, result }
}

function processOf(state: RecordState, slug: string): ProcessState {
  const process = state.processes.get(slug)
  if (process === undefined) throw new Refusal('unknown-process', slug)
  return process
}

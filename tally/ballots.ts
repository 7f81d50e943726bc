// Ballots at the gate: everything about one that needs no proof engine. SPEC 8.3.
import { equalBytes, toHex } from '#crypto/encoding.ts'
import {
  type Ballot,
  type BallotContext,
  ballotOf,
  ballotSchema,
  bodyHash,
  CIPHERTEXT_BYTES,
  nullifierHash,
} from '#protocol/ballot.ts'
import { Refusal, ensure } from '#protocol/refusal.ts'
import type * as z from 'zod/mini'
import type { ContestState, ElectionState, RecordState } from './state.ts'

type BallotContent = z.output<typeof ballotSchema>

/** What is left to check of a ballot: batch equation and proof, in its contest's context. */
export interface BallotJob {
  readonly context: BallotContext
  readonly ballot: Ballot
  /** SHA-256 of the verification key's file, in hexadecimal. */
  readonly verificationKey: string
  /** Hash of the body in hexadecimal. */
  readonly id: string
}

/** Throws `Refusal` unless the ballot may stand next, its proof apart. */
export function admitBallot(state: RecordState, content: BallotContent): BallotJob {
  const ballot = ballotOf(content)
  const { body, envelope } = ballot
  const { election, contest } = place(state, ballot)
  ensure(state.time >= election.manifest.opensAt, 'too-early')
  ensure(election.closedAt === undefined && state.time < election.closesAt, 'too-late')
  ensure(!election.paused, 'voting-paused')
  const { context } = contest
  ensure(body.circuit === context.circuit, 'ballot-wrong-circuit', body.circuit)
  ensure(body.ciphertexts.length === context.packing.ciphertexts * CIPHERTEXT_BYTES, 'ballot-wrong-size')
  ensure(
    equalBytes(body.nullifierHash, nullifierHash(envelope.nullifier, envelope.nullifierKey)),
    'ballot-nullifier-mismatch',
  )
  const id = toHex(bodyHash(body))
  ensure(!state.bodies.has(id), 'ballot-recorded', `entry ${state.bodies.get(id) ?? ''}`)
  const earlier = contest.voters.get(envelope.nullifier)?.ballots ?? 0
  ensure(earlier === 0 || election.manifest.revoting === 'last', 'ballot-revote')
  ensure(body.sequence === earlier, 'ballot-sequence', `expected ${earlier}`)
  return job(election, contest, ballot, id)
}

/** What is left to check of a ballot that was admitted before. */
export function jobOf(state: RecordState, content: BallotContent): BallotJob {
  const ballot = ballotOf(content)
  const { election, contest } = place(state, ballot)
  return job(election, contest, ballot, toHex(bodyHash(ballot.body)))
}

function job({ opening }: ElectionState, { context }: ContestState, ballot: Ballot, id: string): BallotJob {
  const setup = opening?.act.setups.find((s) => s.circuit === context.circuit)
  if (setup === undefined) throw new Error('an open election has the setup of each of its circuits')
  return { context, ballot, verificationKey: toHex(setup.verificationKey), id }
}

/** Records an admitted ballot as its voter's latest. */
export function applyBallot(state: RecordState, content: BallotContent): void {
  const ballot = ballotOf(content)
  const { contest } = place(state, ballot)
  const { nullifier } = ballot.envelope
  const earlier = contest.voters.get(nullifier)?.ballots ?? 0
  contest.voters.set(nullifier, { index: state.size, ballots: earlier + 1 })
  let now = contest.turnout.at(-1)
  if (now?.time !== state.time) contest.turnout.push((now = { time: state.time, voters: 0, ballots: 0 }))
  now.ballots += 1
  if (earlier === 0) now.voters += 1
  state.bodies.set(toHex(bodyHash(ballot.body)), state.size)
}

function place(state: RecordState, { body }: Ballot): { election: ElectionState; contest: ContestState } {
  const election = state.opened.get(toHex(body.election))
  if (election === undefined) throw new Refusal('ballot-wrong-election')
  const contest = election.contests[body.contest]
  if (contest === undefined) throw new Refusal('unknown-contest', `contest ${body.contest}`)
  return { election, contest }
}

// Official acts at the gate: signatures, place and what each act asks of the state. SPEC 7.4, 8.1, 8.2.
import { equalBytes, toHex } from '#crypto/encoding.ts'
import { type Act, type ActOf, type SignedAct, UNCOUNTED, type UnsignedAct } from '#protocol/act.ts'
import { checkApprovals } from '#protocol/approval.ts'
import { circuitOf, packing } from '#protocol/contest.ts'
import { ballotContext } from '#protocol/election.ts'
import type { Genesis, LogOrigin } from '#protocol/genesis.ts'
import { Refusal, ensure } from '#protocol/refusal.ts'
import { admitAccountability, applyAccountability, nothingPromised } from './accountability.ts'
import { admitArchiving, ensureGoesOn } from './archive.ts'
import { admitAssessment, applyAssessment, applyProjects } from './assessments.ts'
import { admitDefinition } from './definition.ts'
import { admitAttempt, attemptKey, attemptTranscript, rehearsed } from './keygen.ts'
import { admitOfficials } from './officials.ts'
import { admitDecision, admitTextErasure, applyDecision, applyTextErasure } from './moderation.ts'
import { outcome, sameResult } from './outcome.ts'
import { admitAnswer, admitPlan, applyAnswer, applyPlan } from './participation.ts'
import {
  admitCredentials,
  admitFreeze,
  admitRemoval,
  applyCredentials,
  applyRemoval,
  endLists,
  rollOf,
} from './rolls.ts'
import { admitFinding, applyFinding } from './speakers.ts'
import type { ElectionState, ProcessState, RecordState } from './state.ts'
import { admitSeeds, applySeeds } from './statements.ts'

/** Throws `Refusal` unless enough officials signed this act for this very place and the state allows it. */
export function admitAct(
  state: RecordState,
  founded: { log: LogOrigin; genesis: Genesis },
  signed: SignedAct,
): void {
  const problem = checkApprovals({ ...founded, officials: state.officials?.now }, signed)
  if (problem !== undefined) throw new Refusal(problem)
  const signers = signed.approvals.map(({ signer }) => signer)
  admitUnsigned(state, signed, signers)
}

/** Throws `Refusal` unless the state allows this act at this place.
 *  @param signers those who sign it, as far as they are known; the others may */
export function admitUnsigned(
  state: RecordState,
  signed: UnsignedAct,
  signers: readonly string[] = [],
): void {
  ensure(signed.expiry >= state.time, 'act-expired')
  const process = state.processes.get(signed.process)
  const { act } = signed
  if (act.type === 'create-process') {
    ensure(process === undefined, 'already-exists', signed.process)
    ensure(signed.stateCounter === 0, 'act-counter-stale', 'expected 0')
    return
  }
  if (process === undefined) throw new Refusal('unknown-process', signed.process)
  ensure(signed.stateCounter === process.counter, 'act-counter-stale', `expected ${process.counter}`)
  admitIn(state, process, act, signers)
}

/** Folds an admitted act; `hash` is SHA-256 of its entry. */
export function applyAct(
  state: RecordState,
  { process: slug, act, approvals }: SignedAct,
  hash: Uint8Array,
): void {
  if (act.type === 'create-process') {
    state.processes.set(slug, {
      ...{ title: act.title, counter: 1, rolls: new Map(), lists: new Map(), elections: new Map() },
      ...{ plans: [], participation: undefined, accountability: nothingPromised(), archived: undefined },
    })
    return
  }
  const process = state.processes.get(slug)
  if (process === undefined) throw new Error('act was not admitted')
  if (!UNCOUNTED.has(act.type)) process.counter += 1
  const signers = approvals.map(({ signer }) => signer)
  if (act.type === 'moderate') applyDecision(state, process, act, signers)
  else if (act.type === 'erase-text') applyTextErasure(state, process, act, signers)
  else if (act.type === 'vouch-name') applyFinding(state, process, act, signers)
  else applyIn(state, process, slug, act, hash)
}

function admitIn(
  state: RecordState,
  process: ProcessState,
  act: Exclude<Act, ActOf<'create-process'>>,
  signers: readonly string[],
): void {
  ensureGoesOn(process, act)
  switch (act.type) {
    case 'plan-process':
      admitPlan(state, process, act)
      return
    case 'answer-proposal':
      admitAnswer(process, act)
      return
    case 'seed-statements':
      admitSeeds(process, act)
      return
    case 'assess-proposal':
      admitAssessment(process, act)
      return
    case 'moderate':
      admitDecision(process, act, signers)
      return
    case 'erase-text':
      admitTextErasure(process, act)
      return
    case 'vouch-name':
      admitFinding(process, act)
      return
    case 'make-promise':
    case 'change-promise':
    case 'report-progress':
    case 'publish-releases':
      admitAccountability(state, process, act)
      return
    case 'archive-process':
      admitArchiving(state, process, act)
      return
    case 'list-voters':
    case 'unlist-voters':
      ensure(process.rolls.get(act.roll)?.frozen === undefined, 'roll-frozen')
      if (act.type === 'list-voters')
        ensure(!process.lists.has(toHex(act.list)), 'already-exists', 'this list')
      return
    case 'add-to-roll':
      admitCredentials(process.rolls.get(act.roll), act)
      return
    case 'remove-from-roll':
      admitRemoval(process.rolls.get(act.roll), act)
      return
    case 'freeze-roll':
      admitFreeze(process.rolls.get(act.roll), act)
      return
    case 'define-election':
      admitDefinition(state, process, act)
      return
    case 'start-keygen':
      admitAttempt(process, electionOf(process, act.election), act)
      return
    case 'open-election':
      admitOpening(state, process, act)
      return
    case 'set-closing-time': {
      const election = electionOf(process, act.election)
      admitVoting(state, election)
      ensure(act.closesAt > state.time, 'closing-time-invalid', 'it lies in the past')
      ensure(act.closesAt > election.manifest.opensAt, 'closing-time-invalid', 'before the opening')
      return
    }
    case 'pause-voting':
    case 'resume-voting': {
      const election = electionOf(process, act.election)
      admitVoting(state, election)
      const resuming = act.type === 'resume-voting'
      ensure(election.paused === resuming, 'wrong-state', resuming ? 'it is not paused' : 'it is paused')
      return
    }
    case 'tell-voters':
      electionOf(process, act.election)
      return
    case 'close-election': {
      const election = electionOf(process, act.election)
      ensure(election.opening !== undefined && election.closedAt === undefined, 'wrong-state', 'not open')
      ensure(state.time >= election.closesAt, 'too-early')
      return
    }
    case 'publish-result': {
      const election = electionOf(process, act.election)
      ensure(election.closedAt !== undefined && election.result === undefined, 'wrong-state')
      const expected = outcome(election)
      ensure(expected !== undefined, 'wrong-state', 'not yet decrypted by enough guardians')
      ensure(sameResult(expected, act.result), 'result-mismatch')
      return
    }
    case 'change-officials':
      admitOfficials(state, act)
      return
    case 'publish-application':
  }
}

function applyIn(
  state: RecordState,
  process: ProcessState,
  processSlug: string,
  act: Exclude<Act, ActOf<'create-process' | 'moderate' | 'erase-text' | 'vouch-name'>>,
  hash: Uint8Array,
): void {
  switch (act.type) {
    case 'plan-process':
      applyPlan(state, process, act)
      return
    case 'answer-proposal':
      applyAnswer(state, process, act)
      return
    case 'seed-statements':
      applySeeds(state, process, act)
      return
    case 'assess-proposal':
      applyAssessment(state, process, act)
      return
    case 'make-promise':
    case 'change-promise':
    case 'report-progress':
    case 'publish-releases':
      applyAccountability(state, process, act)
      return
    case 'archive-process':
      process.archived = { index: state.size, time: state.time, act }
      return
    case 'list-voters':
      process.lists.set(toHex(act.list), { roll: act.roll, rows: act.rows })
      return
    case 'add-to-roll':
      applyCredentials(process, act)
      return
    case 'remove-from-roll':
      applyRemoval(rollOf(process, act.roll), act)
      endLists(process, act.roll)
      return
    case 'unlist-voters':
      endLists(process, act.roll)
      return
    case 'freeze-roll': {
      const roll = rollOf(process, act.roll)
      roll.frozen = { root: act.root, size: act.size, totalWeight: act.totalWeight, index: state.size }
      return
    }
    case 'define-election':
      process.elections.set(act.election, {
        process: processSlug,
        slug: act.election,
        manifest: act.manifest,
        definition: hash,
        definedAt: state.size,
        attempts: [],
        closesAt: act.manifest.closesAt,
        paused: false,
        notices: [],
        opening: undefined,
        closedAt: undefined,
        contests: [],
        result: undefined,
        announcedAt: undefined,
        announcedTime: undefined,
        announcedWith: undefined,
      })
      applyProjects(state, processSlug, act)
      return
    case 'start-keygen':
      electionOf(process, act.election).attempts.push({
        number: act.attempt,
        guardians: act.guardians,
        commits: new Map(),
        reveals: new Map(),
        deals: new Map(),
        confirmed: new Set(),
        rehearsals: new Map(),
        failed: undefined,
      })
      return
    case 'open-election':
      applyOpening(state, process, act, hash)
      return
    case 'set-closing-time':
      electionOf(process, act.election).closesAt = act.closesAt
      return
    case 'pause-voting':
    case 'resume-voting':
    case 'tell-voters': {
      const election = electionOf(process, act.election)
      if (act.type !== 'tell-voters') election.paused = act.type === 'pause-voting'
      election.notices.push({ index: state.size, time: state.time, act })
      return
    }
    case 'close-election':
      electionOf(process, act.election).closedAt = state.size
      return
    case 'publish-result': {
      const election = electionOf(process, act.election)
      election.result = act.result
      election.announcedAt = state.size
      election.announcedTime = state.time
      election.announcedWith = {
        officials: state.officials,
        notices: election.notices.length,
        contests: election.contests.map(({ intents, shares }) => ({
          intents: [...intents.keys()],
          shares: [...shares.keys()],
        })),
      }
      return
    }
    case 'change-officials':
      state.officials = { changes: [...(state.officials?.changes ?? []), state.size], now: act }
      return
    case 'publish-application':
      state.application = { index: state.size, files: act.files }
      return
  }
}

/** Open, and before the closing time: nothing that follows could change which ballots are taken. */
function admitVoting({ time }: RecordState, { opening, closedAt, closesAt }: ElectionState): void {
  ensure(opening !== undefined && closedAt === undefined, 'wrong-state', 'not open')
  ensure(time < closesAt, 'wrong-state', 'voting has ended')
}

function admitOpening(state: RecordState, process: ProcessState, act: ActOf<'open-election'>): void {
  const election = electionOf(process, act.election)
  const { manifest } = election
  ensure(election.opening === undefined, 'already-exists', 'the election is open')
  ensure(equalBytes(act.definition, election.definition), 'manifest-invalid', 'another definition')
  const alone = state.officials !== undefined && state.officials.now.approvals.decisive < 2
  ensure(manifest.practice || !alone, 'act-approvals-too-few', 'two owners open an election')
  ensure(state.time < manifest.closesAt, 'too-late', 'it would already be closed')
  const attempt = election.attempts.at(-1)
  if (attempt === undefined || attempt.number !== act.attempt) throw new Refusal('keygen-attempt')
  ensure(rehearsed(state, election, attempt), 'rehearsal-missing')
  ensure(
    equalBytes(act.transcript, attemptTranscript(state, election, attempt)),
    'keygen-transcript-mismatch',
  )
  ensure(equalBytes(act.key, attemptKey(attempt)), 'keygen-transcript-mismatch', 'another key')
  ensure(act.contests.length === manifest.contests.length, 'packing-mismatch', 'number of contests')
  manifest.contests.forEach((contest, i) => {
    const { frozen } = rollOf(process, contest.roll)
    if (frozen === undefined) throw new Refusal('roll-not-frozen', contest.roll)
    const circuit = circuitOf(contest, frozen.size)
    const wanted = packing(contest, circuit, frozen)
    const given = act.contests[i]
    ensure(wanted !== undefined, 'packing-mismatch', `contest ${i}: sums could exceed 2^40`)
    ensure(given?.circuit === circuit && given.root === frozen.root, 'roll-mismatch', `contest ${i}`)
    ensure(
      given.bits === wanted.bits &&
        given.perCiphertext === wanted.perCiphertext &&
        given.ciphertexts === wanted.ciphertexts,
      'packing-mismatch',
      `contest ${i}`,
    )
  })
  const needed = [...new Set(act.contests.map((c) => c.circuit))].sort().join()
  ensure(act.setups.map((s) => s.circuit).join() === needed, 'setup-mismatch', `needs ${needed}`)
}

function applyOpening(
  state: RecordState,
  process: ProcessState,
  act: ActOf<'open-election'>,
  hash: Uint8Array,
): void {
  const election = electionOf(process, act.election)
  const attempt = election.attempts.at(-1)
  if (attempt === undefined || state.founded === undefined) throw new Error('opening was not admitted')
  election.opening = { index: state.size, time: state.time, hash, act, attempt }
  const { log } = state.founded
  election.manifest.contests.forEach((contest, i) => {
    election.contests.push({
      context: ballotContext(log, hash, act, election.manifest, i),
      totalWeight: rollOf(process, contest.roll).totalWeight,
      voters: new Map(),
      turnout: [],
      aggregate: undefined,
      intents: new Map(),
      shares: new Map(),
    })
  })
  state.opened.set(toHex(hash), election)
}

/** Throws `Refusal('unknown-election')`. */
export function electionOf(process: ProcessState, slug: string): ElectionState {
  const election = process.elections.get(slug)
  if (election === undefined) throw new Refusal('unknown-election', slug)
  return election
}

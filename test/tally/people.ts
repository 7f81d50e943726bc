// People who take part in a process of a scene: a plan, and deeds whose proofs are simulated with the development setup's
// trapdoor, for true statements and false ones alike.
import { nullifier } from '#circuits/credential.ts'
import { signalInputs } from '#circuits/signal.ts'
import { parseVerificationKey } from '#crypto/groth16.ts'
import { toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import type { ActOf } from '#protocol/act.ts'
import { encodeEntry } from '#protocol/entry.ts'
import type { Position } from '#protocol/position.ts'
import { ensure, type RefusalCode } from '#protocol/refusal.ts'
import {
  type Deed,
  type Signal,
  signalContent,
  signalScope,
  signalStatement,
  type Stance,
} from '#protocol/signal.ts'
import { contributionOf } from '#tally/contributions.ts'
import { admit } from '#tally/fold.ts'
import { checkJobs } from '#tally/proofs.ts'
import type {
  ContributionState,
  ParticipationState,
  ProcessState,
  ProposalState,
  StatementState,
} from '#tally/state.ts'
import { PROCESS, type Scene, START } from './scene.ts'
import { developmentSetup } from './setup.ts'
import { refusalOf } from './verifying.ts'

const DAY = 86_400_000
const KEY = parseVerificationKey(developmentSetup('signal').verificationKey)
type Plan = ActOf<'plan-process'>

/** A plan under which everybody on the roll may propose and make statements for ten days, and say what they think of all that
 *  for twenty. */
export function planOf(changes: Partial<Plan> = {}, rules: Partial<Plan['participation']> = {}): Plan {
  const phase = (days: number, allows: Plan['phases'][number]['allows']) => ({
    ...{ title: { en: 'Ideas' }, opensAt: START, closesAt: START + days * DAY, allows },
  })
  return {
    type: 'plan-process',
    purpose: { en: 'What shall the park become?' },
    decides: { en: 'The council' },
    changes: { en: 'The plan of the park' },
    moderation: { en: 'Insults are hidden.' },
    phases: [phase(10, ['propose', 'statement']), phase(20, ['comment', 'opinion', 'support'])],
    participation: {
      ...{ roll: 'residents', setup: developmentSetup('signal').setup },
      ...{ threshold: 2, answerDays: 30, daily: 3, ...rules },
    },
    ...changes,
  }
}

export class People {
  readonly scene: Scene

  /** @param scene enrolled */
  constructor(scene: Scene, plan = planOf()) {
    this.scene = scene
    scene.act(plan)
  }

  get process(): ProcessState {
    const process = this.scene.state.processes.get(PROCESS)
    if (process === undefined) throw new Error('no process')
    return process
  }

  get participation(): ParticipationState {
    const { participation } = this.process
    if (participation === undefined) throw new Error('nobody takes part')
    return participation
  }

  contribution(index: number): ContributionState {
    return contributionOf(this.participation, index)
  }

  proposal(index: number): ProposalState {
    const proposal = this.participation.proposals.get(index)
    if (proposal === undefined) throw new Error('no such proposal')
    return proposal
  }

  /** The deed of a person as their device would send it, with whatever is changed under its proof. */
  signal(person: number, deed: Deed, changes: Partial<Signal> = {}): Signal {
    const own = nullifier(
      this.scene.voter(person).secret,
      signalScope(this.scene.log, changes.process ?? PROCESS, deed),
    )
    const { proposals, thinkers, voices } = this.participation
    const before =
      deed.type === 'support'
        ? proposals.get(deed.proposal)?.supporters.get(own)
        : (deed.type === 'opinion' ? thinkers : voices).get(own)
    const sequence = before?.entries ?? 0
    const unproven = { process: PROCESS, deed, sequence, nullifier: own, ...changes }
    return { ...unproven, proof: this.proof(unproven) }
  }

  /** What a server says to a signal, its proof included. */
  judge(signal: Signal): RefusalCode | 'accepted' {
    return refusalOf(() => {
      const job = admit(this.scene.state, ['signal', signalContent(signal)])
      ensure(job !== undefined && checkJobs([job], () => KEY)[0] === true, 'signal-proof-invalid')
    })
  }

  /** What it says to a person's deed. */
  asked(person: number, deed: Deed): RefusalCode | 'accepted' {
    return this.judge(this.signal(person, deed))
  }

  /** A proof of whatever the signal states. */
  proof(signal: Omit<Signal, 'proof'>): Uint8Array {
    const statement = signalStatement(this.scene.log, this.participation.root, signal)
    return developmentSetup('signal').prove(signalInputs(statement))
  }

  /** The bytes of a signal's entry. */
  entry(signal: Signal): Uint8Array {
    return encodeEntry(['signal', signalContent(signal)])
  }

  send(signal: Signal): number {
    return this.scene.offer(['signal', signalContent(signal)])
  }

  act(person: number, deed: Deed): number {
    return this.send(this.signal(person, deed))
  }

  propose(person: number, text = 'A pond'): number {
    return this.act(person, { type: 'propose', text: textOf(text) })
  }

  comment(person: number, about: number, text: string, stance: Stance = 'remark'): number {
    return this.act(person, { type: 'comment', about, stance, text: textOf(text) })
  }

  /** A name that the person wants to speak under. */
  introduce(person: number, name: string): number {
    return this.act(person, { type: 'introduce', text: textOf(name) })
  }

  /** A statement that waits to be let through; its name. */
  state(person: number, text: string): Uint8Array {
    this.act(person, { type: 'statement', text: textOf(text) })
    return textOf(text)
  }

  opine(person: number, statement: Uint8Array, position: Position): number {
    return this.act(person, { type: 'opinion', statement, position })
  }

  /** What is known of the statement with this name. */
  statement(name: Uint8Array): StatementState {
    const statement = this.participation.statements.get(toHex(name))
    if (statement === undefined) throw new Error('no such statement')
    return statement
  }

  /** Moves the ledger's time by days from the start. */
  passTo(days: number): void {
    this.scene.offer(['time', START + days * DAY])
  }
}

/** Some commitment to a text. */
export function textOf(text: string): Uint8Array {
  return sha256(new TextEncoder().encode(text))
}

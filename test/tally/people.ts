// People who take part in a process of a scene: a plan, and deeds whose proofs are simulated with the development setup's
// trapdoor, for true statements and false ones alike.
import { nullifier } from '#circuits/credential.ts'
import { signalInputs } from '#circuits/signal.ts'
import { sha256 } from '#crypto/hash.ts'
import type { ActOf } from '#protocol/act.ts'
import { type Deed, type Signal, signalContent, signalScope, signalStatement } from '#protocol/signal.ts'
import type { ParticipationState, ProcessState, ProposalState } from '#tally/state.ts'
import { PROCESS, type Scene, START } from './scene.ts'
import { developmentSetup } from './setup.ts'

const DAY = 86_400_000
type Plan = ActOf<'plan-process'>

/** A plan under which everybody on the roll may propose for ten days, and support for twenty. */
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
    phases: [phase(10, ['propose']), phase(20, ['support'])],
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
    const sequence =
      deed.type === 'support'
        ? (this.participation.proposals.get(deed.proposal)?.supporters.get(own)?.entries ?? 0)
        : (this.participation.voices.get(own)?.entries ?? 0)
    const unproven = { process: PROCESS, deed, sequence, nullifier: own, ...changes }
    return { ...unproven, proof: this.proof(unproven) }
  }

  /** A proof of whatever the signal states. */
  proof(signal: Omit<Signal, 'proof'>): Uint8Array {
    const statement = signalStatement(this.scene.log, this.participation.root, signal)
    return developmentSetup('signal').prove(signalInputs(statement))
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

  /** Moves the ledger's time by days from the start. */
  passTo(days: number): void {
    this.scene.offer(['time', START + days * DAY])
  }
}

/** Some commitment to a text. */
export function textOf(text: string): Uint8Array {
  return sha256(new TextEncoder().encode(text))
}

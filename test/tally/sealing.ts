// Comments sealed to the guardians of a scene's election, as devices seal them and guardians open them. SPEC 12.11.
import { nullifier } from '#circuits/credential.ts'
import { encodeField, encodePoint, G, multiply } from '#crypto/babyjubjub.ts'
import { sha256 } from '#crypto/hash.ts'
import { knowledgeStatement, prove } from '#crypto/preimage.ts'
import { attemptKey } from '#tally/keygen.ts'
import type { ActOf } from '#protocol/act.ts'
import { hashUnderLog } from '#protocol/genesis.ts'
import { endOfSealing } from '#protocol/plan.ts'
import { type Boxed, type SealedComment, sealComment, type SealPlace } from '#protocol/sealed-comment.ts'
import { signalScope } from '#protocol/signal.ts'
import { unsealMessage } from '#tally/guardian.ts'
import { unsealedIn } from '#tally/sealed-comments.ts'
import { People, planOf } from './people.ts'
import { ELECTION, PROCESS, Scene, START } from './scene.ts'

const DAY = 86_400_000

/** A plan under which comments are sealed for ten days to the guardians of the scene's election, and open ones taken for
 *  twenty. */
export function sealingPlan(
  scene: Scene,
  rules: Parameters<typeof planOf>[1] = {},
  days = 10,
): ActOf<'plan-process'> {
  const phase = (until: number, allows: ActOf<'plan-process'>['phases'][number]['allows']) => ({
    ...{ title: { en: 'Ideas' }, opensAt: START, closesAt: START + until * DAY, allows },
  })
  const phases = [phase(days, ['propose', 'sealed-comment']), phase(20, ['comment'])]
  const sealedTo = { election: ELECTION, key: attemptKey(scene.attempt) }
  return planOf({ phases }, { daily: 20, sealedTo, ...rules })
}

/** People who seal comments on a proposal, to guardians who hold the key. */
export class Sealing {
  readonly scene: Scene
  readonly people: People
  readonly proposal: number

  /** @param scene prepared, its key made */
  constructor(scene = keyed(), plan = sealingPlan(scene)) {
    this.scene = scene
    this.people = new People(scene, plan)
    this.proposal = this.people.propose(0)
  }

  get place(): SealPlace {
    const { sealed } = this.people.participation
    if (sealed === undefined) throw new Error('nothing is sealed')
    return { log: this.scene.log, process: PROCESS, election: sealed.election, joint: sealed.key }
  }

  author(person: number): bigint {
    const scope = signalScope(this.scene.log, PROCESS, { type: 'withdraw', proposal: 0 })
    return nullifier(this.scene.voter(person).secret, scope)
  }

  /** A comment as its author's device seals it. */
  seal(
    person: number,
    text: string,
    where: Partial<Pick<SealedComment, 'about' | 'until'>> = {},
  ): { deed: SealedComment; box: Uint8Array; writing: Boxed } {
    const writing = { text, key: sha256(new TextEncoder().encode(`key of ${text}`)) }
    const until = endOfSealing(this.people.process.plans.at(-1)?.plan.phases ?? [])
    const at = { about: this.proposal, until, ...where }
    return { ...sealComment(this.place, this.author(person), at, writing), writing }
  }

  /** A comment under a true proof whose box holds nothing that anybody could open. */
  garbled(person: number): { deed: SealedComment; box: Uint8Array } {
    const { log, process, election, joint } = this.place
    const { deed } = this.seal(person, 'Garbled')
    const [r, box] = [7n, sha256(deed.box)]
    const stated = { ...deed, box: sha256(box), key: encodePoint(multiply(G, r)) }
    const by = encodeField(this.author(person))
    const { about, until, text } = stated
    const bound = [process, election, joint, by, about, until, text, stated.box]
    const context = hashUnderLog('sealed-comment', log, ...bound)
    const proof = prove('sealed-comment', context, knowledgeStatement(G, [multiply(G, r)]), [r])
    return { deed: { ...stated, proof }, box }
  }

  /** A sealed one on the record; its entry and its box. */
  say(person: number, text: string): { index: number; box: Uint8Array } {
    const { deed, box } = this.seal(person, text)
    return { index: this.people.act(person, deed), box }
  }

  unsealing(guardian: number, lot = 0) {
    const { scene, people } = this
    return unsealMessage(
      scene.state,
      scene.election,
      people.participation,
      lot,
      guardian,
      scene.share(guardian),
    )
  }

  unseal(guardian: number): number {
    return this.scene.say(guardian, this.unsealing(guardian))
  }

  /** What anybody reads in these boxes by now. */
  read(boxes: readonly Uint8Array[]): (string | undefined)[] {
    return unsealedIn(this.scene.state, PROCESS).flatMap(({ open }) => {
      return boxes.flatMap((box) => open(box)?.text ?? [])
    })
  }
}

/** A scene whose guardians hold the key of its election. */
export function keyed(plan: ConstructorParameters<typeof Scene>[0] = {}): Scene {
  const scene = new Scene(plan)
  scene.prepare()
  scene.keygen()
  return scene
}

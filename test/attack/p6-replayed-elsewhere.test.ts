// P6: what somebody said in one process appears in another, or in another log, in which they may take part as well. Name and
// proof are of one process of one log. SPEC 4.3, 12.2.
import { expect, test } from 'vitest'
import { sha256 } from '#crypto/hash.ts'
import type { Deed, Signal } from '#protocol/signal.ts'
import { People, planOf, textOf } from '../tally/people.ts'
import { PROCESS, Scene } from '../tally/scene.ts'

test.each<[string, Deed]>([
  ['a proposal', { type: 'propose', text: textOf('A pond') }],
  ['a comment', { type: 'comment', about: 0, stance: 'for', text: textOf('Yes') }],
  ['support', { type: 'support', proposal: 0, on: true }],
  ['a report', { type: 'report', target: 0, reason: 'spam' }],
])('%s of another process, or another log', (_, wish) => {
  const [here, there] = [gathering(), gathering({ logId: sha256(Uint8Array.of(2)) })]
  const proposal = here.propose(0, 'Theirs')
  expect(there.propose(0, 'Theirs')).toBe(proposal)
  const deed = at(wish, proposal)
  const own = here.signal(1, deed)
  expect(here.judge(own)).toBe('accepted')
  const moved: Signal = here.signal(1, deed, { process: 'town' })
  expect(moved.nullifier).not.toBe(own.nullifier)
  expect(here.judge({ ...moved, process: PROCESS })).toBe('signal-proof-invalid')
  // Under the name that it has here the proof is still for a statement of the other process.
  expect(here.judge({ ...own, proof: moved.proof })).toBe('signal-proof-invalid')
  expect(there.signal(1, deed).nullifier).not.toBe(own.nullifier)
  expect(there.judge(own)).toBe('signal-proof-invalid')
  expect(there.judge({ ...there.signal(1, deed), proof: own.proof })).toBe('signal-proof-invalid')
})

/** People who take part in a process of their own log. */
function gathering(changes: Parameters<Scene['found']>[0] = {}): People {
  const scene = new Scene()
  const found = scene.found.bind(scene)
  scene.found = () => found(changes)
  scene.enrol()
  return new People(scene, planOf())
}

/** The same deed about that proposal. */
function at(deed: Deed, proposal: number): Deed {
  switch (deed.type) {
    case 'comment':
      return { ...deed, about: proposal }
    case 'support':
      return { ...deed, proposal }
    case 'report':
      return { ...deed, target: proposal }
    default:
      return deed
  }
}

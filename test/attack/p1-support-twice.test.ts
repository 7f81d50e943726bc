// P1: a proposal gathers more support than it has supporters. Whatever somebody sends, in whatever order, counts once, as
// they said last. SPEC 12.2, 12.3.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Deed, Signal } from '#protocol/signal.ts'
import { People, planOf } from '../tally/people.ts'
import { Scene } from '../tally/scene.ts'

const VOTERS = 3

/** What a person tries: to support or no longer, to send an old one again, or one with another proof. */
const attempt = fc.record({
  person: fc.nat(VOTERS - 1),
  how: fc.constantFrom('on' as const, 'off' as const, 'again' as const, 'reproven' as const),
  old: fc.nat(30),
})

test('by any sequence of attempts', () => {
  fc.assert(
    fc.property(fc.array(attempt, { minLength: 1, maxLength: 12 }), (attempts) => {
      const scene = new Scene()
      scene.enrol()
      const people = new People(scene, planOf({}, { threshold: VOTERS + 1 }))
      const proposal = people.propose(0)
      const supporters = new Set<number>()
      const sent: Signal[] = []
      for (const { person, how, old } of attempts) {
        const earlier = sent[old % Math.max(1, sent.length)]
        if (how === 'again' || how === 'reproven') {
          if (earlier === undefined) continue
          const repeated = how === 'again' ? earlier : { ...earlier, proof: people.proof(earlier) }
          expect(people.judge(repeated)).toBe('signal-recorded')
        } else {
          const on = how === 'on'
          const deed: Deed = { type: 'support', proposal, on }
          const signal = people.signal(person, deed)
          const news = supporters.has(person) !== on
          expect(people.judge(signal)).toBe(news ? 'accepted' : 'wrong-state')
          if (!news) continue
          people.send(signal)
          sent.push(signal)
          if (on) supporters.add(person)
          else supporters.delete(person)
        }
        expect(people.proposal(proposal).support).toBe(supporters.size)
      }
      expect(people.proposal(proposal).reached).toBeUndefined()
    }),
    { numRuns: 25 },
  )
})

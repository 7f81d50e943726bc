// P5: whoever hid somebody's words decides on the appeal too. By no sequence of decisions, reports and appeals does a
// signer of a decision sign the one on its appeal, and what was decided on an appeal stands. SPEC 12.7.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ActOf } from '#protocol/act.ts'
import { admit } from '#tally/fold.ts'
import type { Deed } from '#protocol/signal.ts'
import { approvedBy } from '../tally/passkey.ts'
import { People, planOf, textOf } from '../tally/people.ts'
import { PROCESS, Scene } from '../tally/scene.ts'
import { refusalOf } from '../tally/verifying.ts'

const OFFICIALS = ['ada', 'ben', 'cem']
const step = fc.oneof(
  fc.record({
    by: fc.constantFrom(...OFFICIALS),
    decision: fc.constantFrom('hide' as const, 'label' as const, 'restore' as const),
  }),
  fc.constant('appeal' as const),
  fc.record({ reporter: fc.nat(2) }),
)

test('by any sequence of what officials and people do', () => {
  let onAppeal = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 3, maxLength: 12 }), (steps) => {
      const scene = new Scene({ officials: OFFICIALS })
      scene.enrol()
      const people = new People(scene, planOf({}, { daily: 50 }))
      const target = people.propose(0)
      /** Who signed the last decision, whether its author has appealed since, whether an appeal was decided on. */
      let last: string | undefined
      let [appealed, final] = [false, false]
      steps.forEach((one, i) => {
        if (one === 'appeal') {
          const deed: Deed = { type: 'appeal', target, text: textOf(`Why? ${i}`) }
          if (people.asked(0, deed) !== 'accepted') return
          people.act(0, deed)
          appealed = true
        } else if ('reporter' in one) {
          const deed: Deed = { type: 'report', target, reason: 'insult' }
          if (people.asked(one.reporter, deed) === 'accepted') people.act(one.reporter, deed)
        } else {
          const { decision, by } = one
          const earlier = people.proposal(target).moderation?.decisions.length ?? 0
          const act: ActOf<'moderate'> = {
            ...{ type: 'moderate', target, earlier, decision, note: { en: 'So it is.' } },
            reason: decision === 'restore' ? 'within-policy' : 'insult',
          }
          const { counter } = people.process
          const unsigned = { process: PROCESS, stateCounter: counter, expiry: scene.state.time + 60_000, act }
          const signed = approvedBy(scene.founded, unsigned, [by])
          const said = refusalOf(() => admit(scene.state, ['act', signed]))
          if (appealed && by === last) expect(said).toBe('appeal-same-official')
          if (final) expect(said).toBe('wrong-state')
          if (said !== 'accepted') return
          scene.offer(['act', signed])
          if (appealed) onAppeal++
          ;[last, final, appealed] = [by, appealed, false]
        }
      })
    }),
    { numRuns: 40 },
  )
  expect(onAppeal).toBeGreaterThan(0)
})

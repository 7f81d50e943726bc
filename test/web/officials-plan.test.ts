// The plan of a process as officials type it, in particular to whose guardians comments are sealed (SPEC 12.11).
import { expect, test } from 'vitest'
import { fromHex } from '#crypto/encoding.ts'
import type { SetupSummary } from '#server/summary.ts'
import { draftOf, newPhase, planOf } from '#web/officials/process/plan.ts'

const hash = 'a'.repeat(64)
const setup = {
  ...{ circuit: 'signal', r1cs: hash, witnessCode: hash, provingKey: hash, verificationKey: hash },
  ...{ transcript: hash, development: true, contributors: [] },
} as unknown as SetupSummary
const KEYS = [{ process: 'city', election: 'budget', key: 'ab'.repeat(64) }]

test('names the key of the vote that was chosen, and none where comments are not sealed', () => {
  const draft = draftOf({ plan: null, participation: null }, 'en', ['residents'])
  const phase = newPhase()
  const sealing = { ...phase, allows: { ...phase.allows, 'sealed-comment': true } }
  const times = { opensAt: '2026-01-01T00:00', closesAt: '2026-01-02T00:00' }
  const chosen = { ...draft, phases: [{ ...sealing, ...times }], sealedTo: 'budget' }
  const plan = planOf(chosen, setup, KEYS)
  expect(plan.phases[0]?.allows).toEqual(['sealed-comment'])
  const key = fromHex(KEYS[0]?.key ?? '')
  expect(plan.participation?.sealedTo).toEqual({ election: 'budget', key })
  expect(planOf(draft, setup, KEYS).participation).not.toHaveProperty('sealedTo')
  expect(planOf({ ...chosen, sealedTo: 'other' }, setup, KEYS).participation).not.toHaveProperty('sealedTo')
})

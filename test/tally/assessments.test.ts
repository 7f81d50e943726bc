// SPEC 12.9: assessments of proposals, and the options that they become. Every rule of the gate with its exact refusal, and
// the observer's run over a record that a server has bent.
import { beforeEach, describe, expect, test } from 'vitest'
import type { Act } from '#protocol/act.ts'
import { encodeEntry } from '#protocol/entry.ts'
import { admit } from '#tally/fold.ts'
import { assessmentOf, budgetOf, electionOf } from './assessing.ts'
import { People, textOf } from './people.ts'
import { ELECTION, PROCESS, Scene } from './scene.ts'
import { attachmentsOf } from './setup.ts'
import { failures, inspect, refusalOf } from './verifying.ts'

let scene: Scene
let people: People
let proposal: number
beforeEach(() => {
  scene = new Scene()
  scene.enrol()
  people = new People(scene)
  proposal = people.propose(0)
})

const offered = (act: Act) => refusalOf(() => admit(scene.state, ['act', scene.signed(act)]))
const defined = (...given: Parameters<typeof electionOf> extends [Scene, ...infer R] ? R : never) =>
  offered(electionOf(scene, ...given))
/** What an observer finds of the record with an entry more, which the gate was not asked about. */
async function appended(act: Act): Promise<string[]> {
  const entries = [...scene.entries, encodeEntry(['act', scene.signed(act)])]
  return failures(await inspect(entries, { attachments: attachmentsOf('signal') }))
}

describe('an assessment', () => {
  test('is replaced by a later one, and the earlier stays', () => {
    const first = scene.act(assessmentOf(proposal, undefined))
    const second = scene.act(assessmentOf(proposal, 5n))
    const found = people.proposal(proposal).assessments
    expect(found.map(({ index, act }) => [index, act.finding.kind])).toEqual([
      [first, 'not-feasible'],
      [second, 'feasible'],
    ])
  })

  test('is of the words that its officials read', () => {
    const revise = { type: 'revise', proposal, text: textOf('A lake') } as const
    expect(people.asked(0, revise)).toBe('accepted')
    scene.act(assessmentOf(proposal, 5n))
    expect(people.asked(0, revise)).toBe('wrong-state')
    expect(people.asked(0, { type: 'withdraw', proposal })).toBe('accepted')
  })

  test('leaves an answer owed', () => {
    for (const person of [0, 1]) people.act(person, { type: 'support', proposal, on: true })
    scene.act(assessmentOf(proposal, undefined))
    expect(people.proposal(proposal)).toMatchObject({
      answer: undefined,
      reached: { time: scene.state.time },
    })
  })

  test('of what is not there, withdrawn, erased or declined', () => {
    expect(offered(assessmentOf(0, 5n))).toBe('unknown-proposal')
    const [erased, declined] = [people.propose(1, 'Benches'), people.propose(2, 'Lamps')]
    people.act(1, { type: 'erase', target: erased })
    const reasons = { en: 'No.' }
    const said = { type: 'answer-proposal', office: { en: 'Parks' }, reasons } as const
    scene.act({ ...said, proposal: declined, decision: 'declined' })
    people.act(0, { type: 'withdraw', proposal })
    for (const one of [proposal, erased, declined]) expect(offered(assessmentOf(one, 5n))).toBe('wrong-state')
    const adopted = people.propose(1, 'Shade')
    scene.act({ ...said, proposal: adopted, decision: 'adopted' })
    expect(offered(assessmentOf(adopted, 5n))).toBe('accepted')
  })

  test('ends when people vote on it, and not with practice', () => {
    scene.act(assessmentOf(proposal, 5n))
    scene.act(electionOf(scene, [proposal], {}, { practice: true }))
    expect(offered(assessmentOf(proposal, 6n))).toBe('accepted')
    scene.slug = 'real'
    scene.act(electionOf(scene, [proposal]))
    expect(offered(assessmentOf(proposal, 6n))).toBe('wrong-state')
    expect(people.proposal(proposal).projects).toEqual([
      { process: PROCESS, election: ELECTION, contest: 0, option: 0, practice: true },
      { process: PROCESS, election: 'real', contest: 0, option: 0, practice: false },
    ])
  })
})

describe('an option that came from a proposal', () => {
  test('is what was last found of it', () => {
    expect(defined([proposal])).toBe('project-mismatch')
    scene.act(assessmentOf(proposal, 5n))
    expect(defined([proposal])).toBe('accepted')
    expect(defined([proposal], { cost: 4n })).toBe('project-mismatch')
    expect(defined([proposal], { currency: 'SEK' })).toBe('project-mismatch')
    expect(defined([proposal, proposal])).toBe('project-mismatch')
    expect(defined([proposal], {}, { contests: [budgetOf([proposal]), budgetOf([proposal])] })).toBe(
      'accepted',
    )
    scene.act(assessmentOf(proposal, 6n))
    expect(defined([proposal])).toBe('project-mismatch')
    scene.act(assessmentOf(proposal, undefined))
    expect(defined([proposal], { cost: 6n })).toBe('project-mismatch')
  })

  test('without a cost or currency of the contest', () => {
    scene.act(assessmentOf(proposal, 5n))
    const { currency, ...contest } = budgetOf([proposal])
    expect(currency).toBe('EUR')
    const free = { ...contest, count: { name: 'plurality', seats: 1 } } as const
    const [{ cost, ...bare } = { cost: 0n }] = budgetOf([proposal]).options
    expect(cost).toBe(5n)
    expect(defined([], {}, { contests: [free] })).toBe('project-mismatch')
    const options = [{ ...bare, id: 'a', title: { en: 'A' } }]
    expect(defined([], {}, { contests: [{ ...free, currency: 'EUR', options }] })).toBe('project-mismatch')
  })

  test('of what is no proposal of that process', () => {
    scene.act(assessmentOf(proposal, 5n))
    const comment = people.comment(1, proposal, 'Yes')
    for (const entry of [0, comment, proposal + 1000]) expect(defined([entry])).toBe('unknown-proposal')
    expect(defined([proposal], { process: 'town' })).toBe('unknown-proposal')
  })

  test('that was taken back before', () => {
    scene.act(assessmentOf(proposal, 5n))
    people.act(0, { type: 'withdraw', proposal })
    expect(defined([proposal])).toBe('project-mismatch')
  })

  test('that is taken back afterwards leaves the election as it is', async () => {
    scene.act(assessmentOf(proposal, 5n))
    scene.act(electionOf(scene, [proposal]))
    people.act(0, { type: 'withdraw', proposal })
    const findings = await inspect(scene.entries, { attachments: attachmentsOf('signal') })
    expect(failures(findings)).toEqual([])
    expect(findings.find(({ check }) => check === 'V18')?.status).toBe('passed')
  })
})

describe('a record that a server has bent', () => {
  test('an option of another cost, signed or not, is found out', async () => {
    scene.act(assessmentOf(proposal, 5n))
    const index = scene.state.size
    expect(await appended(electionOf(scene, [proposal]))).toEqual([])
    expect(await appended(electionOf(scene, [proposal], { cost: 4n }))).toEqual([
      `V18@${index} project-mismatch`,
    ])
    expect(await appended(electionOf(scene, [0]))).toEqual([`V18@${index} unknown-proposal`])
  })

  test('an assessment that is altered afterwards is none, and its option rests on nothing', async () => {
    const index = scene.state.size
    const altered = { ...scene.signed(assessmentOf(proposal, 4n)), act: assessmentOf(proposal, 5n) }
    scene.entries.push(encodeEntry(['act', altered]))
    scene.state.size += 1
    expect(await appended(electionOf(scene, [proposal]))).toEqual([
      `V4@${index} act-signature-invalid`,
      `V18@${index + 1} project-mismatch`,
    ])
  })
})

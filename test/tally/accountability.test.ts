// SPEC 13.1, 13.2: promises and what becomes of them, published spending, each with its exact refusal, and the observer's run over it.
import { beforeEach, describe, expect, test } from 'vitest'
import type { Act } from '#protocol/act.ts'
import { encodeEntry } from '#protocol/entry.ts'
import { admit } from '#tally/fold.ts'
import { standingOf, termsOf } from '#tally/accountability.ts'
import { canonicalBytes } from '#tally/formats/ocds.ts'
import type { PromiseState } from '#tally/state.ts'
import { People } from './people.ts'
import { changeOf, ocdsText, promiseOf, publishing, reportOn } from './promises.ts'
import { ELECTION, PROCESS, Scene, START } from './scene.ts'
import { attachmentsOf } from './setup.ts'
import { failures, inspect, refusalOf } from './verifying.ts'

const DAY = 86_400_000
const portland: unknown = JSON.parse(ocdsText('portland-record'))

let scene: Scene
let people: People
let proposal: number
beforeEach(() => {
  scene = new Scene()
  scene.enrol()
  people = new People(scene)
  proposal = people.propose(0)
  scene.act({
    ...{ type: 'answer-proposal', proposal, office: { en: 'Parks' } },
    ...{ decision: 'adopted', reasons: { en: 'There is room.' } },
  })
})

const offered = (act: Act) => refusalOf(() => admit(scene.state, ['act', scene.signed(act)]))
const promised = (index: number): PromiseState => {
  const promise = people.process.accountability.promises.get(index)
  if (promise === undefined) throw new Error('no promise')
  return promise
}
const standing = (index: number) => standingOf(promised(index), scene.state.time)

describe('a promise', () => {
  test('is late by the time of the ledger, whatever is reported', () => {
    const promise = scene.act(promiseOf({ proposal }))
    expect(standing(promise)).toBe('on-time')
    people.passTo(10)
    expect(standing(promise)).toBe('on-time')
    people.passTo(11)
    scene.act(reportOn(promise))
    expect(standing(promise)).toBe('late')
    scene.act(reportOn(promise, { state: 'done' }))
    expect(standing(promise)).toBe('done-late')
    people.passTo(30)
    expect(standing(promise)).toBe('done-late')
  })

  test('done in time stays so, and dropped stays dropped', () => {
    const [first, second] = [scene.act(promiseOf({ proposal })), scene.act(promiseOf({ proposal }))]
    scene.act(reportOn(first, { state: 'done' }))
    scene.act(reportOn(second, { state: 'dropped', reasons: { en: 'No money.' } }))
    people.passTo(30)
    expect([standing(first), standing(second)]).toEqual(['done', 'dropped'])
    const due = START + 40 * DAY
    for (const promise of [first, second]) {
      expect(offered(reportOn(promise))).toBe('wrong-state')
      expect(offered(changeOf(promise, { due }))).toBe('wrong-state')
    }
  })

  test('that is moved is in time again, and its history stays', () => {
    const promise = scene.act(promiseOf({ proposal }))
    people.passTo(11)
    const due = START + 20 * DAY
    expect(offered(changeOf(promise, { due: scene.state.time }))).toBe('promise-invalid')
    const change = scene.act(changeOf(promise, { due }))
    expect(standing(promise)).toBe('on-time')
    expect(termsOf(promised(promise)).due).toBe(due)
    expect(promised(promise)).toMatchObject({
      made: { index: promise, act: { due: START + 10 * DAY } },
      changes: [{ index: change, act: { due, reasons: { en: 'The ground was wet.' } } }],
    })
  })

  test('keeps its currency', () => {
    const promise = scene.act(promiseOf({ proposal }))
    const cost = { amount: 1n, decimals: 2, currency: 'USD' }
    expect(offered(changeOf(promise, { cost }))).toBe('accepted')
    expect(offered(changeOf(promise, { cost: { ...cost, decimals: 0 } }))).toBe('promise-invalid')
    expect(offered(changeOf(promise, { cost: { ...cost, currency: 'EUR' } }))).toBe('promise-invalid')
  })

  test('follows from an adopted proposal or an announced result', async () => {
    const open = people.propose(1, 'Benches')
    expect(offered(promiseOf({ proposal }))).toBe('accepted')
    expect(offered(promiseOf({ proposal }, { due: START }))).toBe('promise-invalid')
    expect(offered(promiseOf({ proposal: open }))).toBe('promise-invalid')
    expect(offered(promiseOf({ proposal: 0 }))).toBe('unknown-proposal')
    expect(offered(promiseOf({ election: 'none', contest: 0 }))).toBe('unknown-election')

    const voted = new Scene()
    voted.prepare()
    voted.keygen()
    voted.open()
    voted.cast(0, [1n, 0n])
    const about = (subject: Parameters<typeof promiseOf>[0]) => {
      const act = promiseOf(subject, { due: voted.state.time + DAY })
      return refusalOf(() => admit(voted.state, ['act', voted.signed(act)]))
    }
    const subject = { election: ELECTION, contest: 0 }
    expect(about(subject)).toBe('promise-invalid')
    await voted.close()
    voted.tally()
    voted.publish()
    expect(about(subject)).toBe('accepted')
    expect(about({ ...subject, option: 1 })).toBe('accepted')
    expect(about({ ...subject, option: 2 })).toBe('promise-invalid')
    expect(about({ ...subject, contest: 1 })).toBe('promise-invalid')
  })

  test('that is not there', () => {
    expect(offered(reportOn(4))).toBe('unknown-promise')
    expect(offered(changeOf(4, {}))).toBe('unknown-promise')
    expect(offered(publishing(portland, { promise: 4 }))).toBe('unknown-promise')
  })
})

describe('published spending', () => {
  const attachments = (...files: unknown[]) => [...attachmentsOf('signal'), ...files.map(canonicalBytes)]

  test('is found the same by an observer, or missing, or other than what was signed', async () => {
    const index = scene.act(publishing(portland, { promise: scene.act(promiseOf({ proposal })) }))
    const sound = await inspect(scene.entries, { attachments: attachments(portland) })
    expect(failures(sound)).toEqual([])
    expect(sound.find(({ check }) => check === 'V19')).toMatchObject({
      status: 'passed',
      fields: { promises: 1, releases: 1 },
    })

    const missing = await inspect(scene.entries, { attachments: attachments() })
    expect(failures(missing)).toEqual([`V19@${index} release-missing`])
    const altered: unknown = JSON.parse(ocdsText('portland-record').replace('487280.0', '387280.0'))
    const broken = await inspect(scene.entries, { attachments: attachments(altered) })
    expect(failures(broken)).toEqual([`V19@${index} release-missing`])
  })

  test('that does not hold what its act says is condemned', async () => {
    const act = publishing(portland)
    const [first] = act.releases
    if (first === undefined) throw new Error('a release')
    const wrong = [
      { ...act, releases: [{ ...first, hash: new Uint8Array(32) }] },
      { ...act, releases: [{ ...first, ocid: 'ocds-other' }] },
      { ...act, releases: [first, first] },
    ]
    for (const one of wrong) {
      const entries = [...scene.entries, encodeEntry(['act', scene.signed(one)])]
      const findings = await inspect(entries, { attachments: attachments(portland) })
      expect(failures(findings)).toEqual([`V19@${scene.entries.length} release-mismatch`])
    }
  })

  test('of the same file once', () => {
    scene.act(publishing(portland))
    expect(offered(publishing(portland))).toBe('already-exists')
    expect(scene.state.processes.get(PROCESS)?.accountability.publications.length).toBe(1)
  })
})

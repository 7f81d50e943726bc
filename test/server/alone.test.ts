// One official alone gets nothing onto the record that takes two, by no sequence of calls. SPEC 7.8.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Act, ACT_CLASS, actCodec, type SignedAct } from '#protocol/act.ts'
import { decodeEntry, encodeEntry } from '#protocol/entry.ts'
import type { ProposedView } from '#server/officials/acts.ts'
import type { Passkey } from '../tally/passkey.ts'
import { PROCESS, Scene, START } from '../tally/scene.ts'
import { Browser } from './official-browser.ts'
import { stage, type Stage } from './stage.ts'

const HOUR = 3_600_000

const scene = new Scene({ manifest: { closesAt: START + 1000 * HOUR } })
let server: Stage
const [ada, ben, puppet] = ['ada', 'ben', 'puppet'].map((name) => new Browser(() => server, name)) as [
  Browser,
  Browser,
  Browser,
]

beforeAll(async () => {
  scene.found()
  scene.act({ type: 'create-process', title: 'City' })
  server = await stage(scene, { database: true })
  await ada.first(server.parts.officials.first ?? '')
  await ada.invite(ben, 'owner')
  await ada.propose(await ada.naming(), 'officials')
  await ada.invite(puppet, 'owner')
})
afterAll(() => server[Symbol.asyncDispose]())

/** What the two could decide at once, and in which process. */
async function decisions(): Promise<[Act, process: string][]> {
  const all = (await ada.naming()) as Extract<Act, { type: 'change-officials' }>
  const without = (name: string): Act => ({
    ...all,
    officials: all.officials.filter(({ id }) => id !== name),
  })
  return [
    [{ type: 'define-election', election: 'budget', manifest: scene.manifest }, PROCESS],
    [{ type: 'list-voters', roll: 'residents', rows: 1, list: new Uint8Array(32) }, PROCESS],
    [all, 'officials'],
    [without('ben'), 'officials'],
    [{ ...without('ben'), approvals: { routine: 1, decisive: 1 } } as Act, 'officials'],
  ]
}

interface Step {
  readonly call: 'propose' | 'approve' | 'replay' | 'withdraw' | 'append' | 'remove' | 'sign-in' | 'wait'
  /** Which decision or proposal, whose session, with which key, under whose names. */
  readonly which: number
  readonly as: Browser
  readonly key: Passkey
  readonly names: readonly string[]
}

const step: fc.Arbitrary<Step> = fc.record({
  call: fc.constantFrom(
    'propose',
    'propose',
    'approve',
    'replay',
    'withdraw',
    'append',
    'remove',
    'sign-in',
    'wait',
  ),
  which: fc.nat(99),
  as: fc.constantFrom(ada, ada, ada, puppet),
  key: fc.constantFrom(ada.acts, ada.acts, ada.acts, ada.login, puppet.acts),
  names: fc.array(fc.constantFrom('ada', 'ben', 'puppet', 'operator'), { minLength: 1, maxLength: 3 }),
})

const proposed: { view: ProposedView; assertion: string[] }[] = []

/** Whatever the server answers, it goes on. */
async function take({ call, which, as, key, names }: Step): Promise<unknown> {
  const offered = await decisions()
  const [act, process] = offered[which % offered.length] ?? []
  const known = proposed[which % Math.max(1, proposed.length)]
  if (act === undefined || process === undefined) throw new Error('no decision')
  switch (call) {
    case 'propose': {
      const proposal = await ada.proposal(act, process, key)
      const response = await as.send('POST', '/api/officials/acts', proposal)
      if (!response.ok) return undefined
      return proposed.push({ view: (await response.json()) as ProposedView, assertion: proposal.assertion })
    }
    case 'approve':
      return known && as.approval(known.view, key)
    case 'replay':
      return (
        known &&
        as.send('POST', `/api/officials/acts/${known.view.id}/approvals`, { assertion: known.assertion })
      )
    case 'withdraw':
      return known && as.send('POST', `/api/officials/acts/${known.view.id}/withdrawal`)
    case 'append': {
      const at = await ada.get<{ process: string; stateCounter: number; expiry: number }>(
        `/place?process=${process}`,
      )
      const signed = names.reduce<SignedAct>((all, name) => key.approve(scene.founded, all, name), {
        ...at,
        ...{ reason: 'It was agreed.', act, approvals: [] },
      })
      return server.post(encodeEntry(['act', signed]))
    }
    case 'remove':
      return as.send('POST', '/api/officials/people/ben/removal')
    case 'sign-in':
      return as.signIn()
    case 'wait':
      server.clock.now += HOUR
      return ada.signIn()
  }
}

/** Acts that take two and stand on the ledger beyond so many entries. */
async function decided(from: number): Promise<Act[]> {
  const acts: Act[] = []
  for (let index = from; index < server.ledger.size; index++) {
    const entry = decodeEntry(await server.ledger.entry(index))
    if (entry[0] === 'act' && ACT_CLASS[entry[1].act.type] === 'decisive') acts.push(entry[1].act)
  }
  return acts
}

test('whatever one of two calls, in whatever order, nothing is decided; then the other agrees', async () => {
  const from = server.ledger.size
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), async (steps) => {
      for (const one of steps) await take(one)
      expect(await decided(from)).toEqual([])
    }),
    { numRuns: 40, endOnFailure: true },
  )
  expect(proposed.length).toBeGreaterThan(10)
  expect(server.parts.board.state.officials?.now.officials.map(({ id }) => id)).toEqual(['ada', 'ben'])

  await ada.signIn()
  await ben.signIn()
  for (const [act, process] of (await decisions()).slice(0, 2)) {
    const waiting = await ada.propose(act, process)
    expect(waiting.standing).toBe('pending')
    expect((await ben.approval(waiting)).status).toBe(200)
    expect((await decided(from)).map((one) => actCodec.encode(one))).toContainEqual(actCodec.encode(act))
  }
})

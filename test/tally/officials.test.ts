// SPEC 7.2, 7.4: signatures of officials, the clock, the roll, and the times of voting, at the gate.
import { beforeEach, describe, expect, test } from 'vitest'
import { commitment } from '#circuits/credential.ts'
import { ed25519PublicKey } from '#crypto/ed25519.ts'
import { sha256 } from '#crypto/hash.ts'
import { type Act, type SignedAct, signAct } from '#protocol/act.ts'
import { ballotContent } from '#protocol/ballot.ts'
import { encodeCbor } from '#protocol/codec.ts'
import { decodeEntry } from '#protocol/entry.ts'
import type { Officials } from '#protocol/official.ts'
import { rootOf } from '#tally/rolls.ts'
import { freezing } from '#tally/official.ts'
import { Passkey } from './passkey.ts'
import { ELECTION, PROCESS, Scene, START } from './scene.ts'
import { answer, flip, refusalOf } from './verifying.ts'

const MINUTE = 60_000
const OFFICIAL = { id: 'eve', name: 'Eve', role: 'owner' as const, key: new Passkey('eve').key }
const secretOf = (name: string): Uint8Array => sha256(new TextEncoder().encode(name))
const signer = (id: string) => ({
  id,
  name: id,
  kind: 'ed25519' as const,
  key: ed25519PublicKey(secretOf(id)),
})

/** Officials with passkeys, whom the only signer of genesis has named. */
describe('officials with passkeys', () => {
  const [ada, ben, reg] = [new Passkey('ada'), new Passkey('ben'), new Passkey('reg')]
  const officials = [
    { id: 'ada', name: 'Ada', role: 'owner' as const, key: ada.key },
    { id: 'ben', name: 'Ben', role: 'owner' as const, key: ben.key },
    { id: 'reg', name: 'Reg', role: 'registrar' as const, key: reg.key },
  ]
  const keys: Record<string, Passkey> = { ada, ben, reg }
  const two = { routine: 1, decisive: 2 }
  const change = (changes: Partial<Officials> = {}): Officials => ({
    ...{ type: 'change-officials', officials, approvals: two },
    ...changes,
  })
  const add: Act = {
    type: 'add-to-roll',
    roll: 'residents',
    credentials: [{ commitment: 5n, weight: 1n, row: new Uint8Array(32) }],
  }
  let scene: Scene

  beforeEach(() => {
    scene = new Scene()
    scene.found()
    scene.act({ type: 'create-process', title: 'City' })
    scene.act(change())
  })

  function sign(act: Act, ...signers: string[]): SignedAct {
    const founded = scene.state.founded
    if (founded === undefined) throw new Error('no genesis')
    const stateCounter = scene.state.processes.get(PROCESS)?.counter ?? 0
    const unsigned = { process: PROCESS, stateCounter, expiry: START + MINUTE, act }
    return signers.reduce<SignedAct>((signed, signer) => {
      const passkey = keys[signer]
      return passkey === undefined
        ? signAct(scene.log, signed, signer, scene.operator)
        : passkey.approve(founded, signed, signer)
    }, unsigned as SignedAct)
  }
  const ask = (signed: SignedAct) => answer(scene.state, ['act', signed])
  const define = (): Act => ({ type: 'define-election', election: ELECTION, manifest: scene.manifest })

  test('two owners agree on what matters; one is enough to prepare', () => {
    expect(ask(sign(define(), 'ada', 'ben'))).toBe('accepted')
    expect(ask(sign(define(), 'ben', 'ada'))).toBe('accepted')
    expect(ask(sign({ type: 'create-process', title: 'B' }, 'ada'))).toBe('already-exists')
    expect(ask(sign(add, 'ben'))).toBe('accepted')
  })

  test('they say why, and sign what they say; a server need not', () => {
    const { reason, ...unsaid } = sign(define(), 'ada', 'ben')
    expect(reason).toBe('It was agreed.')
    expect(ask(unsaid)).toBe('act-reason-missing')
    expect(ask({ ...unsaid, reason: 'It was not.' })).toBe('act-signature-invalid')
    expect(ask({ ...unsaid, reason })).toBe('accepted')
    expect(sign(add, 'operator').reason).toBeUndefined()
    expect(ask(sign(add, 'operator'))).toBe('accepted')
  })

  test('one alone does not, twice does not, nor with the server', () => {
    expect(ask(sign(define(), 'ada'))).toBe('act-approvals-too-few')
    expect(ask(sign(define(), 'ada', 'ada'))).toBe('act-signer-unknown')
    expect(ask(sign(define(), 'ada', 'operator'))).toBe('act-not-theirs')
    expect(ask(sign(define(), 'operator', 'ada'))).toBe('act-not-theirs')
    expect(ask(sign(define(), 'operator'))).toBe('act-not-theirs')
    const alone = change({ officials: officials.slice(0, 1), approvals: { routine: 1, decisive: 1 } })
    expect(ask(sign(alone, 'ada'))).toBe('act-approvals-too-few')
    expect(ask(sign(alone, 'operator'))).toBe('act-not-theirs')
  })

  test('where there were two owners there stay two, whoever agrees to fewer', () => {
    const [first, second, third] = officials
    if (first === undefined || second === undefined || third === undefined) throw new Error('three officials')
    for (const fewer of [[first, third], [first, { ...second, role: 'registrar' as const }], [second]])
      for (const decisive of [1, 2])
        expect(
          ask(sign(change({ officials: fewer, approvals: { routine: 1, decisive } }), 'ada', 'ben')),
        ).toBe('officials-invalid')
    const other = { ...second, id: 'cem', key: new Passkey('cem').key }
    expect(ask(sign(change({ officials: [first, other] }), 'ada', 'ben'))).toBe('accepted')
  })

  test('the key is begun by two', () => {
    scene.offer(['act', sign(define(), 'ada', 'ben')])
    const start: Act = { type: 'start-keygen', election: ELECTION, attempt: 1, guardians: [1, 2, 3] }
    expect(ask(sign(start, 'ada'))).toBe('act-approvals-too-few')
    expect(ask(sign(start, 'ada', 'ben'))).toBe('accepted')
  })

  test('the server still signs what follows from register and clock', () => {
    expect(ask(sign(add, 'operator'))).toBe('accepted')
    expect(ask(sign({ type: 'close-election', election: ELECTION }, 'operator'))).toBe('unknown-election')
  })

  test('a registrar has a say in rolls only', () => {
    scene.offer(['act', sign(add, 'reg')])
    expect(ask(sign(define(), 'ada', 'reg'))).toBe('act-not-theirs')
    const freeze = freezing(scene.state, PROCESS, 'residents')
    expect(ask(sign(freeze, 'reg'))).toBe('act-approvals-too-few')
    expect(ask(sign(freeze, 'reg', 'ben'))).toBe('accepted')
    const remove: Act = { type: 'remove-from-roll', roll: 'residents', credentials: [5n] }
    for (const alone of [['reg'], ['ada'], ['operator']])
      expect(ask(sign(remove, ...alone))).toBe(
        alone[0] === 'operator' ? 'act-not-theirs' : 'act-approvals-too-few',
      )
    const list: Act = { type: 'list-voters', roll: 'residents', rows: 2, list: new Uint8Array(32) }
    for (const alone of [['reg'], ['ada']]) expect(ask(sign(list, ...alone))).toBe('act-approvals-too-few')
    expect(ask(sign(list, 'operator'))).toBe('act-not-theirs')
    expect(ask(sign(list, 'reg', 'ben'))).toBe('accepted')
    const unlist: Act = { ...list, type: 'unlist-voters' }
    for (const alone of [['reg'], ['ada']]) expect(ask(sign(unlist, ...alone))).toBe('act-approvals-too-few')
    expect(ask(sign(unlist, 'operator'))).toBe('act-not-theirs')
    expect(ask(sign(unlist, 'reg', 'ben'))).toBe('accepted')
    expect(ask(sign(remove, 'reg', 'operator'))).toBe('act-not-theirs')
    expect(ask(sign(remove, 'reg', 'ben'))).toBe('accepted')
  })

  test('an assertion is for one act at one place, by one official', () => {
    const signed = sign(define(), 'ada', 'ben')
    const [first, second] = signed.approvals
    if (first === undefined || second === undefined) throw new Error('two approvals')
    expect(ask({ ...signed, approvals: [first, { ...first, signer: 'ben' }] })).toBe('act-signature-invalid')
    expect(ask({ ...sign(add, 'ada'), approvals: [first] })).toBe('act-signature-invalid')
    scene.offer(['act', signed])
    expect(ask(signed)).toBe('act-counter-stale')
    const { stateCounter } = sign(add, 'ada')
    expect(ask({ ...signed, stateCounter })).toBe('act-signature-invalid')
  })

  test('who is no official any more signs nothing more, and a new one at once', () => {
    keys['cem'] = new Passkey('cem')
    const cem = { id: 'cem', name: 'Cem', role: 'owner' as const, key: keys['cem'].key }
    scene.offer(['act', sign(change({ officials: [...officials.slice(1), cem] }), 'ada', 'ben')])
    expect(ask(sign(define(), 'ada', 'ben'))).toBe('act-signer-unknown')
    expect(ask(sign(define(), 'ben', 'cem'))).toBe('accepted')
    expect(scene.state.officials?.changes).toEqual([scene.state.size - 2, scene.state.size - 1])
  })

  test.each<[string, Partial<Officials>]>([
    ['a key off the curve', { officials: officials.with(1, { ...OFFICIAL, key: ada.key.with(64, 0) }) }],
    ['the name of a signer of genesis', { officials: officials.with(1, { ...OFFICIAL, id: 'operator' }) }],
    ['no owner', { officials: officials.slice(2) }],
    ['one of two owners alone', { approvals: { routine: 1, decisive: 1 } }],
    ['more than there are owners', { approvals: { routine: 1, decisive: 3 } }],
    ['nobody for what prepares', { approvals: { routine: 0, decisive: 2 } }],
    ['more than there are for what prepares', { approvals: { routine: 3, decisive: 2 } }],
  ])('are not named with %s', (_, changes) =>
    expect(ask(sign(change(changes), 'ada', 'ben'))).toBe('officials-invalid'),
  )

  test('are distinct in name and key', () => {
    for (const twice of [
      { ...OFFICIAL, id: 'ada' },
      { ...OFFICIAL, key: ada.key },
    ]) {
      const bytes = encodeCbor([
        'act',
        { ...sign(define(), 'ada'), act: change({ officials: [...officials, twice] }) },
      ])
      expect(refusalOf(() => decodeEntry(bytes))).toBe('malformed')
    }
  })
})

describe('two of three officials', () => {
  const scene = new Scene()
  scene.found({ signers: ['ada', 'bea', 'cleo'].map(signer), approvals: { routine: 1, decisive: 2 } })
  scene.offer(['act', sign({ type: 'create-process', title: 'City' }, ['ada'], 0)])

  function sign(act: Act, signers: string[], stateCounter = 1, changes: Partial<SignedAct> = {}): SignedAct {
    const unsigned = { process: PROCESS, stateCounter, expiry: START + MINUTE, act, ...changes }
    return signers.reduce<SignedAct>(
      (signed, id) => signAct(scene.log, signed, id, secretOf(id)),
      unsigned as SignedAct,
    )
  }
  const define: Act = { type: 'define-election', election: ELECTION, manifest: scene.manifest }
  const ask = (signed: SignedAct) => answer(scene.state, ['act', signed])
  const add: Act = {
    type: 'add-to-roll',
    roll: 'residents',
    credentials: [{ commitment: 5n, weight: 1n, row: new Uint8Array(32) }],
  }

  test('a decisive act needs two, a routine one any', () => {
    expect(ask(sign(define, ['ada', 'cleo']))).toBe('accepted')
    expect(ask(sign(define, ['cleo', 'bea', 'ada']))).toBe('accepted')
    expect(ask(sign(define, ['ada']))).toBe('act-approvals-too-few')
    expect(ask(sign(add, ['bea']))).toBe('accepted')
  })

  test('distinct and known ones', () => {
    expect(ask(sign(define, ['ada', 'ada']))).toBe('act-signer-unknown')
    expect(ask(sign(define, ['ada', 'mallory']))).toBe('act-signer-unknown')
    const signed = sign(define, ['ada', 'bea'])
    const [first, second] = signed.approvals
    if (first === undefined || second?.kind !== 'ed25519') throw new Error('two approvals')
    expect(ask({ ...signed, approvals: [first, { ...first, signer: 'bea' }] })).toBe('act-signature-invalid')
    expect(ask({ ...signed, approvals: [first, { ...second, proof: flip(second.proof) }] })).toBe(
      'act-signature-invalid',
    )
  })

  test('signed for this act at this place in this log', () => {
    const signed = sign(define, ['ada', 'bea'])
    expect(ask({ ...signed, act: { ...define, election: 'other' } })).toBe('act-signature-invalid')
    expect(ask({ ...signed, stateCounter: 2 })).toBe('act-signature-invalid')
    expect(ask({ ...signed, process: 'town' })).toBe('act-signature-invalid')
    expect(ask({ ...signed, expiry: signed.expiry + 1 })).toBe('act-signature-invalid')
    expect(ask(sign(define, ['ada', 'bea'], 0))).toBe('act-counter-stale')
    expect(ask(sign(define, ['ada', 'bea'], 2))).toBe('act-counter-stale')
    expect(ask(sign(define, ['ada', 'bea'], 1, { process: 'town' }))).toBe('unknown-process')
    const elsewhere = new Scene()
    elsewhere.found({ logId: new Uint8Array(32), signers: ['ada', 'bea'].map(signer) })
    expect(
      answer(elsewhere.state, ['act', sign({ type: 'create-process', title: 'City' }, ['ada'], 0)]),
    ).toBe('act-signature-invalid')
  })

  test('not after it expired, but at the very moment', () => {
    expect(ask(sign(define, ['ada', 'bea'], 1, { expiry: START }))).toBe('accepted')
    expect(ask(sign(define, ['ada', 'bea'], 1, { expiry: START - 1 }))).toBe('act-expired')
  })

  test('no signer stands twice in genesis, under one name or one key', () => {
    const twice = (signers: ReturnType<typeof signer>[]) => refusalOf(() => new Scene().found({ signers }))
    expect(() => twice([signer('ada'), { ...signer('bea'), id: 'ada' }])).toThrow('a signer twice')
    expect(() => twice([signer('ada'), { ...signer('ada'), id: 'bea' }])).toThrow('a signer twice')
    expect(twice([signer('ada'), signer('bea')])).toBe('accepted')
  })
})

describe('the clock (SPEC 7.2)', () => {
  test('stands or goes on, never back', () => {
    const scene = new Scene()
    scene.found()
    expect(answer(scene.state, ['time', START])).toBe('accepted')
    expect(answer(scene.state, ['time', START + 1])).toBe('accepted')
    expect(answer(scene.state, ['time', START - 1])).toBe('time-runs-backwards')
  })
})

describe('the roll (SPEC 4.2, 4.4)', () => {
  let scene: Scene
  const credential = (secret: bigint, weight = 1n) => ({
    commitment: commitment(secret),
    weight,
    row: new Uint8Array(32),
  })
  const add = (...credentials: ReturnType<typeof credential>[]): Act => ({
    type: 'add-to-roll',
    roll: 'residents',
    credentials,
  })
  beforeEach(() => {
    scene = new Scene()
    scene.found()
    scene.act({ type: 'create-process', title: 'City' })
    scene.act(add(credential(1n), credential(2n, 5n)))
  })
  const ask = (act: Act) => answer(scene.state, ['act', scene.signed(act)])

  test('a credential stands on it once, with a weight above 0', () => {
    expect(ask(add(credential(3n)))).toBe('accepted')
    expect(ask(add(credential(2n)))).toBe('credential-registered')
    expect(ask(add(credential(3n), credential(3n, 2n)))).toBe('credential-registered')
    expect(ask(add(credential(3n, 0n)))).toBe('credential-invalid')
    expect(ask(add(credential(3n, 65535n)))).toBe('accepted')
    expect(() => ask(add(credential(3n, 65536n)))).toThrow()
    expect(ask({ ...add(credential(2n)), roll: 'students' } as Act)).toBe('accepted')
  })

  test('is frozen as it is and never altered again', () => {
    const roll = scene.state.processes.get(PROCESS)?.rolls.get('residents')
    if (roll === undefined) throw new Error('there is a roll')
    const right = {
      type: 'freeze-roll',
      roll: 'residents',
      root: rootOf(roll),
      size: 2,
      totalWeight: 6n,
    } as const
    expect(ask({ ...right, root: right.root + 1n })).toBe('roll-mismatch')
    expect(ask({ ...right, size: 3 })).toBe('roll-mismatch')
    expect(ask({ ...right, totalWeight: 7n })).toBe('roll-mismatch')
    expect(ask({ ...right, roll: 'students' })).toBe('unknown-roll')
    scene.act(right)
    expect(ask(right)).toBe('roll-frozen')
    expect(ask(add(credential(3n)))).toBe('roll-frozen')
  })
})

describe('the time of voting (SPEC 8.2, 8.3 and 8.4)', () => {
  const closing = (scene: Scene, closesAt: number) =>
    answer(scene.state, ['act', scene.signed({ type: 'set-closing-time', election: ELECTION, closesAt })])
  const close = (scene: Scene) =>
    answer(scene.state, ['act', scene.signed({ type: 'close-election', election: ELECTION })])
  const voting = (scene: Scene) =>
    answer(scene.state, ['ballot', ballotContent(scene.ballot(0, [1n, 0n]).ballot)])
  const started = (): Scene => {
    const scene = new Scene({ guardians: 1 })
    scene.prepare()
    scene.keygen()
    scene.act(scene.opening())
    return scene
  }

  test('opensAt is in, closesAt is out, to the millisecond', () => {
    const scene = started()
    const { opensAt, closesAt } = scene.manifest
    scene.offer(['time', opensAt - 1])
    expect(voting(scene)).toBe('too-early')
    scene.offer(['time', opensAt])
    expect(voting(scene)).toBe('accepted')
    scene.offer(['time', closesAt - 1])
    expect(voting(scene)).toBe('accepted')
    expect(close(scene)).toBe('too-early')
    scene.offer(['time', closesAt])
    expect(voting(scene)).toBe('too-late')
    expect(close(scene)).toBe('accepted')
  })

  test('ends later or earlier by an act made while it lasts', async () => {
    const scene = started()
    const { opensAt, closesAt } = scene.manifest
    expect(closing(scene, opensAt)).toBe('closing-time-invalid')
    expect(closing(scene, opensAt + 1)).toBe('accepted')
    scene.offer(['time', opensAt + 10])
    expect(closing(scene, opensAt + 10)).toBe('closing-time-invalid')
    scene.act({ type: 'set-closing-time', election: ELECTION, closesAt: closesAt + MINUTE })
    scene.offer(['time', closesAt])
    expect(voting(scene)).toBe('accepted')
    expect(close(scene)).toBe('too-early')
    scene.act({ type: 'set-closing-time', election: ELECTION, closesAt: closesAt + 1 })
    scene.offer(['time', closesAt + 1])
    expect(voting(scene)).toBe('too-late')
    expect(closing(scene, closesAt + MINUTE)).toBe('wrong-state')
    await scene.close()
    expect(scene.election.closedAt).toBe(scene.entries.length - 1)
  })

  test('a pause stops ballots and not the clock, and the closing time may move meanwhile', () => {
    const scene = started()
    const { opensAt, closesAt } = scene.manifest
    const message = { en: 'Wait', fi: 'Odottakaa' }
    scene.act({ type: 'pause-voting', election: ELECTION, message })
    scene.offer(['time', opensAt])
    expect(voting(scene)).toBe('voting-paused')
    scene.act({ type: 'tell-voters', election: ELECTION, message })
    expect(voting(scene)).toBe('voting-paused')
    scene.act({ type: 'set-closing-time', election: ELECTION, closesAt: closesAt + MINUTE })
    scene.offer(['time', closesAt])
    expect(voting(scene)).toBe('voting-paused')
    scene.act({ type: 'resume-voting', election: ELECTION, message })
    expect(voting(scene)).toBe('accepted')
    scene.act({ type: 'pause-voting', election: ELECTION, message })
    scene.offer(['time', closesAt + MINUTE])
    expect(voting(scene)).toBe('too-late')
    expect(close(scene)).toBe('accepted')
  })

  test('no election opens that would already be closed', () => {
    const scene = new Scene({ guardians: 1 })
    scene.prepare()
    scene.keygen()
    const opening = scene.opening()
    scene.offer(['time', scene.manifest.closesAt - 1])
    expect(answer(scene.state, ['act', scene.signed(opening)])).toBe('accepted')
    scene.offer(['time', scene.manifest.closesAt])
    expect(answer(scene.state, ['act', scene.signed(opening)])).toBe('too-late')
  })
})

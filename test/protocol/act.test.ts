// SPEC 7.3, 7.4, 2.3: what officials sign, who may, and how many.
import { describe, expect, test } from 'vitest'
import { ed25519PublicKey } from '#crypto/ed25519.ts'
import { toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { ACT_CLASS, type Act, actStatement, type SignedAct, signAct } from '#protocol/act.ts'
import { checkApprovals } from '#protocol/approval.ts'
import { encodeCbor } from '#protocol/codec.ts'
import { decodeEntry, encodeEntry } from '#protocol/entry.ts'
import { type Genesis, hashUnderLog, logOrigin } from '#protocol/genesis.ts'
import { Refusal } from '#protocol/refusal.ts'

const secrets = ['ada', 'ben', 'cem'].map((name) => ({
  id: name,
  secret: sha256(new TextEncoder().encode(name)),
}))
const genesis: Genesis = {
  version: 1,
  logId: sha256(Uint8Array.of(1)),
  origin: 'example.org/log',
  webOrigins: ['https://example.org'],
  relyingParty: 'example.org',
  signers: secrets.map(({ id, secret }) => ({
    id,
    name: id,
    kind: 'ed25519',
    key: ed25519PublicKey(secret),
  })),
  approvals: { routine: 1, decisive: 2 },
}
const log = logOrigin(genesis.origin, encodeEntry(['genesis', genesis]))
const routine = {
  process: 'city',
  stateCounter: 3,
  expiry: 9,
  act: { type: 'create-process', title: 'A' },
} as const
const decisive = { ...routine, act: { type: 'close-election', election: 'budget' } } as const

function signedBy(unsigned: typeof routine | typeof decisive, ...ids: string[]): SignedAct {
  return ids.reduce<SignedAct>(
    (signed, id) => signAct(log, signed, id, secrets.find((s) => s.id === id)?.secret ?? new Uint8Array(32)),
    { ...unsigned, approvals: [] },
  )
}

describe('approvals', () => {
  const check = (signed: SignedAct) => checkApprovals({ log, genesis, officials: undefined }, signed)
  test('enough distinct signers for the class', () => {
    expect(check(signedBy(routine, 'ada'))).toBeUndefined()
    expect(check(signedBy(decisive, 'ada'))).toBe('act-approvals-too-few')
    expect(check(signedBy(decisive, 'ada', 'ben'))).toBeUndefined()
    expect(check(signedBy(decisive, 'cem', 'ben', 'ada'))).toBeUndefined()
  })
  test('one signer twice', () => expect(check(signedBy(decisive, 'ada', 'ada'))).toBe('act-signer-unknown'))
  test('a stranger', () => expect(check(signedBy(routine, 'eve'))).toBe('act-signer-unknown'))
  test("another's signature", () => {
    const approvals = signedBy(routine, 'ben').approvals.map((approval) => ({ ...approval, signer: 'ada' }))
    expect(check({ ...routine, approvals })).toBe('act-signature-invalid')
  })
  test('nobody', () => expect(check({ ...routine, approvals: [] })).toBe('act-approvals-too-few'))
  test('every part is signed', () => {
    const signed = signedBy(routine, 'ada')
    const others: Partial<SignedAct>[] = [
      { process: 'town' },
      { stateCounter: 4 },
      { expiry: 10 },
      { reason: 'It is time.' },
      { act: { type: 'create-process', title: 'B' } },
    ]
    for (const other of others) expect(check({ ...signed, ...other })).toBe('act-signature-invalid')
  })
  test('under this log only', () => {
    const others = [
      logOrigin('example.org/other', encodeEntry(['genesis', genesis])),
      { ...log, genesis: sha256(log.genesis) },
    ]
    for (const other of others)
      expect(checkApprovals({ log: other, genesis, officials: undefined }, signedBy(routine, 'ada'))).toBe(
        'act-signature-invalid',
      )
  })
})

test('acts that voters rely on are decisive', () =>
  expect(Object.entries(ACT_CLASS).flatMap(([type, needs]) => (needs === 'routine' ? [type] : []))).toEqual([
    'create-process',
    'add-to-roll',
    'moderate',
    'vouch-name',
  ]))

test('statements of different acts differ', () => {
  const acts: Act[] = [
    { type: 'create-process', title: 'close-election' },
    { type: 'close-election', election: 'ab' },
    { type: 'close-election', election: 'a' },
    { type: 'set-closing-time', election: 'a', closesAt: 1 },
    { type: 'set-closing-time', election: 'a', closesAt: 11 },
  ]
  const statements = acts.flatMap((act) =>
    [1, 11].flatMap((stateCounter) =>
      ['b', 'b1'].map((process) => toHex(actStatement(log, { process, stateCounter, expiry: 1, act }))),
    ),
  )
  expect(new Set(statements).size).toBe(acts.length * 4)
})

describe('hashes under a log', () => {
  test('differ with every part and its place', () => {
    const hashes = [
      hashUnderLog('a', log, 'x', 'y'),
      hashUnderLog('b', log, 'x', 'y'),
      hashUnderLog('a', log, 'xy'),
      hashUnderLog('a', log, ['x', 'y']),
      hashUnderLog('a', log, 'y', 'x'),
      hashUnderLog('a', log, 'x', 'y', ''),
      hashUnderLog('a', { ...log, origin: 'x' }, 'x', 'y'),
    ]
    expect(new Set(hashes.map(toHex)).size).toBe(hashes.length)
  })
})

describe('genesis', () => {
  const refusal = (changes: Partial<Record<keyof Genesis, unknown>>) => {
    try {
      decodeEntry(encodeCbor(['genesis', { ...genesis, ...changes }]))
      return 'accepted'
    } catch (error) {
      if (error instanceof Refusal) return error.code
      throw error
    }
  }
  const [first, second] = genesis.signers
  if (first === undefined || second === undefined) throw new Error('two signers')
  test('positive control', () => expect(refusal({})).toBe('accepted'))
  test('another version', () => expect(refusal({ version: 2 })).toBe('malformed'))
  test('a field more', () => expect(refusal({ operator: 'x' } as Record<string, unknown>)).toBe('malformed'))
  test('no signer', () => expect(refusal({ signers: [] })).toBe('malformed'))
  test('two signers of one name', () =>
    expect(refusal({ signers: [first, { ...second, id: first.id }] })).toBe('malformed'))
  test('two signers with one key would be two approvals of one person', () =>
    expect(refusal({ signers: [first, { ...second, key: first.key }] })).toBe('malformed'))
})

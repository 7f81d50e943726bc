// The registrar after a crash between register and ledger, and how often a wrong code may be tried. SPEC 4.4.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commitment } from '#circuits/credential.ts'
import { bigintToBytes, toHex } from '#crypto/encoding.ts'
import { hashToBytes } from '#crypto/hash.ts'
import { claim, importVoters, pending } from '#server/data/register.ts'
import { makeCode } from '#server/data/code.ts'
import { Attempts } from '#server/attempts.ts'
import { sourceAt } from '#server/source.ts'
import { encodeEntry } from '#protocol/entry.ts'
import { PROCESS, Scene } from '../tally/scene.ts'
import { actEntry, refusal, stage, type Stage } from './stage.ts'

let scene: Scene
let server: Stage

beforeAll(async () => {
  scene = new Scene()
  scene.found()
  scene.act({ type: 'create-process', title: 'City' })
  server = await stage(scene, { database: true })
})
afterAll(() => server[Symbol.asyncDispose]())

const people = (...rows: string[]) => rows.map((row) => ({ row, weight: 3n }))

const secret = (i: number) => bigintToBytes(commitment(BigInt(i)), 32)
const issue = (roll: string, ...rows: string[]) =>
  importVoters(server.parts.database, { process: PROCESS, roll, rows: people(...rows) })
const register = (code: string, bytes: Uint8Array) =>
  server.app.request('/api/registrations', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, commitment: toHex(bytes) }),
  })
const credentials = (roll: string) =>
  server.parts.board.state.processes.get(PROCESS)?.rolls.get(roll)?.credentials

describe('after a crash', () => {
  test('claims that never reached the ledger are appended, once', async () => {
    const { database, registrar } = server.parts
    const codes = await issue('north', 'a', 'b')
    for (const [i, { code }] of codes.entries()) await claim(database, { code, commitment: secret(i + 1) })
    expect(await registrar.recover()).toBe(0)
    expect(credentials('north')?.map((c) => c.weight)).toEqual([3n, 3n])
    expect(await pending(database)).toEqual([])
    expect(await registrar.recover()).toBe(0)
    expect(credentials('north')?.length).toBe(2)
  })

  test('claims whose entry is there are only noted', async () => {
    const { database, registrar } = server.parts
    const code = (await issue('south', 'c'))[0]?.code ?? ''
    const { rowHash: row } = await claim(database, { code, commitment: secret(3) })
    const act = {
      type: 'add-to-roll' as const,
      roll: 'south',
      credentials: [{ commitment: commitment(3n), weight: 3n, row }],
    }
    expect((await server.post(actEntry(scene, server, act))).status).toBe(201)
    const size = server.ledger.size
    expect(await registrar.recover()).toBe(0)
    expect(server.ledger.size).toBe(size)
    expect(await (await register(code, secret(3))).json()).toEqual({
      process: PROCESS,
      roll: 'south',
      index: 0,
      entry: size - 1,
    })
  })

  test("a claim that another row's entry holds is refused and harms no other", async () => {
    const [one, two] = await issue('south', 'd', 'e')
    const row = hashToBytes('register-row', new Uint8Array(1), 32)
    const act = {
      type: 'add-to-roll' as const,
      roll: 'south',
      credentials: [{ commitment: commitment(4n), weight: 1n, row }],
    }
    expect((await server.post(actEntry(scene, server, act))).status).toBe(201)
    const answers = await Promise.all([
      register(one?.code ?? '', secret(4)),
      register(two?.code ?? '', secret(5)),
    ])
    expect(await refusal(answers[0])).toEqual([409, 'credential-registered'])
    expect(answers[1].status).toBe(201)
  })

  test('where there is no such process nobody makes a claim', async () => {
    const rows = people('x')
    const [issued] = await importVoters(server.parts.database, { process: 'town', roll: 'north', rows })
    expect(await refusal(await register(issued?.code ?? '', secret(6)))).toEqual([404, 'unknown-process'])
    expect((await pending(server.parts.database)).map((c) => c.process)).not.toContain('town')
  })
})

test('the largest act of the registrar fits an entry', () => {
  const name = 'x'.repeat(64)
  const credential = { commitment: 1n, weight: 65_535n, row: new Uint8Array(32) }
  const act = {
    type: 'add-to-roll' as const,
    roll: name,
    credentials: Array.from({ length: 680 }, () => credential),
  }
  const approvals = [{ signer: 'operator', kind: 'ed25519' as const, proof: new Uint8Array(64) }]
  const signed = { process: name, stateCounter: 2 ** 40, expiry: 2 ** 45, act, approvals }
  expect(encodeEntry(['act', signed]).length).toBeLessThanOrEqual(65_535)
})

describe('wrong codes', () => {
  test('a source that guesses is held up, with the same answer to every guess', async () => {
    const answers: [number, string][] = []
    for (let i = 0; i < 22; i++) answers.push(await refusal(await register(makeCode(), secret(9))))
    expect(answers.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => [403, 'code-unknown']))
    expect(answers.slice(20)).toEqual(Array.from({ length: 2 }, () => [429, 'too-many-attempts']))
    server.clock.now += 3000
    expect(await refusal(await register(makeCode(), secret(9)))).toEqual([403, 'code-unknown'])
    expect((await register(makeCode(), secret(9))).headers.get('retry-after')).toBe('3')
    server.clock.now += 3_600_000
    const code = (await issue('north', 'late'))[0]?.code ?? ''
    expect((await register(code, secret(10))).status).toBe(201)
  })

  test('one source is an IPv4 address or an IPv6 network; forwarded addresses are a proxy’s to tell', () => {
    expect(sourceAt('192.0.2.1', '198.51.100.1', [])).toBe('192.0.2.1')
    expect(sourceAt('::ffff:192.0.2.1', undefined, [])).toBe('192.0.2.1')
    expect(sourceAt('192.0.2.1', '203.0.113.5, 198.51.100.1', ['192.0.2.1'])).toBe('198.51.100.1')
    expect(sourceAt('192.0.2.1', undefined, ['192.0.2.1'])).toBe('192.0.2.1')
    expect(sourceAt('2001:db8:0:1::1', undefined, [])).toBe(sourceAt('2001:DB8::1:ffff:0:0:9', undefined, []))
    expect(sourceAt('2001:db8:0:1::1', undefined, [])).not.toBe(sourceAt('2001:db8:0:2::1', undefined, []))
  })

  test('others are not held up, and the memory has an end', () => {
    let now = 0
    const attempts = new Attempts(() => now)
    for (let i = 0; i < 30; i++) attempts.fail('a')
    expect([attempts.wait('a'), attempts.wait('b')]).toEqual([33, 0])
    now = 33_000
    expect(attempts.wait('a')).toBe(0)
    for (let i = 0; i < 100_001; i++) attempts.fail(`source ${i}`)
    expect(attempts.wait('a')).toBe(0)
  })
})

// The whole server from an empty folder: genesis, secrets on disk, acts, registration, roll, record, restart. SPEC 4.4,
// 7.3, 7.6.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { get as ask, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readArtifacts } from '#circuits/build/artifacts.ts'
import { commitment } from '#circuits/credential.ts'
import { type ProofWorkers, startProofWorkers } from '#cli/proof-workers.ts'
import { bigintToBytes, fromHex, toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { parsePolicy, checkPolicy } from '#ledger/policy.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import { type Act, signAct } from '#protocol/act.ts'
import { encodeEntry } from '#protocol/entry.ts'
import { openJournal } from '#server/journal.ts'
import { electionSummarySchema } from '#server/summary.ts'
import { type RunningServer, startServer } from '#server/start.ts'
import { rootOf } from '#tally/rolls.ts'
import { proofEngine } from '#tally/pool.ts'
import { openRecord } from '#tally/record.ts'
import { replay } from '#tally/replay.ts'
import type { RecordState } from '#tally/state.ts'
import { Scene } from '../tally/scene.ts'

const folder = mkdtempSync(join(tmpdir(), 'comitia-start-'))
const data = join(folder, 'data')
let workers: ProofWorkers
let server: RunningServer
let written = ''

const start = async (): Promise<RunningServer> =>
  startServer({
    data,
    port: 0,
    engine: (key) => proofEngine(workers.ports, key),
    artifacts: await readArtifacts({}),
    journal: openJournal({ write: (line: string) => (written += line) }),
  })

beforeAll(async () => {
  workers = startProofWorkers(1)
  server = await start()
})
afterAll(async () => {
  await server.close()
  await workers.stop()
  rmSync(folder, { recursive: true })
})

const get = (path: string) => fetch(new URL(path, server.url))
const post = (path: string, type: string, body: Uint8Array | string, headers: Record<string, string> = {}) =>
  fetch(new URL(path, server.url), {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  })

/** An answer as it came over the wire, not unpacked. */
function raw(path: string, accept: string): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const request = ask(new URL(path, server.url), { headers: { 'accept-encoding': accept } }, (response) => {
      buffer(response).then((body) => resolve({ headers: response.headers, body }), reject)
    })
    request.on('error', reject)
  })
}

/** The record as anybody downloads it, folded. */
async function recordState(): Promise<RecordState> {
  const file = new Uint8Array(await (await get('/api/record')).arrayBuffer())
  const read = (offset: number, length: number) => Promise.resolve(file.slice(offset, offset + length))
  const record = await openRecord({ size: file.length, read })
  expect(checkPolicy(parsePolicy(record.policy), parseCheckpoint(record.checkpoint))).toBe(true)
  return replay(record)
}

async function act(act: Act, process = 'city'): Promise<Response> {
  const state = await recordState()
  if (state.founded === undefined) throw new Error('not founded')
  const key = fromHex(readFileSync(join(data, 'operator.key'), 'utf8').trim())
  const stateCounter = state.processes.get(process)?.counter ?? 0
  const unsigned = { process, stateCounter, expiry: Date.now() + 60_000, act }
  return post(
    '/api/entries',
    'application/cbor',
    encodeEntry(['act', signAct(state.founded.log, unsigned, 'operator', key)]),
  )
}

const importVoters = (csv: string, token = readFileSync(join(data, 'operator.token'), 'utf8').trim()) =>
  post('/api/operator/voters?process=city&roll=residents', 'text/csv', csv, {
    authorization: `Bearer ${token}`,
  })

const register = (code: string, hex: string) =>
  post('/api/registrations', 'application/json', JSON.stringify({ code, commitment: hex }))

const secrets = Array.from({ length: 30 }, (_, i) => BigInt(i + 1))
const commitments = secrets.map((secret) => toHex(bigintToBytes(commitment(secret), 32)))

describe('from an empty folder', () => {
  test('founds a log of one official and keeps its secrets to itself', async () => {
    for (const name of ['operator.key', 'operator.token']) {
      expect(statSync(join(data, name)).mode & 0o777).toBe(0o600)
    }
    const { founded } = await recordState()
    expect(founded?.genesis).toMatchObject({
      origin: 'localhost/comitia',
      approvals: { routine: 1, decisive: 1 },
    })
    expect(founded?.genesis.signers.map((signer) => signer.id)).toEqual(['operator'])
  })

  test('takes acts of its operator', async () => {
    expect((await act({ type: 'create-process', title: 'City' })).status).toBe(201)
    const again = await act({ type: 'create-process', title: 'City' })
    expect([again.status, await again.json()]).toMatchObject([409, { code: 'already-exists' }])
  })

  let codes: string[] = []
  test('imports voters for the operator only', async () => {
    const csv = secrets.map((_, i) => `person ${i},1\n`).join('')
    expect((await importVoters(csv, '0'.repeat(64))).status).toBe(401)
    const response = await importVoters(csv)
    expect(response.status).toBe(200)
    const lines = (await response.text()).trimEnd().split('\r\n')
    codes = lines.map((line) => line.split(',')[1] ?? '')
    expect(lines[3]).toBe(`person 3,${codes[3] ?? ''}`)
    const bad = await importVoters('"a, b",2\nnobody,x\n')
    expect([bad.status, await bad.json()]).toMatchObject([422, { code: 'weight-invalid' }])
    expect(await (await importVoters('"a, b",2\n')).text()).toMatch(/^"a, b",[0-9A-Z-]+\r\n$/)
  })

  test('registers many at once in few acts, while an official writes acts too', async () => {
    const before = (await recordState()).size
    const scene = new Scene()
    const answers = codes.map((code, i) => register(code, commitments[i] ?? ''))
    const other = act({
      type: 'define-election',
      election: 'budget',
      manifest: { ...scene.manifest, closesAt: Date.now() + 1e9 },
    })
    for (const response of await Promise.all(answers)) expect(response.status).toBe(201)
    // Registrations leave the officials' place as it is.
    expect((await other).status).toBe(201)
    const state = await recordState()
    expect(state.processes.get('city')?.rolls.get('residents')?.credentials.length).toBe(codes.length)
    // Far fewer acts than registrations, with time entries between them; how many depends on the machine.
    expect(state.size - before).toBeLessThan(codes.length)
  })

  test('answers a repeated registration the same, another one not', async () => {
    const [code = '', next = ''] = codes
    const once = (await (await register(code, commitments[0] ?? '')).json()) as unknown
    expect(await (await register(code.toLowerCase(), commitments[0] ?? '')).json()).toEqual(once)
    expect(await (await register(code, commitments[1] ?? '')).json()).toMatchObject({ code: 'code-used' })
    expect(await (await register(next, 'f'.repeat(64))).json()).toMatchObject({ code: 'malformed' })
    expect(await (await register(next, (commitments[1] ?? '').toUpperCase())).json()).toMatchObject({
      code: 'malformed',
    })
  })

  test('hands out the roll whole, 34 bytes a credential', async () => {
    const response = await get('/api/rolls/city/residents')
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect(bytes.length).toBe(34 * secrets.length)
    const rows = Array.from({ length: secrets.length }, (_, i) => toHex(bytes.subarray(34 * i, 34 * i + 34)))
    expect(rows.sort()).toEqual(commitments.map((c) => `${c}0001`).sort())
    const cached = await fetch(new URL('/api/rolls/city/residents', server.url), {
      headers: { 'if-none-match': response.headers.get('etag') ?? '' },
    })
    expect(cached.status).toBe(304)
  })

  test('takes nobody once the roll is frozen, and makes no claim then', async () => {
    const line = await (await importVoters('late,1\n')).text()
    const code = line.trim().split(',')[1] ?? ''
    const roll = (await recordState()).processes.get('city')?.rolls.get('residents')
    if (roll === undefined) throw new Error('no roll')
    const { totalWeight, credentials } = roll
    const frozen = await act({
      type: 'freeze-roll',
      roll: 'residents',
      root: rootOf(roll),
      size: credentials.length,
      totalWeight,
    })
    expect(frozen.status).toBe(201)
    const late = await register(code, '1'.padStart(64, '0'))
    expect([late.status, await late.json()]).toMatchObject([409, { code: 'roll-frozen' }])
    expect((await importVoters('later,1\n')).status).toBe(409)
  })

  test('offers the files of its setups, as they are', async () => {
    const { setups } = (await (await get('/api/setups')).json()) as {
      setups: { circuit: string; provingKey: string; transcript: string; development: boolean }[]
    }
    expect(setups.map((s) => [s.circuit, s.development])).toEqual([
      ['signal', true],
      ['S', true],
      ['L', true],
    ])
    for (const path of setups.flatMap((s) => [`artifacts/${s.provingKey}`, `attachments/${s.transcript}`])) {
      const response = await get(`/api/${path}`)
      expect(response.headers.get('cache-control')).toContain('immutable')
      const bytes = new Uint8Array(await response.arrayBuffer())
      expect(path).toContain(toHex(sha256(bytes)))
    }
  })

  test.each([
    ['br', 'br', 0.5],
    ['gzip;q=1, br;q=0', null, 1],
    ['', null, 1],
  ])('sends a proving key to who reads "%s" in coding %s', async (accept, coding, share) => {
    const { setups } = (await (await get('/api/setups')).json()) as { setups: { provingKey: string }[] }
    const { provingKey = '' } = setups[0] ?? {}
    const answer = await raw(`/api/artifacts/${provingKey}`, accept)
    const length = Number(answer.headers['comitia-unpacked-length'])
    expect(answer.headers['content-encoding'] ?? null).toBe(coding)
    expect(answer.headers.vary).toContain('Accept-Encoding')
    expect(answer.body.length).toBeLessThanOrEqual(length * share)
    const file = coding === null ? answer.body : brotliDecompressSync(answer.body)
    expect([file.length, toHex(sha256(file))]).toEqual([length, provingKey])
  })

  test('goes on after a restart where it stopped, under the same name', async () => {
    const before = await (await get('/log/checkpoint')).text()
    await server.close()
    server = await start()
    expect(await (await get('/log/checkpoint')).text()).toBe(before)
    expect((await register(codes[5] ?? '', commitments[5] ?? '')).status).toBe(201)
  })

  test('describes what it answers', async () => {
    const document = (await (await get('/openapi.json')).json()) as {
      openapi: string
      paths: Record<string, unknown>
    }
    expect(document.openapi).toBe('3.1.1')
    expect(Object.keys(document.paths)).toContain('/log/tile/{path}')
    const { elections } = (await (await get('/api/elections')).json()) as { elections: unknown[] }
    for (const election of elections) electionSummarySchema.parse(election)
  })

  test('writes no secret and no address into its log', () => {
    expect(written).toContain('/api/registrations')
    const token = readFileSync(join(data, 'operator.token'), 'utf8').trim()
    const secretsOfAll = [token, ...codes, ...commitments, '127.0.0.1', '::1', 'person']
    expect(secretsOfAll.filter((secret) => written.includes(secret))).toEqual([])
  })
})

// When the disk fails under the ledger the process ends at once, with a word on what to do; and after a restart all that
// was acknowledged is there.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fromHex } from '#crypto/encoding.ts'
import { signAct } from '#protocol/act.ts'
import { decodeEntry, encodeEntry } from '#protocol/entry.ts'
import { logOrigin } from '#protocol/genesis.ts'

const folder = mkdtempSync(join(tmpdir(), 'comitia-failure-'))
const data = join(folder, 'data')
const main = join(import.meta.dirname, '../../cli/main.ts')
const children: ReturnType<typeof start>[] = []

afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

function start() {
  return spawn(process.execPath, [main, 'start', '--data', data, '--port', '0', '--no-site', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function running(): Promise<{ child: ReturnType<typeof start>; url: string; said: () => string }> {
  const child = start()
  children.push(child)
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, url: (JSON.parse(line.toString()) as { url: string }).url, said: () => said }
}

test('a ledger that cannot write ends the process, and nothing acknowledged is lost', async () => {
  const first = await running()
  const entry = new Uint8Array(await (await fetch(`${first.url}/log/entries/0`)).arrayBuffer())
  const [type, genesis] = decodeEntry(entry)
  if (type !== 'genesis') throw new Error('no genesis')
  const log = logOrigin(genesis.origin, entry)
  const key = fromHex(readFileSync(join(data, 'operator.key'), 'utf8').trim())
  const post = (url: string, name: string) => {
    const act = { type: 'create-process' as const, title: 'x'.repeat(1000) }
    const signed = signAct(
      log,
      { process: name, stateCounter: 0, expiry: Date.now() + 60_000, act },
      'operator',
      key,
    )
    const body = new Uint8Array(encodeEntry(['act', signed]))
    return fetch(`${url}/api/entries`, {
      method: 'POST',
      headers: { 'content-type': 'application/cbor' },
      body,
    })
  }
  expect((await post(first.url, 'before')).status).toBe(201)
  // From now on no file of the process grows beyond 128 KiB, as on a full disk.
  execFileSync('prlimit', ['--pid', String(first.child.pid), '--fsize=131072'])
  const exited = once(first.child, 'exit') as Promise<[code: number | null, signal: string | null]>
  const acknowledged: string[] = []
  for (let i = 0; i < 500; i++) {
    const response = await post(first.url, `process-${i}`).catch(() => undefined)
    if (response?.status !== 201) {
      expect([undefined, 503]).toContain(response?.status)
      break
    }
    acknowledged.push(`process-${i}`)
  }
  expect(await exited).toEqual([1, null])
  expect(first.said()).toContain('The ledger has failed. The process stops; start it again')
  expect(acknowledged.length).toBeLessThan(500)
  const second = await running()
  for (const name of ['before', ...acknowledged]) {
    const response = await post(second.url, name)
    expect([response.status, await response.json()]).toMatchObject([409, { code: 'already-exists' }])
  }
  expect((await post(second.url, 'after')).status).toBe(201)
  second.child.kill('SIGTERM')
  expect(await once(second.child, 'exit')).toEqual([0, null])
})

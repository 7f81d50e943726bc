// The guardian's command as a process of its own, killed between disk and ledger (SPEC 5.2).
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromHex, toHex } from '#crypto/encoding.ts'
import { ELECTION, PROCESS, Scene } from '../tally/scene.ts'
import { SceneServer } from './scene-server.ts'

const MAIN = join(import.meta.dirname, '../../cli/main.ts')

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'comitia-guardian-'))
  await writeFile(join(home, 'passphrase'), 'correct horse battery\n')
})
afterAll(() => rm(home, { recursive: true }))

test('after a kill the very same bytes are sent again, and later none at all', async () => {
  const made = await run('init', '--name', 'First')
  const { key } = JSON.parse(made.stdout) as { key: string }
  const [, ...others] = new Scene().manifest.guardians
  const scene = new Scene({ manifest: { guardians: [{ name: 'First', key: fromHex(key) }, ...others] } })
  scene.prepare()
  scene.act({ type: 'start-keygen', election: ELECTION, attempt: 1, guardians: [1, 2, 3] })
  const server = await SceneServer.over(scene)
  try {
    const place = ['--server', server.url, '--process', PROCESS, '--election', ELECTION]
    const arrived = new Promise<void>((resolve) => {
      server.arriving = () => {
        resolve()
        return new Promise(() => undefined)
      }
    })
    const hanging = start('join', ...place)
    await arrived
    // While it hangs there, nobody else gets at the folder.
    const second = await run('status')
    expect(second.code).toBe(2)
    expect(second.stderr).toMatch(/Another program works on this folder/)
    hanging.child.kill('SIGKILL')
    await hanging.ended
    expect(scene.attempt.commits.size).toBe(0)

    server.arriving = () => Promise.resolve(true)
    const again = await run('join', ...place)
    expect(again.code).toBe(0)
    const definition = toHex(scene.election.definition)
    expect(JSON.parse(again.stdout)).toEqual({ guardian: 1, attempt: 1, definition })
    expect((await run('join', ...place)).code).toBe(0)
    expect(server.sent.map(toHex)).toEqual([
      toHex(scene.entries.at(-1) ?? new Uint8Array()),
      toHex(scene.entries.at(-1) ?? new Uint8Array()),
    ])
    expect(scene.attempt.commits.size).toBe(1)

    const missing = await run('deal', '--no-wait')
    expect(missing.code).toBe(2)
    expect(missing.stderr).toMatch(/Not yet: Waiting for the commitment of: Guardian 2, Guardian 3/)
    const status = JSON.parse((await run('status')).stdout) as { seats: unknown[] }
    expect(status.seats).toMatchObject([
      { guardian: 1, attempt: 1, keyShare: false, record: 'attempt 1: commit' },
    ])
  } finally {
    await server.close()
  }
})

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function start(...args: string[]) {
  const own = ['--folder', join(home, 'folder'), '--passphrase-file', join(home, 'passphrase'), '--json']
  const child = spawn(process.execPath, [MAIN, 'guardian', ...args, ...own])
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()))
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  )
  return { child, ended }
}

function run(...args: string[]): Promise<Ended> {
  return start(...args).ended
}

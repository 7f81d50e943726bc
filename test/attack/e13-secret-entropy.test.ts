// E13: secrets that people type or print are short (Belenios: 22 characters of base 58, until 4.0). A guardian's keys
// are 256 random bits that nobody ever types; only an age file's passphrase is chosen by a person (SPEC 5.1).
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { GuardianFolder } from '#cli/guardian-folder.ts'
import { toHex } from '#crypto/encoding.ts'

const PASSPHRASE = 'twelve letters at least'
const MAIN = join(import.meta.dirname, '../../cli/main.ts')

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'comitia-e13-'))
})
afterAll(() => rm(home, { recursive: true }))

test('the signing key is 32 bytes of the platform’s generator, unhashed and uncut', async () => {
  const drawn: string[] = []
  const original = crypto.getRandomValues.bind(crypto)
  const spy = vi.spyOn(globalThis.crypto, 'getRandomValues').mockImplementation((array) => {
    const filled = original(array)
    if (filled instanceof Uint8Array) drawn.push(toHex(filled))
    return filled
  })
  using made = await GuardianFolder.create(join(home, 'drawn'), 'G', PASSPHRASE)
  spy.mockRestore()
  expect(drawn).toContain(toHex(made.identity.signingKey))
  expect(made.identity.signingKey).toHaveLength(32)
  expect(new Set(made.identity.signingKey).size).toBeGreaterThan(16)
})

test('no file holds a secret in the clear, and none may be read by others', async () => {
  using made = await GuardianFolder.create(join(home, 'files'), 'G', PASSPHRASE)
  await made.backup(join(home, 'files', 'backup'), PASSPHRASE)
  const names = (await readdir(join(home, 'files'))).filter((name) => !name.startsWith('lock'))
  expect(names.sort()).toEqual(['backup', 'guardian.age'])
  for (const name of names) {
    const file = join(home, 'files', name)
    const content = await readFile(file)
    expect(content.includes(Buffer.from(made.identity.signingKey))).toBe(false)
    expect(content.toString('latin1').toLowerCase()).not.toContain(toHex(made.identity.signingKey))
    expect((await stat(file)).mode & 0o077).toBe(0)
  }
  using restored = await GuardianFolder.restore(
    join(home, 'again'),
    join(home, 'files', 'backup'),
    PASSPHRASE,
  )
  expect(restored.identity.signingKey).toEqual(made.identity.signingKey)
})

test('the command prints no secret, and refuses a short passphrase', async () => {
  const short = join(home, 'short')
  await writeFile(short, 'eleven char\n')
  const refused = await run('init', '--folder', join(home, 'cli'), '--name', 'G', '--passphrase-file', short)
  expect(refused).toEqual({ code: 2, printed: expect.stringContaining('at least 12 characters') as string })
  const long = join(home, 'long')
  await writeFile(long, 'twelve chars\n')
  const made = await run('init', '--folder', join(home, 'cli'), '--name', 'G', '--passphrase-file', long)
  expect(made.code).toBe(0)
  using folder = await GuardianFolder.open(join(home, 'cli'), 'twelve chars')
  expect(made.printed).toContain(toHex(folder.publicKey))
  expect(made.printed).not.toContain(toHex(folder.identity.signingKey))
})

function run(...args: string[]): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, [MAIN, 'guardian', ...args])
  let printed = ''
  child.stdout.on('data', (data: Buffer) => (printed += data.toString()))
  child.stderr.on('data', (data: Buffer) => (printed += data.toString()))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, printed })))
}

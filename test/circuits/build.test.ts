// SPEC 10.3: the development setup is the same on every machine, byte for byte; and the cache hands out what was built, or
// nothing.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureArtifacts, readArtifacts } from '#circuits/build/artifacts.ts'
import { cached, readInventory } from '#circuits/build/cache.ts'
import { compile } from '#circuits/build/compile.ts'
import { developmentKey } from '#circuits/build/trapdoor.ts'
import { sha256 } from '#crypto/hash.ts'
import { toHex } from '#crypto/encoding.ts'

let empty = ''
beforeAll(async () => {
  empty = await mkdtemp(join(tmpdir(), 'comitia-build-test-'))
})
afterAll(() => rm(empty, { recursive: true }))

test('a second build of the signal circuit and its development key comes to the very same files', async () => {
  const { signal } = (await ensureArtifacts(undefined, {})).circuits
  const again = await compile('signal', { cache: empty })
  expect(again.r1cs).not.toBe(signal.r1cs.path)
  expect(again.sha256).toMatchObject({ r1cs: signal.r1cs.sha256, wasm: signal.wasm.sha256 })
  expect(toHex(sha256(await developmentKey(await readFile(again.r1cs))))).toBe(signal.zkey.sha256)
})

test('the development setup has no contributors and is marked, circuit by circuit', async () => {
  const { development, circuits } = await readArtifacts({})
  expect(development).toBe(true)
  for (const circuit of Object.values(circuits)) {
    expect(circuit).toMatchObject({ development: true, contributors: [] })
  }
})

test('without a build there are no artifacts, and reading builds none', async () => {
  const nothing = join(empty, 'nothing')
  await expect(readArtifacts({ cache: nothing })).rejects.toThrow('run `npm run circuits`')
})

test('half a ceremony is refused: keys without their phase 1, and phase 1 without keys', async () => {
  for (const half of [{ ceremony: empty }, { powers: join(empty, 'any.ptau') }]) {
    await expect(readArtifacts(half)).rejects.toThrow('a ceremony needs both')
  }
})

test('a folder is built once, by what goes in; of a build that fails nothing stays', async () => {
  const build = (text: string) => (folder: string) => writeFile(join(folder, 'file'), text)
  const first = await cached(empty, 'thing', ['a', 'b'], build('first'))
  expect(await cached(empty, 'thing', ['a', 'b'], build('second'))).toBe(first)
  expect(await readFile(join(first, 'file'), 'utf8')).toBe('first')
  expect((await readInventory(first)).files).toEqual({
    file: toHex(sha256(new TextEncoder().encode('first'))),
  })
  expect(await cached(empty, 'thing', ['ab', ''], build('other'))).not.toBe(first)

  const failing = () => Promise.reject(new Error('no room'))
  await expect(cached(empty, 'thing', ['c'], failing)).rejects.toThrow('no room')
  await expect(cached(empty, 'thing', ['c'])).rejects.toThrow('is not built')
})

test('two builds of the same at once end with one result', async () => {
  const build = (folder: string) => writeFile(join(folder, 'file'), 'same')
  const [one, two] = await Promise.all([1, 2].map(() => cached(empty, 'race', ['x'], build)))
  expect(one).toBe(two)
})

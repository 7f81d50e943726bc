// G18: verification key, circuit and proving key that drifted apart, as they did in MACI, CRISP and davinci. A file that
// is not the one built is refused wherever artifacts are loaded, files that were swapped together with their hashes are
// refused when they do not fit each other, and an election that names another file is told from ours. SPEC 8.2, 10.1.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  CIRCUIT_IDS,
  type CircuitArtifacts,
  ensureArtifacts,
  readArtifacts,
} from '#circuits/build/artifacts.ts'
import { rebuildSetup, type SetupHashes } from '#circuits/build/rebuild.ts'
import { fromHex } from '#crypto/encoding.ts'

const FILES = ['r1cs', 'wasm', 'zkey', 'verificationKey', 'transcript'] as const
const { circuits } = await ensureArtifacts(undefined, {})
const cells = CIRCUIT_IDS.flatMap((id) => FILES.map((file) => ({ id, file, path: circuits[id][file].path })))

/** A copy of everything that is loaded, to be spoiled. */
let cache = ''
const copyOf = (path: string) => join(cache, basename(dirname(path)), basename(path))

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'comitia-g18-'))
  for (const folder of new Set(cells.map(({ path }) => dirname(path)))) {
    await cp(folder, join(cache, basename(folder)), { recursive: true })
  }
})
afterAll(() => rm(cache, { recursive: true }))

/** What loading says while the file holds something else. */
async function loadWith(path: string, change: (bytes: Uint8Array) => Uint8Array | string): Promise<unknown> {
  const before = await readFile(path)
  await writeFile(path, change(Uint8Array.from(before)))
  try {
    return await readArtifacts({ cache }).then(
      () => 'accepted',
      (error: unknown) => (error instanceof Error ? error.message : error),
    )
  } finally {
    await writeFile(path, before)
  }
}

const flipLast = (bytes: Uint8Array) => bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1)

test('positive control: the copy is loaded, with the same hashes', async () => {
  const loaded = await readArtifacts({ cache })
  for (const id of CIRCUIT_IDS) {
    for (const file of FILES) expect(loaded.circuits[id][file].sha256).toBe(circuits[id][file].sha256)
  }
  expect(await loadWith(copyOf(circuits.S.zkey.path), (bytes) => bytes)).toBe('accepted')
})

describe('one bit of a file', () => {
  test.each(cells)('of $id: $file', async ({ path }) => {
    const copy = copyOf(path)
    expect(await loadWith(copy, flipLast)).toBe(
      `${copy} is not the file that was built; delete ${dirname(copy)} and build again`,
    )
  })
})

describe('files of another build, with an inventory that agrees', () => {
  const swap = async (file: 'verificationKey' | 'transcript', problem: string) => {
    const [mine, other] = [circuits.S[file], circuits.signal[file]]
    const inventory = join(dirname(copyOf(mine.path)), 'inventory.json')
    const stated = await readFile(inventory, 'utf8')
    expect(stated).toContain(mine.sha256)
    await writeFile(inventory, stated.replace(mine.sha256, other.sha256))
    const bytes = await readFile(other.path)
    expect(await loadWith(copyOf(mine.path), () => bytes)).toContain(problem)
    await writeFile(inventory, stated)
  }
  test('a verification key', () =>
    swap('verificationKey', 'the verification key is not that of the proving key'))
  test('a transcript', () => swap('transcript', 'the transcript is not that of the proving key'))
})

describe('an election that names other files than the sources lead to', () => {
  const hashes = (of: CircuitArtifacts): SetupHashes => ({
    circuit: 'S',
    r1cs: fromHex(of.r1cs.sha256),
    witnessCode: fromHex(of.wasm.sha256),
    provingKey: fromHex(of.zkey.sha256),
    verificationKey: fromHex(of.verificationKey.sha256),
    transcript: fromHex(of.transcript.sha256),
  })
  const mine = hashes(circuits.S)

  test('positive control: ours', async () => expect(await rebuildSetup(mine)).toEqual([]))
  test.each([
    ['r1cs', 'the constraint system'],
    ['witnessCode', 'the witness program'],
    ['provingKey', 'the proving key'],
    ['verificationKey', 'the verification key'],
    ['transcript', 'the ceremony transcript'],
  ] as const)('another %s', async (file, name) => {
    const drifted = { ...mine, [file]: hashes(circuits.L)[file] }
    expect(await rebuildSetup(drifted)).toEqual([
      `${name} is not the one rebuilt from the sources and the development setup`,
    ])
  })
})

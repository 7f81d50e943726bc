// SPEC 7.5, fault tests of the ledger alone: files that were cut, bent, lost or restored from an old copy. Either the
// start is refused or everything that was signed is still there; never is a second history signed.
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { chmodSync, cpSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { equalBytes, toHex } from '#crypto/encoding.ts'
import { parseCheckpoint, signCheckpoint } from '#ledger/checkpoint.ts'
import { openEmbedded } from '#ledger/engines/embedded.ts'
import { StartRefused, type RefusalReason } from '#ledger/engine.ts'
import { parseSigningKey } from '#ledger/note.ts'
import { Store } from '#ledger/store/store.ts'
import { checkFolder, hold, inject, needTool, run, temporaryFolder, type Promised } from './child.ts'
import { entryOf, ORIGIN } from './entries.ts'

beforeAll(() => needTool('strace', '--version'))

/** Opens as a start does: the reason of the refusal, or undefined after checking that all that was signed is there. */
function outcome(folder: string, signed: string): RefusalReason | undefined {
  const { size, root } = parseCheckpoint(signed)
  let store: Store
  try {
    store = new Store(folder, ORIGIN)
  } catch (error) {
    if (error instanceof StartRefused) return error.reason
    throw error
  }
  expect(store.size).toBeGreaterThanOrEqual(size)
  const entries: Uint8Array[] = []
  while (entries.length < store.size) entries.push(...store.read(entries.length, store.size))
  entries.forEach((entry, i) => expect(equalBytes(entry, entryOf(i)), `entry ${i}`).toBe(true))
  const now = parseCheckpoint(store.checkpoint)
  if (now.size === size) expect(toHex(now.root)).toBe(toHex(root))
  store.close()
  return undefined
}

/** A copy of the folder with one change; the folder itself stays as it was. */
function changed(folder: string, change: (copy: string) => void): string {
  const copy = join(temporaryFolder(), 'copy')
  cpSync(folder, copy, { recursive: true })
  change(copy)
  return copy
}

function flip(file: string, at: number, bit: number): void {
  const bytes = readFileSync(file)
  bytes[at] = (bytes[at] ?? 0) ^ bit
  writeFileSync(file, bytes)
}

/** A folder of a killed child: part of the log is in the write-ahead file only. And one that was closed in order. */
async function folders(): Promise<{ folder: string; signed: string; file: string }[]> {
  const [killed, closed] = [temporaryFolder(), temporaryFolder()]
  await run(killed, 30, 1)
  // Killed with the last checkpoint in place, before the folder is synced: all that is on disk is signed. A kill at
  // random may leave entries that are not, and to cut those off is no loss.
  const { promises } = await run(killed, 50, 1, inject('fsync', 'signal=SIGKILL:when=25', [killed]))
  expect(promises.length).toBeGreaterThanOrEqual(20)
  await run(closed, 50, 5)
  return [
    { folder: killed, file: 'ledger.db-wal', signed: readFileSync(join(killed, 'checkpoint'), 'utf8') },
    { folder: closed, file: 'ledger.db', signed: readFileSync(join(closed, 'checkpoint'), 'utf8') },
  ]
}

describe('cut and bent files', () => {
  it('the last 1 to 8192 bytes are cut off', async () => {
    for (const { folder, signed, file } of await folders()) {
      const size = statSync(join(folder, file)).size
      const cuts = [
        1,
        2,
        3,
        4,
        8,
        16,
        23,
        24,
        25,
        32,
        100,
        1000,
        4095,
        4096,
        4097,
        4120,
        4121,
        8191,
        8192,
        size,
      ]
      for (let cut = 300; cut < 8192; cut += 300) cuts.push(cut)
      const outcomes = new Set<RefusalReason | undefined>()
      for (const cut of cuts) {
        const copy = changed(folder, (path) => truncateSync(join(path, file), Math.max(0, size - cut)))
        outcomes.add(outcome(copy, signed))
      }
      expect(
        outcome(
          changed(folder, () => undefined),
          signed,
        ),
      ).toBeUndefined()
      // Something signed is missing after every cut, so that every one must be refused. A cut write-ahead file ends
      // earlier; in a cut database SQLite may also see pages of zeros.
      expect(outcomes).not.toContain(undefined)
      if (file === 'ledger.db-wal') expect([...outcomes]).toEqual(['rollback'])
    }
  })

  it('any one byte is bent', async () => {
    for (const { folder, signed, file } of await folders()) {
      const size = statSync(join(folder, file)).size
      let refused = 0
      for (let trial = 0; trial < 150; trial++) {
        // The first bytes of the file, which describe it, and then random places.
        const at = trial < 40 ? trial : randomInt(size)
        const copy = changed(folder, (path) => flip(join(path, file), at, 1 << randomInt(8)))
        if (outcome(copy, signed) !== undefined) refused++
        rmSync(copy, { recursive: true })
      }
      // Most bytes belong to entries: a flip there is noticed.
      expect(refused).toBeGreaterThan(75)
    }
  })

  it('any one byte of the checkpoint file or the key file is bent', async () => {
    const folder = temporaryFolder()
    await run(folder, 3, 1)
    const signed = readFileSync(join(folder, 'checkpoint'), 'utf8')
    expect(outcome(folder, signed)).toBeUndefined()
    for (const [file, reason] of [
      ['checkpoint', 'damaged'],
      ['log.key', 'key'],
    ] as const) {
      const good = readFileSync(join(folder, file))
      for (let at = 0; at < good.length; at++) {
        writeFileSync(join(folder, file), good)
        flip(join(folder, file), at, 1)
        expect(outcome(folder, signed), `${file} byte ${at}`).toBe(reason)
      }
      writeFileSync(join(folder, file), good)
    }
    expect(outcome(folder, signed)).toBeUndefined()
  })

  it('an entry that changes on disk while the log runs is not given out', async () => {
    const folder = temporaryFolder()
    // More than SQLite keeps in memory, so that the entry is read from the disk again.
    await run(folder, 4_000, 500)
    const at = readFileSync(join(folder, 'ledger.db')).indexOf(entryOf(20).slice(100, 140))
    const ledger = await openEmbedded({ folder, origin: ORIGIN })
    expect(at).toBeGreaterThan(0)
    // Written by another process: opening the file in this one would drop its lock.
    bendFromOutside(join(folder, 'ledger.db'), at)
    await expect(drain(ledger.entries(0, 4_000))).rejects.toMatchObject({
      name: 'LedgerFailure',
      message: 'entry 20 on disk is not the one that was signed',
    })
    await expect(ledger.append([entryOf(4_000)])).rejects.toMatchObject({ name: 'LedgerFailure' })
    await ledger.close()
  })
})

describe('lost, exchanged and restored files', () => {
  const refusals: [string, RefusalReason, (copy: string, older: string) => void][] = [
    ['the database is lost', 'rollback', (copy) => rmSync(join(copy, 'ledger.db'))],
    ['the checkpoint file is lost', 'rollback', (copy) => rmSync(join(copy, 'checkpoint'))],
    ['the key is lost', 'key', (copy) => rmSync(join(copy, 'log.key'))],
    ['the key can be read by others', 'key', (copy) => chmodSync(join(copy, 'log.key'), 0o640)],
    [
      'the database is an older backup',
      'rollback',
      (copy, older) => cpSync(join(older, 'ledger.db'), join(copy, 'ledger.db')),
    ],
    [
      'the database is not one',
      'damaged',
      (copy) => writeFileSync(join(copy, 'ledger.db'), 'x'.repeat(5000)),
    ],
    [
      'the checkpoint is of another key',
      'damaged',
      (copy) => {
        const checkpoint = parseCheckpoint(readFileSync(join(copy, 'checkpoint'), 'utf8'))
        const stranger = { name: ORIGIN, secret: new Uint8Array(32).fill(3) }
        writeFileSync(join(copy, 'checkpoint'), signCheckpoint(checkpoint, stranger))
      },
    ],
    [
      'the log once signed other entries',
      'fork',
      (copy) => {
        const checkpoint = parseCheckpoint(readFileSync(join(copy, 'checkpoint'), 'utf8'))
        const key = parseSigningKey(readFileSync(join(copy, 'log.key'), 'utf8'))
        writeFileSync(
          join(copy, 'checkpoint'),
          signCheckpoint({ ...checkpoint, root: new Uint8Array(32) }, key),
        )
      },
    ],
  ]

  it.each(refusals)('%s: refused (%s)', async (_, reason, change) => {
    const folder = temporaryFolder()
    await run(folder, 4, 1)
    const older = changed(folder, () => undefined)
    await run(folder, 4, 1)
    const signed = readFileSync(join(folder, 'checkpoint'), 'utf8')
    expect(
      outcome(
        changed(folder, () => undefined),
        signed,
      ),
    ).toBeUndefined()
    expect(
      outcome(
        changed(folder, (copy) => change(copy, older)),
        signed,
      ),
    ).toBe(reason)
  })

  it('the folder belongs to a log of another name: refused (key)', async () => {
    const folder = temporaryFolder()
    await run(folder, 1, 1)
    await expect(openEmbedded({ folder, origin: 'example.com/other' })).rejects.toMatchObject({
      name: 'StartRefused',
      reason: 'key',
    })
  })
})

describe('one process for a folder', () => {
  it('a second server is refused while the first lives, and not after it was killed', async () => {
    const folder = temporaryFolder()
    const first = await hold(folder)
    const second = await run(folder, 1, 1)
    expect(second.error).toMatchObject({ name: 'StartRefused', reason: 'in use' })
    expect(second.error?.message).toContain('another server runs on this data folder')
    await expect(openEmbedded({ folder, origin: ORIGIN })).rejects.toMatchObject({ reason: 'in use' })
    const ended = new Promise((resolve) => first.once('close', resolve))
    first.stdout?.resume()
    first.kill('SIGKILL')
    await ended
    await checkFolder(folder, [])
  })

  it('the same process cannot open it twice either', async () => {
    const folder = temporaryFolder()
    const ledger = await openEmbedded({ folder, origin: ORIGIN })
    await expect(openEmbedded({ folder, origin: ORIGIN })).rejects.toMatchObject({ reason: 'in use' })
    // The refused attempt has not dropped the lock.
    expect((await run(folder, 1, 1)).error).toMatchObject({ reason: 'in use' })
    await ledger.close()
    expect((await run(folder, 1, 1)).closed).toBe(true)
  })
})

describe('backup', () => {
  it('can be opened, has all that was signed, and is refused over a longer history', async () => {
    const folder = temporaryFolder()
    const backup = join(temporaryFolder(), 'backup')
    const ledger = await openEmbedded({ folder, origin: ORIGIN })
    const promises: Promised[] = []
    for (let i = 0; i < 20; i++) {
      const { first, checkpoint } = await ledger.append([entryOf(i)])
      promises.push({ index: first, checkpoint })
    }
    await ledger.backup(backup)
    await ledger.append([entryOf(20)])
    // A target that is there already is an error of the backup alone.
    await expect(ledger.backup(backup)).rejects.toThrow('EEXIST')
    await ledger.append([entryOf(21)])
    const signed = ledger.checkpoint()
    await ledger.close()
    expect(statSync(join(backup, 'log.key')).mode & 0o777).toBe(0o600)
    expect(
      outcome(
        changed(folder, (copy) => cpSync(join(backup, 'ledger.db'), join(copy, 'ledger.db'))),
        signed,
      ),
    ).toBe('rollback')
    await checkFolder(backup, promises)
  })
})

async function drain(entries: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const entry of entries) expect(entry.length).toBeGreaterThan(0)
}

function bendFromOutside(file: string, at: number): void {
  const code = `const fs=require('fs');const f=fs.openSync(process.argv[1],'r+');fs.writeSync(f,Buffer.from([0,0,0,0]),0,4,+process.argv[2]);fs.closeSync(f)`
  expect(spawnSync(process.execPath, ['-e', code, file, String(at)]).status).toBe(0)
}

// SPEC 7.5, fault tests of the ledger alone: the process is killed at every step of writing, and at random; whatever
// was promised is there after the restart, once, unchanged, under one history.
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkFolder, inject, killAfter, needTool, run, temporaryFolder, type Promised } from './child.ts'

beforeAll(() => needTool('strace', '--version'))

// Steps of an append in their order: write ahead (pwrite64), sync = commit (fsync), sign and write the second file
// (openat, write, fsync, rename), sync the folder (fsync), answer. A kill strikes before the call is made.
describe.each([
  {
    call: 'pwrite64',
    where: 'into database and write-ahead file',
    files: ['ledger.db', 'ledger.db-wal'],
    least: 5,
  },
  {
    call: 'fsync',
    where: 'of database and write-ahead file (before and inside the commit)',
    files: ['ledger.db', 'ledger.db-wal'],
    least: 4,
  },
  {
    call: 'openat',
    where: 'of the new checkpoint file (after the commit)',
    files: ['checkpoint.new'],
    least: 2,
  },
  { call: 'write', where: 'of the new checkpoint (after signing)', files: ['checkpoint.new'], least: 2 },
  { call: 'fsync', where: 'of the new checkpoint file', files: ['checkpoint.new'], least: 2 },
  { call: 'rename', where: 'of the new checkpoint file', files: ['checkpoint.new'], least: 2 },
  { call: 'fsync', where: 'of the folder (before the answer)', files: ['.'], least: 3 },
])('kill at each $call $where', ({ call, files, least }) => {
  it('loses nothing that was promised', async () => {
    const folder = temporaryFolder()
    const paths = files.map((file) => join(folder, file).replace(/\/\.$/, ''))
    const promises: Promised[] = []
    await checkFolder(folder, promises)
    let kills = 0
    for (;;) {
      const ended = await run(folder, 2, 1, inject(call, `signal=SIGKILL:when=${kills + 1}`, paths))
      promises.push(...ended.promises)
      await checkFolder(folder, promises)
      if (ended.closed) break
      expect(ended.error).toBeUndefined()
      kills++
    }
    expect(kills).toBeGreaterThanOrEqual(least)
  })
})

it('kill at each sync and rename of a first start leaves a folder that starts', async () => {
  let kills = 0
  for (const call of ['fsync', 'rename']) {
    for (let when = 1; ; when++) {
      const folder = temporaryFolder()
      const ended = await run(folder, 1, 1, inject(call, `signal=SIGKILL:when=${when}`))
      await checkFolder(folder, ended.promises)
      if (ended.closed) break
      kills++
    }
  }
  // Key, first checkpoint, first entry and its checkpoint are each renamed or synced into place.
  expect(kills).toBeGreaterThanOrEqual(9)
})

it('kill -9 at random under load, ten rounds on one folder', async () => {
  const folder = temporaryFolder()
  const promises: Promised[] = []
  let size = 0
  for (let round = 0; round < 10; round++) {
    const killed = await killAfter(folder, randomInt(1, 151), 32)
    expect(killed.open).toBe(size)
    expect(killed.closed).toBe(false)
    promises.push(...killed.promises)
    size = await checkFolder(folder, promises)
  }
  // No index was promised twice.
  expect(new Set(promises.map(({ index }) => index)).size).toBe(promises.length)
})

it('syncs before it promises: entries, then the checkpoint, then its name, then the answer', async () => {
  const folder = temporaryFolder()
  await checkFolder(folder, [])
  const trace = join(temporaryFolder(), 'trace')
  const calls = 'trace=fsync,fdatasync,rename,write,pwrite64'
  const ended = await run(folder, 5, 1, ['strace', '-f', '-y', '-qq', '-s', '12', '-o', trace, '-e', calls])
  expect(ended.closed).toBe(true)
  // Which file a call touches is told by the path that strace adds to the descriptor.
  const steps = readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => line.includes(folder) || line.includes('promise'))
    .map((line) => {
      if (line.includes('write(1')) return 'answer'
      const call = /(\w+)\(/.exec(line)?.[1] ?? ''
      const file = line.includes('ledger.db-wal')
        ? 'log'
        : line.includes('checkpoint.new')
          ? 'checkpoint'
          : 'folder'
      return `${call} ${file}`
    })
  const upToLast = steps.slice(0, steps.lastIndexOf('answer') + 1).join(', ')
  const anAppend =
    'pwrite64 log, (?:pwrite64 log, )*(?:fsync log, )write checkpoint, fsync checkpoint, rename checkpoint, fsync folder, answer'
  const header = '(?:pwrite64 log, fsync log, fsync folder, )?'
  expect(upToLast).toMatch(new RegExp(`^${header}${anAppend}(?:, ${anAppend}){4}$`))
})

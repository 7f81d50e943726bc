// SPEC 7.5, fault tests of the ledger alone: the disk fails or is full. The ledger stops with a clear failure, promises
// nothing that it could not write, refuses everything afterwards, and starts cleanly on a good disk.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { checkFolder, inject, needTool, run, temporaryFolder, type Promised } from './child.ts'

beforeAll(() => needTool('strace', '--version'))

describe.each([
  ['fsync', 'EIO', 'ledger.db-wal'],
  ['fsync', 'EIO', 'checkpoint.new'],
  ['fsync', 'EIO', '.'],
  ['pwrite64', 'EIO', 'ledger.db-wal'],
  ['pwrite64', 'ENOSPC', 'ledger.db-wal'],
  ['write', 'ENOSPC', 'checkpoint.new'],
  ['openat', 'EROFS', 'checkpoint.new'],
  ['rename', 'EIO', 'checkpoint.new'],
])('%s gives %s on %s', (call, code, file) => {
  it.each([2, 4])('from the %sth time on', async (when) => {
    const folder = temporaryFolder()
    await checkFolder(folder, [])
    const path = join(folder, file).replace(/\/\.$/, '')
    const ended = await run(folder, 20, 2, inject(call, `error=${code}:when=${when}+`, [path]))
    expect(ended.closed).toBe(false)
    expect(ended.error?.name).toBe('LedgerFailure')
    expect(ended.error?.message).toMatch(new RegExp(`disk|full|${code}`))
    expect(ended.then).toEqual(ended.error)
    await checkFolder(folder, ended.promises)
  })
})

it('a disk that fails once is not trusted again', async () => {
  const folder = temporaryFolder()
  await checkFolder(folder, [])
  const ended = await run(folder, 20, 1, inject('fsync', 'error=EIO:when=6'))
  expect(ended.error?.name).toBe('LedgerFailure')
  expect(ended.then).toEqual(ended.error)
  await checkFolder(folder, ended.promises)
})

it('a full disk of two megabytes', async () => {
  const disk = join(temporaryFolder(), 'disk')
  mkdirSync(disk)
  needTool('mount', '-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk)
  onTestFinished(() => void spawnSync('umount', ['-l', disk]))
  const folder = join(disk, 'ledger')
  const promises: Promised[] = []
  const ended = await run(folder, 5_000, 16)
  promises.push(...ended.promises)
  expect(promises.length).toBeGreaterThan(100)
  expect(ended.error?.name).toBe('LedgerFailure')
  expect(ended.error?.message).toMatch(/full|ENOSPC/)
  expect(ended.then).toEqual(ended.error)
  // Started again on the full disk it either fails as clearly or goes on until the next failure; never a wrong promise.
  const again = await run(folder, 5_000, 16)
  promises.push(...again.promises)
  expect(again.closed).toBe(false)
  expect(again.error?.message).toMatch(/full|ENOSPC/)
  needTool('mount', '-o', 'remount,size=16m', disk)
  await checkFolder(folder, promises)
})

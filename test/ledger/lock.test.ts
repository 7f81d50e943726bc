// The lock that keeps a folder to one process; that it goes with a killed process is tested under test/faults.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockFile } from '#ledger/store/lock.ts'

test('a lock is held once, and can be taken again as soon as it is let go', () => {
  const folder = mkdtempSync(join(tmpdir(), 'comitia-lock-'))
  try {
    const path = join(folder, 'some.lock')
    const first = lockFile(path)
    expect(first).toBeDefined()
    expect(lockFile(path)).toBeUndefined()
    first?.[Symbol.dispose]()
    const second = lockFile(path)
    expect(second).toBeDefined()
    second?.[Symbol.dispose]()
    expect(() => lockFile(join(folder, 'no such folder', 'some.lock'))).toThrow(/unable to open/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

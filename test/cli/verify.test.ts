// SPEC 11: findings of the command line, as lines and as data with code, fields and sentence.
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { verifyCommand } from '#cli/verify.ts'
import { writeRecord } from '#tally/record.ts'
import type { Finding } from '#tally/verify/finding.ts'
import { checkpointOf, POLICY } from '../tally/record.ts'
import { Scene } from '../tally/scene.ts'

const scene = new Scene()
scene.prepare()
const last = scene.entries.length - 1

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'comitia-verify-'))))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.restoreAllMocks())

/** What the command says of a record of these entries, and its exit code. */
async function run(entries: readonly Uint8Array[], ...args: string[]): Promise<[code: number, out: string]> {
  let out = ''
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true))
  const each = async function* (items: readonly Uint8Array[]) {
    for (const item of items) yield await Promise.resolve(item)
  }
  const path = join(folder, 'record')
  await writeFile(path, writeRecord(POLICY, checkpointOf(entries), each(entries), each([])))
  return [await verifyCommand([path, '--threads', '1', ...args]), out]
}

test('a sound record, as data', async () => {
  const [code, out] = await run(scene.entries, '--json')
  const { passed, findings } = JSON.parse(out) as { passed: boolean; findings: Finding[] }
  expect([code, passed]).toEqual([0, true])
  const of = (check: string) => findings.filter((finding) => finding.check === check)
  expect(of('V3')).toEqual([
    {
      ...{ check: 'V3', status: 'passed', code: 'entries-canonical', fields: { entries: last + 1 } },
      sentence: `All ${last + 1} entries are canonical.`,
    },
  ])
  expect(of('V2')).toMatchObject([{ status: 'not-rechecked', code: 'no-policy', fields: {} }])
})

test('a record in which an entry is doubled, as data and in lines', async () => {
  const doubled = [...scene.entries, scene.entries[last] ?? new Uint8Array()]
  const [code, out] = await run(doubled, '--json')
  expect(code).toBe(1)
  const { findings } = JSON.parse(out) as { findings: Finding[] }
  expect(findings.filter(({ status }) => status === 'failed')).toMatchObject([
    { check: 'V4', code: 'act-counter-stale', fields: { detail: 'expected 3' }, entry: last + 1 },
  ])
  const lines = (await run(doubled))[1].split('\n')
  expect(lines).toContain(
    `FAILED V4  Each entry allowed where it stands, official acts signed: Entry ${last + 1}: act-counter-stale: expected 3.`,
  )
})

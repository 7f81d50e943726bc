// SPEC 10.2: a ceremony from end to end by the command: two contributors and a beacon on the signal circuit, verified by
// rebuilding the key's beginning; and keys that somebody interfered with on the way.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { CeremonyReport } from '#circuits/build/ceremony.ts'
import { formatContainer, parseContainer, section } from '#circuits/container.ts'
import { formatTranscript, parseTranscript, type Transcript } from '#circuits/transcript.ts'
import { TRANSCRIPT, transcriptOf } from '#circuits/zkey.ts'
import { ceremony } from '#cli/ceremony.ts'

let folder = ''
const at = (name: string) => join(folder, name)
const CIRCUIT = ['--circuit', 'signal']
const hashes: unknown[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comitia-ceremony-test-'))
  expect((await run('start', ...CIRCUIT, '--out', at('0'))).code).toBe(0)
  for (const args of [
    ['contribute', at('0'), '--name', 'Ada', '--out', at('1')],
    ['contribute', at('1'), '--name', 'Ben', '--out', at('2')],
    ['beacon', at('2'), '--value', 'c0ffee', '--out', at('3')],
  ]) {
    const { code, report } = await run(...args)
    expect(code).toBe(0)
    hashes.push(report.hash)
  }
})

afterAll(() => rm(folder, { recursive: true }))

test('the final key is one of this circuit, by these contributors, and marked as development', async () => {
  const { code, report } = await run('verify', at('3'), ...CIRCUIT)
  expect(code).toBe(0)
  const names = ['Ada', 'Ben', 'beacon']
  expect(report).toMatchObject({
    passed: true,
    problems: [],
    phase1: 'development setup',
    contributions: names.map((name, i) => ({ name, hash: hashes[i] })),
    summary: { contributors: ['Ada', 'Ben'], beacon: true, development: true },
  })
})

describe('fails verification', () => {
  test.each<[string, (transcript: Transcript) => Transcript, string]>([
    [
      'a contribution removed',
      (t) => ({ ...t, contributions: t.contributions.slice(1) }),
      'contribution 1 (Ben) does not follow from those before it',
    ],
    [
      'a contribution altered',
      (t) => withFirst(t, { sx: t.contributions[1]?.sx ?? new Uint8Array(64) }),
      'contribution 1 (Ada) does not prove that its secret is known',
    ],
    [
      'a contribution renamed',
      (t) => withFirst(t, { name: 'Eve' }),
      'contribution 1 (Eve) was made under another name',
    ],
    ['no contribution left', (t) => ({ ...t, contributions: [] }), 'phase 2 had no contribution'],
  ])('%s', async (_, change, problem) => {
    const zkey = await readFile(at('3'))
    const transcript = formatTranscript(change(parseTranscript(transcriptOf(zkey))))
    await writeFile(at('changed'), withSection(zkey, TRANSCRIPT, transcript))
    const { code, report } = await run('verify', at('changed'), ...CIRCUIT)
    expect(code).toBe(1)
    expect(report.passed).toBe(false)
    expect(report.problems).toContain(problem)
  })

  test('a point for private inputs replaced, which only rebuilding shows', async () => {
    const zkey = await readFile(at('3'))
    const L = 8
    const points = section(parseContainer('zkey', zkey), L).slice()
    points.copyWithin(0, 64, 128)
    await writeFile(at('changed'), withSection(zkey, L, points))
    const { code, report } = await run('verify', at('changed'), ...CIRCUIT)
    expect(code).toBe(1)
    expect(report.problems).toEqual([expect.stringMatching(/^it is no key of this circuit and phase 1/)])
  })

  test('a file that is no key', async () => {
    await writeFile(at('changed'), 'zkey')
    const { code, report } = await run('verify', at('changed'), ...CIRCUIT)
    expect(code).toBe(1)
    expect(report.problems).toEqual(['not a zkey file'])
  })
})

describe('refused with exit code 2 and one line', () => {
  test.each<[string, () => string[], RegExp]>([
    [
      'a taken name',
      () => ['contribute', at('1'), '--name', 'Ada', '--out', at('x')],
      /^the name Ada is taken\.$/,
    ],
    [
      'the beacon’s name',
      () => ['contribute', at('1'), '--name', 'beacon', '--out', at('x')],
      /beacon is taken/,
    ],
    ['no proper name', () => ['contribute', at('1'), '--name', ' ', '--out', at('x')], /^A name has 1 to 64/],
    [
      'a closed ceremony',
      () => ['contribute', at('3'), '--name', 'Cleo', '--out', at('x')],
      /closed by a beacon/,
    ],
    [
      'an output that exists',
      () => ['beacon', at('2'), '--value', '00', '--out', at('1')],
      /not overwritten/,
    ],
    [
      'a value that is no hexadecimal',
      () => ['beacon', at('2'), '--value', 'xy', '--out', at('x')],
      /hexadecimal/,
    ],
    [
      'too many iterations',
      () => ['beacon', at('2'), '--value', '00', '--iterations', '21', '--out', at('x')],
      /from 10 to 20/,
    ],
    [
      'a key that is not there',
      () => ['contribute', at('none'), '--name', 'Eve', '--out', at('x')],
      /ENOENT/,
    ],
    [
      'a phase 1 of unknown hash',
      () => ['verify', at('3'), ...CIRCUIT, '--ptau', at('0')],
      /^unknown powers of tau/,
    ],
    ['an unknown circuit', () => ['verify', at('3'), '--circuit', 'M'], /^There is no circuit M/],
    ['no step', () => [], /^Give a step/],
  ])('%s', async (_, args, words) => {
    const { code, complaint } = await run(...args())
    expect(code).toBe(2)
    expect(complaint.trimEnd()).toMatch(words)
  })
})

/** Runs the command with --json in this process; what it wrote. */
async function run(...args: string[]) {
  const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const complained = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    const code = await ceremony([...args, '--json'])
    const text = printed.mock.calls.map(([chunk]) => String(chunk)).join('')
    const report = (text === '' ? {} : JSON.parse(text)) as Partial<CeremonyReport> & {
      hash?: string
      passed?: boolean
    }
    const complaint = String(complained.mock.calls.at(-1)?.[0] ?? '')
    return { code, report, complaint }
  } finally {
    printed.mockRestore()
    complained.mockRestore()
  }
}

function withFirst(
  transcript: Transcript,
  changes: Partial<Transcript['contributions'][number]>,
): Transcript {
  const [first, ...rest] = transcript.contributions
  if (first === undefined) throw new Error('the key has contributions')
  return { ...transcript, contributions: [{ ...first, ...changes }, ...rest] }
}

function withSection(zkey: Uint8Array, id: number, bytes: Uint8Array): Uint8Array {
  return formatContainer('zkey', parseContainer('zkey', zkey).set(id, bytes))
}

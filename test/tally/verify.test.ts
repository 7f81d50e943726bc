// SPEC 11: what an observer is told about a sound record, and about one in which something is missing.
import { beforeAll, describe, expect, test } from 'vitest'
import { verifierKeyOf } from '#ledger/note.ts'
import { formatLogPolicy, parsePolicy } from '#ledger/policy.ts'
import type { Noted } from '#protocol/challenge.ts'
import { decodeOpening, encodeOpening, type Opening, openingOf } from '#protocol/seal.ts'
import { formatTracker } from '#protocol/tracker.ts'
import { encodeCbor } from '#protocol/codec.ts'
import { CHECK_OF, CHECKS, type Finding } from '#tally/verify/finding.ts'
import type { RecordState } from '#tally/state.ts'
import { verify } from '#tally/verify/verify.ts'
import { checkpointOf, LOG_KEY, recordOf } from './record.ts'
import { ELECTION, PROCESS, Scene } from './scene.ts'
import { attachmentsOf } from './setup.ts'
import { failedChecks, failures, flip, inlineWorker, inspect } from './verifying.ts'
import { REFUSALS } from '#protocol/refusal.ts'

const scene = new Scene()
let opening: Uint8Array
beforeAll(async () => {
  scene.prepare()
  scene.keygen()
  scene.open()
  scene.cast(0, [1n, 0n])
  scene.cast(1, [0n, 1n])
  scene.cast(0, [0n, 1n])
  opening = encodeOpening(openingOf(scene.ballot(2, [1n, 0n]).sealing))
  await scene.close()
  scene.tally()
  scene.publish()
})

const statuses = (findings: readonly Finding[]): string =>
  [...new Set(findings.map((f) => `${f.check} ${f.status}`))].join(', ')

describe('a sound record', () => {
  test('passes every check that applies', async () => {
    const findings = await inspect(scene.entries, { opening })
    expect(statuses(findings)).toBe(
      'V1 passed, V2 passed, V3 passed, V4 passed, V5 passed, V5 not-rechecked, V6 passed, V7 passed, V8 passed, ' +
        'V9 passed, V10 passed, V11 passed, V12 passed, V13 not-applicable, V14 passed, V15 passed, V16 passed, ' +
        'V17 not-applicable, V18 not-applicable, V19 not-applicable',
    )
    const open = findings.filter((f) => f.status === 'not-rechecked')
    expect(open.map((f) => f.code)).toEqual(['development-setup'])
  })

  test('with no policy of the observer the signature is "not rechecked", never "passed"', async () => {
    const findings = await verify(recordOf(scene.entries, attachmentsOf('S')), [inlineWorker()])
    expect(findings.filter((f) => f.check === 'V2')).toMatchObject([
      { status: 'not-rechecked', code: 'no-policy' },
    ])
    expect(failures(findings)).toEqual([])
  })

  test('extends every checkpoint that the observer kept', async () => {
    const checkpoints = [1, 7, scene.entries.length].map((size) => checkpointOf(scene.entries.slice(0, size)))
    expect(failures(await inspect(scene.entries, { checkpoints }))).toEqual([])
    const fork = checkpointOf([...scene.entries.slice(0, 9), encodeCbor('another')])
    expect(failures(await inspect(scene.entries, { checkpoints: [fork] }))).toEqual(['V1 held-fork'])
    expect(failures(await inspect(scene.entries, { checkpoints: ['no checkpoint'] }))).toEqual([
      'V2 held-unsigned',
    ])
  })

  test('reports progress up to the end', async () => {
    const seen: number[] = []
    await inspect(scene.entries, { onProgress: (done) => void seen.push(done) })
    expect(seen[0]).toBe(0)
    expect(seen.at(-1)).toBe(scene.entries.length)
  })

  test('shows what the record folds to, without what may not stand in it', async () => {
    const results: (number | undefined)[] = []
    const onState = (state: RecordState) =>
      void results.push(state.processes.get(PROCESS)?.elections.get(ELECTION)?.announcedAt)
    await inspect(scene.entries, { onState })
    await inspect(scene.entries.with(-1, flip(scene.entries.at(-1) ?? new Uint8Array(), 300)), { onState })
    expect(results).toEqual([scene.entries.length - 1, undefined])
  })

  test('rebuilding the setup reports what it finds', async () => {
    const rebuildSetup = () => Promise.resolve(['the proving key is another'])
    expect(failures(await inspect(scene.entries, { rebuildSetup }))).toEqual(['V5 setup-differs'])
  })
})

describe('every stage of an election', () => {
  test('has a finding for each of V1 to V19, and none failed', async () => {
    for (const size of [1, 2, 6, 7, 22, 24, 28, scene.entries.length - 1]) {
      const findings = await inspect(scene.entries.slice(0, size))
      expect(new Set(findings.map((f) => f.check))).toEqual(new Set(CHECKS))
      expect(failures(findings), `${size} entries`).toEqual([])
    }
  })

  test('no ballots: said, not passed', async () => {
    const empty = new Scene()
    await empty.run([])
    const findings = await inspect(empty.entries)
    expect(failures(findings)).toEqual([])
    const said = (check: string) => findings.find((f) => f.check === check)
    for (const check of ['V8', 'V9'])
      expect(said(check)).toMatchObject({ status: 'not-applicable', code: 'no-ballots' })
    expect(said('V11')).toMatchObject({ status: 'not-applicable', code: 'none-decrypted' })
  })
})

describe('an opened ballot', () => {
  const verdict = async (file: Uint8Array, noted?: Noted): Promise<string> => {
    const findings = await inspect(scene.entries, { opening: file, ...(noted && { noted }) })
    const said = findings.filter((f) => f.check === 'V15')
    return said
      .map(({ status, code, fields }) =>
        [status, code, ...('noted' in fields ? [fields.noted] : [])].join(' '),
      )
      .join()
  }
  const hash = () => decodeOpening(opening).bodyHash
  test('is the one whose hash or tracker was noted before', async () => {
    expect(await verdict(opening)).toBe('passed opening-true nothing')
    expect(await verdict(opening, hash())).toBe('passed opening-true hash')
    expect(await verdict(opening, formatTracker(hash()))).toBe('passed opening-true tracker')
  })
  test('is another than was noted, be it in the last bit of the hash', async () => {
    expect(await verdict(opening, flip(hash(), 31))).toBe('failed opening-not-noted')
    expect(await verdict(opening, formatTracker(flip(hash())))).toBe('failed opening-not-noted')
  })
  test('names a hash that its parts do not give, or no contest, or is no file', async () => {
    const named = (changes: Partial<Opening>) => encodeOpening({ ...decodeOpening(opening), ...changes })
    const forged = flip(hash(), 31)
    expect(await verdict(named({ bodyHash: forged }), forged)).toBe('failed opening-false')
    for (const changes of [{ contest: 1 }, { election: new Uint8Array(32) }])
      expect(await verdict(named(changes))).toBe('failed opening-elsewhere')
    expect(await verdict(opening.slice(1))).toBe('failed opening-unreadable')
  })
})

describe('never silent', () => {
  test('no entries', async () => {
    expect(failures(await inspect([]))).toEqual(['V1 record-empty'])
  })

  test('a missing attachment', async () => {
    const [key, transcript] = attachmentsOf('S') as [Uint8Array, Uint8Array]
    expect(failedChecks(await inspect(scene.entries, { attachments: [] }))).toEqual(['V5', 'V8'])
    expect(failures(await inspect(scene.entries, { attachments: [key] }))).toEqual(['V5 setup-unsound'])
    const without = await inspect(scene.entries, { attachments: [transcript] })
    expect(failedChecks(without)).toEqual(['V5', 'V8'])
    expect(without.filter((f) => f.check === 'V8').map((f) => f.entry)).toEqual([24, 25, 26])
  })

  test('an entry of a type that nobody knows, and a field too many', async () => {
    const unknown = encodeCbor(['opinion', {}])
    expect(failures(await inspect([...scene.entries, unknown]))).toEqual([
      `V3@${scene.entries.length} malformed`,
    ])
    const longer = encodeCbor(['time', scene.state.time, 1])
    expect(failures(await inspect([...scene.entries, longer]))).toEqual([
      `V3@${scene.entries.length} malformed`,
    ])
    const large = new Uint8Array(65_536)
    expect(failures(await inspect([...scene.entries, large]))).toEqual([
      `V3@${scene.entries.length} too-large`,
    ])
  })

  test('entries that the checkpoint does not sign', async () => {
    const checkpoint = checkpointOf(scene.entries.slice(0, -1))
    expect(failures(await inspect(scene.entries, { checkpoint }))).toEqual(['V1 entries-unsigned'])
  })

  test('a checkpoint that is none', async () => {
    expect(failures(await inspect(scene.entries, { checkpoint: '' }))).toEqual([
      'V1 checkpoint-unreadable',
      'V2 checkpoint-unreadable',
    ])
  })

  test('a policy that asks for somebody else', async () => {
    const stranger = verifierKeyOf({ ...LOG_KEY, secret: new Uint8Array(32) })
    const policy = parsePolicy(formatLogPolicy(stranger))
    expect(failures(await inspect(scene.entries, { policy }))).toEqual(['V2 policy-unsatisfied'])
  })

  test('every refusal is filed under a check', () => {
    expect(Object.keys(CHECK_OF).sort()).toEqual([...REFUSALS].sort())
    expect(Object.values(CHECK_OF).every((check) => CHECKS.includes(check))).toBe(true)
  })
})

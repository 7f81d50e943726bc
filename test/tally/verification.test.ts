// A verification that goes on while its record grows, and one that an earlier run has shortened. SPEC 11.
import { beforeAll, describe, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { parsePolicy } from '#ledger/policy.ts'
import type { Finding } from '#tally/verify/finding.ts'
import { formatJudged, type Judged, judgedIn, parseJudged } from '#tally/verify/judged.ts'
import { Verification } from '#tally/verify/verification.ts'
import { verify } from '#tally/verify/verify.ts'
import type { Answer, Port } from '#tally/worker.ts'
import { checkpointOf, POLICY, recordOf } from './record.ts'
import { contest, Scene } from './scene.ts'
import { attachmentsOf } from './setup.ts'
import { failures, flip, inlineWorker, inspect } from './verifying.ts'

const scene = new Scene()
const files = attachmentsOf('S')
let ballots: number[]
beforeAll(async () => {
  await scene.run([[[1n, 0n]], [[0n, 1n]], [[0n, 1n]]])
  ballots = ballotsOf(scene)
})

const ballotsOf = ({ entries }: Scene): number[] =>
  entries.flatMap((entry, index) => (isBallot(entry) ? [index] : []))

const isBallot = (entry: Uint8Array): boolean =>
  new TextDecoder('latin1').decode(entry.subarray(2, 8)) === 'ballot'

/** A proof worker that counts the proofs that it judges. */
function counting(): { port: Port; judged: () => number } {
  const port = inlineWorker()
  let count = 0
  return {
    judged: () => count,
    port: {
      ...port,
      listen: (receive) =>
        port.listen((answer: Answer) => {
          if ('verdicts' in answer) count += answer.verdicts.length
          receive(answer as never)
        }),
    },
  }
}

/** What this gives once nothing that it wants is away. */
async function untilBack<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      expect(String(error)).toContain('away')
    }
  }
}

async function* each(entries: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const entry of entries) yield await Promise.resolve(entry)
}

describe('as the record grows', () => {
  test('the findings at each size are those of a run over all of it, and no proof is judged twice', async () => {
    const { port, judged } = counting()
    const verification = new Verification(recordOf(scene.entries, files), [port])
    for (const size of [1, 7, (ballots[1] ?? 0) + 1, scene.entries.length - 1, scene.entries.length]) {
      const entries = scene.entries.slice(0, size)
      await verification.take(each(entries.slice(verification.size)))
      const record = { checkpoint: checkpointOf(entries), policy: POLICY }
      const grown = await verification.findings(record, { policy: parsePolicy(POLICY) })
      expect(grown).toEqual(await inspect(entries))
      expect(failures(grown)).toEqual([])
    }
    expect(judged()).toBe(ballots.length)
  })

  test('a server’s web app is asked for once for each entry that names one', async () => {
    const named = new Scene()
    named.prepare()
    const asked: string[] = []
    const fetchFile = (path: string) => Promise.resolve(void asked.push(path))
    const verification = new Verification(recordOf(named.entries, files), [inlineWorker()])
    for (const app of [1, 1, 2]) {
      if (app !== asked.length) named.act({ type: 'publish-application', files: sha256(Uint8Array.of(app)) })
      await verification.take(each(named.entries.slice(verification.size)))
      const record = { checkpoint: checkpointOf(named.entries), policy: POLICY }
      expect(failures(await verification.findings(record, { fetchFile }))).toEqual([
        `V17@${named.entries.length - 1} application-differs`,
      ])
      expect(asked).toHaveLength(app)
    }
  })

  test('what was found stays found', async () => {
    const [bad = 0] = ballots
    const entries = scene.entries.with(bad, flip(scene.entries[bad] ?? new Uint8Array(), 500))
    const verification = new Verification(recordOf(entries, files), [inlineWorker()])
    for (const size of [bad + 1, bad + 2]) {
      await verification.take(each(entries.slice(verification.size, size)))
      const found = await verification.findings({
        checkpoint: checkpointOf(entries.slice(0, size)),
        policy: POLICY,
      })
      expect(found.some(({ status, entry }) => status === 'failed' && entry === bad)).toBe(true)
    }
  })

  test('a source that tells an earlier entry differently is not believed', async () => {
    const lying = {
      ...recordOf(scene.entries, files),
      entry: () => Promise.resolve(scene.entries[0] ?? new Uint8Array()),
    }
    await expect(new Verification(lying, [inlineWorker()]).take(each(scene.entries))).rejects.toThrow(
      'no longer what it was',
    )
  })

  test('what could not be read for a while is read later, and nothing is left out', async () => {
    const image = Uint8Array.of(7)
    const picture = { hash: sha256(image), alt: { en: 'A seven' } }
    const options = ['a', 'b'].map((id) => ({ id, title: { en: id }, picture }))
    const shown = new Scene({ contests: [contest({ options })] })
    await shown.run([[[1n, 0n]], [[0n, 1n]]])
    const record = recordOf(shown.entries, [...files, image])
    const asked = new Set<string>()
    const wanted = (what: string) => {
      if (asked.size < asked.add(what).size) throw new Error(`away: ${what}`)
    }
    const source = {
      entry: (index: number) => (wanted(`entry ${index}`), record.entry(index)),
      attachment: (hash: string) => (wanted(hash), record.attachment(hash)),
    }
    const { port, judged } = counting()
    const verification = new Verification(source, [port])
    const findings = await untilBack(async () => {
      await verification.take(each(shown.entries.slice(verification.size)))
      return verification.findings(record, { policy: parsePolicy(POLICY) })
    })
    const read = [...files, image].map((file) => toHex(sha256(file)))
    expect([...asked].sort()).toEqual([...read, ...ballotsOf(shown).map((index) => `entry ${index}`)].sort())
    expect(judged()).toBe(2)
    expect(findings).toEqual(await inspect(shown.entries, { attachments: [...files, image] }))
  })

  test('it ends where it is told to', async () => {
    const ending = new AbortController()
    const verification = new Verification(recordOf(scene.entries, files), [inlineWorker()])
    const taking = verification.take(
      each(scene.entries),
      (index) => index === 3 && ending.abort(),
      ending.signal,
    )
    await expect(taking).rejects.toThrow('aborted')
    expect(verification.size).toBe(4)
  })
})

describe('after an earlier run', () => {
  /** How many proofs are judged anew, how often the record is read, and what is found. */
  async function again(entries: readonly Uint8Array[], judged: Judged | undefined) {
    const counter = counting()
    const record = recordOf(entries, files)
    let passes = 0
    const read = { ...record, entries: () => (passes++, record.entries()) }
    const findings = await verify(read, [counter.port], { judged })
    return { proofs: counter.judged(), passes, findings }
  }
  const remembered = (findings: readonly Finding[]) =>
    findings.find(({ code }) => code === 'proofs-remembered')?.fields

  test('only the proofs of what is new are judged, and the finding says so', async () => {
    const half = (ballots[1] ?? 0) + 1
    const first = scene.entries.slice(0, half)
    const judged = judgedIn(checkpointOf(first), await inspect(first))
    expect(judged?.size).toBe(half)
    const { proofs, passes, findings } = await again(scene.entries, judged)
    expect([proofs, passes]).toEqual([ballots.length - 2, 1])
    expect(failures(findings)).toEqual([])
    expect(remembered(findings)).toEqual({ entries: half })
  })

  test('a record with another beginning, or a shorter one, is judged whole', async () => {
    const judged = judgedIn(checkpointOf(scene.entries), await inspect(scene.entries))
    const [bad = 0] = ballots
    const altered = scene.entries.with(bad, flip(scene.entries[bad] ?? new Uint8Array(), 500))
    const shorter = scene.entries.slice(0, -1)
    for (const [entries, fails] of [
      [altered, true],
      [shorter, false],
    ] as const) {
      const whole = await again(entries, undefined)
      const { proofs, findings } = await again(entries, judged)
      expect([proofs, findings]).toEqual([whole.proofs, whole.findings])
      expect(failures(findings).length > 0).toBe(fails)
    }
    const invented = { size: scene.entries.length, root: sha256(Uint8Array.of(1)) }
    expect((await again(scene.entries, invented)).proofs).toBe(ballots.length)
  })

  test('what was left out and could not be read again at once is judged later', async () => {
    const { port, judged } = counting()
    const record = recordOf(scene.entries, files)
    let asked = 0
    const entry = (index: number) => {
      if (asked++ === 1) throw new Error('away')
      return record.entry(index)
    }
    const invented = { size: (ballots.at(-1) ?? 0) + 1, root: sha256(Uint8Array.of(1)) }
    const verification = new Verification({ ...record, entry }, [port], invented)
    await untilBack(() => verification.take(each(scene.entries.slice(verification.size))))
    expect(judged()).toBe(ballots.length)
    expect(failures(await verification.findings(record))).toEqual([])
  })

  test('a kept text tells this very program only', () => {
    const judged = { size: 7, root: sha256(Uint8Array.of(7)) }
    const text = formatJudged('this', judged)
    expect(parseJudged('this', text)).toEqual(judged)
    expect(parseJudged('another', text)).toBeUndefined()
    for (const other of ['', '{}', text.replace('7', '-7'), text.replace('"size"', '"more":1,"size"')])
      expect(parseJudged('this', other)).toBe('unreadable')
  })

  test('nothing is remembered of a run in which something failed', async () => {
    const [bad = 0] = ballots
    const altered = scene.entries.with(bad, flip(scene.entries[bad] ?? new Uint8Array(), 500))
    expect(judgedIn(checkpointOf(altered), await inspect(altered))).toBeUndefined()
  })
})

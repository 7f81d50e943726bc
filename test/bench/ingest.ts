// Casting over HTTP: proof check, durable commit, receipt. The load comes from a process of its own on this machine.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { fork } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { toHex } from '#crypto/encoding.ts'
import { openEmbedded } from '#ledger/engines/embedded.ts'
import type { Scene } from '../tally/scene.ts'
import { makeBallots, openElection } from './ballots.ts'
import { type Bench, percentile, rounded } from './bench.ts'
import type { Load, Loaded } from './ingest-load.ts'
import { serve } from './program.ts'

/** The name in the scene's genesis. */
const ORIGIN = 'example.org/comitia'
const LOAD = fileURLToPath(new URL('./ingest-load.ts', import.meta.url))
/** Requests under way in the sustained phase. */
const CONCURRENCY = 128
const SUSTAINED = 0.2
const RECOVERY = 0.05

export const ingest: Bench = {
  name: 'ingest',
  what: 'ballots a second over HTTP until the receipt; 3x overload and recovery; 10 options',
  async run(onProgress, { ballots = 3000 }) {
    onProgress(`an election and ${ballots} ballots`)
    const scene = openElection(10, ballots)
    const entries = await makeBallots(scene, ballots, onProgress)
    const folder = mkdtempSync(join(tmpdir(), 'comitia-bench-'))
    try {
      await prefill(folder, scene)
      onProgress('starting the server')
      const server = await serve(folder, ORIGIN)
      const load = (from: number, to: number, rate?: number): Promise<Loaded> =>
        generate({
          url: server.url,
          entries: entries.slice(Math.floor(from * ballots), Math.floor(to * ballots)),
          concurrency: CONCURRENCY,
          ...(rate !== undefined && { rate }),
        })
      try {
        onProgress(`sustained: ${CONCURRENCY} at once`)
        await load(0, RECOVERY)
        const sustained = summary(await load(RECOVERY, SUSTAINED))
        const rate = 3 * sustained.perSecond
        onProgress(`overload: ${Math.round(rate)} ballots a second`)
        const overload = await load(SUSTAINED, 1 - RECOVERY, rate)
        onProgress('after the overload')
        const after = summary(await load(1 - RECOVERY, 1))
        const accepted = summary(overload)
        const early = overload.answers.filter(({ status }) => status === 503).map(({ ms }) => ms)
        return {
          ballots,
          perSecond: rounded(sustained.perSecond),
          p50Ms: rounded(sustained.p50),
          p99Ms: rounded(sustained.p99),
          concurrency: CONCURRENCY,
          overloadOfferedPerSecond: rounded(rate),
          overloadAcceptedPerSecond: rounded(accepted.perSecond),
          overloadAcceptedP99Ms: rounded(accepted.p99),
          overload503: early.length,
          overload503P99Ms: early.length === 0 ? null : rounded(percentile(early, 0.99)),
          ...(early.length === 0 && {
            overload503P99MsBecause: 'the overload was too short to fill the queue; use more --ballots',
          }),
          otherAnswers: overload.answers.filter(({ status }) => status !== 201 && status !== 503).length,
          afterPerSecond: rounded(after.perSecond),
          afterP99Ms: rounded(after.p99),
        }
      } finally {
        await server.stop()
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

/** A data folder whose ledger holds the election up to its opening, signed by the operator that it names. */
async function prefill(folder: string, scene: Scene): Promise<void> {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'operator.key'), toHex(scene.operator), { mode: 0o600 })
  const ledger = await openEmbedded({ folder: join(folder, 'ledger'), origin: ORIGIN })
  await ledger.append(scene.entries)
  await ledger.close()
}

function summary({ answers, seconds }: Loaded): { perSecond: number; p50: number; p99: number } {
  const times = answers.filter(({ status }) => status === 201).map(({ ms }) => ms)
  if (times.length === 0) throw new Error('no ballot was accepted')
  return { perSecond: times.length / seconds, p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}

function generate(load: Load): Promise<Loaded> {
  return new Promise((resolve, reject) => {
    const child = fork(LOAD, { serialization: 'advanced' })
    child.once('message', (loaded) => resolve(loaded as Loaded))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the load generator ended with ${code ?? 'a signal'}`)))
    child.send(load)
  })
}

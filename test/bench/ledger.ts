// The embedded ledger (SPEC 7.5): durable commits, starting again, and the size of a ballot on it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ledger } from '#ledger/engine.ts'
import { openEmbedded } from '#ledger/engines/embedded.ts'
import { fold, makeBallots, openElection } from './ballots.ts'
import { type Bench, rounded, timed } from './bench.ts'

const ORIGIN = 'example.org/bench'
const RESTART_ENTRIES = 20_000
const MOST_PER_APPEND = 5000
/** Ten options take about this much. */
const ENTRY_BYTES = 1200

export const ledger: Bench = {
  name: 'ledger',
  what: 'durable commits a second, time to start again, bytes of a ballot with 10 options',
  async run(onProgress, { ballots = 256 }) {
    const folder = mkdtempSync(join(tmpdir(), 'comitia-bench-'))
    try {
      const log = await openEmbedded({ folder: join(folder, 'commits'), origin: ORIGIN })
      onProgress('commits, one after the other')
      const sequential = await commits(log, 1, 200)
      onProgress('commits by 64 at once')
      const by64 = await commits(log, 64, 4000)
      onProgress('commits by 256 at once')
      const by256 = await commits(log, 256, 8000)
      await log.close()

      onProgress(`a log of ${RESTART_ENTRIES} entries`)
      const restart = { folder: join(folder, 'restart'), origin: ORIGIN }
      const filled = await openEmbedded(restart)
      for (let at = 0; at < RESTART_ENTRIES; at += MOST_PER_APPEND) {
        await filled.append(Array.from({ length: MOST_PER_APPEND }, (_, i) => entry(at + i)))
      }
      await filled.close()
      onProgress('opening it again')
      const opening = await timed(() => openEmbedded(restart))
      await opening.result.close()

      onProgress(`an election and ${ballots} ballots, folded again`)
      const scene = openElection(10, ballots)
      const made = await makeBallots(scene, ballots, onProgress)
      const all = [...scene.entries, ...made]
      fold(all)
      const without = await timed(() => fold(scene.entries))
      const full = await timed(() => fold(all))
      const foldMs = Math.max(0, full.cpuMs - without.cpuMs) / ballots
      const openMs = opening.ms / RESTART_ENTRIES
      return {
        sequentialPerSecond: rounded(sequential),
        parallel64PerSecond: rounded(by64),
        parallel256PerSecond: rounded(by256),
        restartEntries: RESTART_ENTRIES,
        openSecondsPer100k: rounded(openMs * 100),
        foldSecondsPer100kBallots: rounded(foldMs * 100),
        restartSecondsPerMillionExtrapolated: rounded((openMs + foldMs) * 1000),
        ballotEntryBytes: made[0]?.length ?? null,
        ballots,
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

/** Entries a second with so many appends under way at any time, each of one entry. */
async function commits(log: Ledger, parallel: number, total: number): Promise<number> {
  let next = 0
  const appender = async (): Promise<void> => {
    while (next < total) await log.append([entry(next++)])
  }
  const { ms } = await timed(() => Promise.all(Array.from({ length: parallel }, appender)))
  return (total / ms) * 1000
}

/** Distinct entries of a ballot's size. */
function entry(number: number): Uint8Array {
  const bytes = crypto.getRandomValues(new Uint8Array(ENTRY_BYTES))
  new DataView(bytes.buffer).setUint32(0, number)
  return bytes
}

// `comitia verify` over an exported record (SPEC 11), from the start of the process to its end.
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeEntry } from '#protocol/entry.ts'
import { writeRecord } from '#tally/record.ts'
import { checkpointOf, POLICY } from '../tally/record.ts'
import type { Scene } from '../tally/scene.ts'
import { attachmentsOf } from '../tally/setup.ts'
import { makeBallots, openElection } from './ballots.ts'
import { type Bench, type OnProgress, rounded } from './bench.ts'
import { comitia, type Finished } from './program.ts'

/** What a record costs but for its ballots is taken off with one of so many; both are of elections still open, for
 *  otherwise the decoding of the tally would hide what the workers do meanwhile. */
const FEW = 20

export const record: Bench = {
  name: 'record',
  what: 'verifying an exported record with one worker and with all: seconds, memory, per ballot',
  async run(onProgress, { ballots = 1000 }) {
    const folder = mkdtempSync(join(tmpdir(), 'comitia-bench-'))
    try {
      const [tallied, few, many] = ['tallied', 'few', 'many'].map((name) => join(folder, `${name}.record`))
      if (tallied === undefined || few === undefined || many === undefined) throw new Error('no paths')
      onProgress(`elections of ${FEW} and ${ballots} ballots with 10 options`)
      const small = await cast(FEW, onProgress)
      await write(few, small)
      await small.close()
      small.tally()
      small.publish()
      await write(tallied, small)
      await write(many, await cast(ballots, onProgress))
      const threads = availableParallelism()
      const whole = await verifyFile(tallied, threads, onProgress)
      const least = await verifyFile(few, threads, onProgress)
      const one = await verifyFile(many, 1, onProgress)
      const all = threads === 1 ? one : await verifyFile(many, threads, onProgress)
      const perBallot = ({ seconds }: Finished) => ((seconds - least.seconds) * 1000) / (ballots - FEW)
      return {
        ballots,
        threads,
        seconds: rounded(all.seconds),
        fewBallots: FEW,
        fewBallotsSeconds: rounded(least.seconds),
        fewBallotsTalliedSeconds: rounded(whole.seconds),
        perBallotMs: rounded(perBallot(all)),
        oneThreadPerBallotMs: rounded(perBallot(one)),
        scaling: rounded(perBallot(one) / perBallot(all)),
        peakMegabytes: Math.max(all.peakMegabytes ?? 0, whole.peakMegabytes ?? 0) || null,
        secondsPer100kExtrapolated: rounded(whole.seconds + perBallot(all) * 100),
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

/** An open election with so many ballots. */
export async function cast(ballots: number, onProgress: OnProgress): Promise<Scene> {
  const scene = openElection(10, ballots)
  for (const bytes of await makeBallots(scene, ballots, onProgress)) {
    scene.offer(decodeEntry(bytes))
    scene.jobs.clear()
  }
  return scene
}

/** Writes the record as it stands. */
export function write(path: string, { entries }: Scene): Promise<void> {
  return writeFile(path, writeRecord(POLICY, checkpointOf(entries), each(entries), each(attachmentsOf('S'))))
}

/** The faster of two runs: their difference is to be told from noise. */
export async function verifyFile(path: string, threads: number, onProgress: OnProgress): Promise<Finished> {
  const run = (): Promise<Finished> => {
    onProgress(`comitia verify, ${threads} worker(s)`)
    return comitia(['verify', path, '--threads', String(threads), '--json'])
  }
  const [first, second] = [await run(), await run()]
  if (first.code !== 0) throw new Error(`the record does not verify:\n${first.stdout}`)
  return first.seconds < second.seconds ? first : second
}

async function* each(blobs: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  for (const blob of blobs) yield await Promise.resolve(blob)
}

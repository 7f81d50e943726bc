// `comitia verify` over an exported record (SPEC 11), from the start of the process to its end.
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeEntry } from '#protocol/entry.ts'
import { writeRecord } from '#tally/record.ts'
import { checkpointOf, POLICY } from '../tally/record.ts'
import { attachmentsOf } from '../tally/setup.ts'
import { makeBallots, openElection } from './ballots.ts'
import { type Bench, type OnProgress, rounded } from './bench.ts'
import { comitia, type Finished } from './program.ts'

/** What a record costs but for its ballots is taken off with one of so many. */
const FEW = 20

export const record: Bench = {
  name: 'record',
  what: 'verifying an exported record with one worker and with all: seconds, memory, per ballot',
  async run(onProgress, { ballots = 1000 }) {
    const folder = mkdtempSync(join(tmpdir(), 'comitia-bench-'))
    try {
      const [few, many] = [join(folder, 'few.record'), join(folder, 'many.record')]
      onProgress(`tallied elections of ${FEW} and ${ballots} ballots with 10 options`)
      await tallied(few, FEW, onProgress)
      await tallied(many, ballots, onProgress)
      const threads = availableParallelism()
      const least = await verifyFile(few, threads, onProgress)
      const one = await verifyFile(many, 1, onProgress)
      const all = threads === 1 ? one : await verifyFile(many, threads, onProgress)
      if (all.code !== 0) throw new Error(`the record does not verify:\n${all.stdout}`)
      const perBallot = ({ seconds }: Finished) => ((seconds - least.seconds) * 1000) / (ballots - FEW)
      return {
        ballots,
        threads,
        seconds: rounded(all.seconds),
        fewBallots: FEW,
        fewBallotsSeconds: rounded(least.seconds),
        perBallotMs: rounded(perBallot(all)),
        oneThreadPerBallotMs: rounded(perBallot(one)),
        scaling: rounded(perBallot(one) / perBallot(all)),
        peakMegabytes: all.peakMegabytes,
        secondsPer100kExtrapolated: rounded(least.seconds + perBallot(all) * 100),
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

/** Writes the record of an election from its founding to its result. */
async function tallied(path: string, ballots: number, onProgress: OnProgress): Promise<void> {
  const scene = openElection(10, ballots)
  for (const bytes of await makeBallots(scene, ballots, onProgress)) scene.offer(decodeEntry(bytes))
  await scene.close()
  scene.tally()
  scene.publish()
  const { entries } = scene
  await writeFile(path, writeRecord(POLICY, checkpointOf(entries), each(entries), each(attachmentsOf('S'))))
}

/** The faster of two runs: their difference is to be told from noise. */
async function verifyFile(path: string, threads: number, onProgress: OnProgress): Promise<Finished> {
  const run = (): Promise<Finished> => {
    onProgress(`comitia verify, ${threads} worker(s)`)
    return comitia(['verify', path, '--threads', String(threads), '--json'])
  }
  const [first, second] = [await run(), await run()]
  return first.seconds < second.seconds ? first : second
}

async function* each(blobs: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  for (const blob of blobs) yield await Promise.resolve(blob)
}

// The heavy work of a ceremony, one job in a process of its own: the server goes on answering meanwhile, whatever a hostile
// key does to snarkjs. That starts threads, which it cannot do within a thread.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { constants, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { addBeacon, CeremonyError, startCeremony, verifyCeremony } from '#circuits/build/ceremony.ts'
import { compile } from '#circuits/build/compile.ts'
import { releaseCurve } from '#circuits/curve.ts'
import { BEACON_ITERATIONS } from '#circuits/transcript.ts'
import { EncodingError } from '#crypto/encoding.ts'
import type { Answer, Job, Made } from './job.ts'

async function work({ circuit, powers, ...job }: Job): Promise<Made> {
  const folder = await mkdtemp(join(tmpdir(), 'comitia-ceremony-'))
  const [given, made] = [join(folder, 'given'), join(folder, 'made')]
  try {
    const compiled = await compile(circuit)
    if (job.kind === 'begin') {
      const { phase1 } = await startCeremony(compiled, made, { powers })
      return { phase1, zkey: await readFile(made), contributions: [] }
    }
    await writeFile(given, job.zkey)
    if (job.kind === 'end') await addBeacon(given, made, job.value, BEACON_ITERATIONS.least)
    const result = job.kind === 'end' ? made : given
    const { phase1, problems, contributions } = await verifyCeremony(result, compiled, { powers })
    if (problems.length > 0) throw new CeremonyError(problems.join('; '))
    return { phase1, zkey: await readFile(result), contributions }
  } finally {
    await rm(folder, { recursive: true, force: true })
    await releaseCurve()
  }
}

async function answerTo(job: Job): Promise<Answer> {
  try {
    return { made: await work(job) }
  } catch (error) {
    // Of files that somebody gave.
    if (error instanceof CeremonyError || error instanceof EncodingError) return { refused: error.message }
    throw error
  }
}

setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
// Nobody waits for it any more.
process.once('disconnect', () => process.exit())
process.once('message', (job: Job) => {
  void answerTo(job).then((answer) => process.send?.(answer))
})

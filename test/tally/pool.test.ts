// SPEC 3.2, 3.3: proof workers as real threads. Every ballot is judged, in order, or nobody says that it was.
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProofWorkers } from '#cli/proof-workers.ts'
import { toHex } from '#crypto/encoding.ts'
import type { BallotJob } from '#tally/ballots.ts'
import { proofEngine } from '#tally/pool.ts'
import type { Answer, Port } from '#tally/worker.ts'
import { Scene } from './scene.ts'
import { developmentSetup } from './setup.ts'
import { flip, inlineWorker } from './verifying.ts'

const COUNT = 600
const scene = new Scene({ guardians: 1, weights: [1n, 1n] })
const workers = startProofWorkers(2)
const { verificationKey } = developmentSetup('S')
const keyFile = () => Promise.resolve(verificationKey)
let jobs: BallotJob[]

beforeAll(() => {
  scene.prepare()
  scene.keygen()
  scene.open()
  for (let i = 0; i < 30; i++) scene.cast(i % 2, [1n, 0n])
  const distinct = [...scene.jobs.values()]
  jobs = Array.from({ length: COUNT }, (_, i) => distinct[i % distinct.length] as BallotJob)
})
afterAll(() => workers.stop())

const bad = (job: BallotJob): BallotJob => {
  const { ballot } = job
  return {
    ...job,
    ballot: { ...ballot, envelope: { ...ballot.envelope, proof: flip(ballot.envelope.proof, 200) } },
  }
}

describe('threads', () => {
  test.each([[[]], [[0]], [[417]], [[599]], [[3, 255, 299, 300, 598]]])(
    'of 600 ballots exactly %j are bad',
    async (places) => {
      const altered = jobs.map((job, i) => (places.includes(i) ? bad(job) : job))
      const verdicts = await proofEngine(workers.ports, keyFile).check(altered)
      expect(verdicts).toHaveLength(COUNT)
      expect(verdicts.flatMap((good, i) => (good ? [] : [i]))).toEqual(places)
    },
  )

  test('no ballots, no verdicts', async () => {
    expect(await proofEngine(workers.ports, keyFile).check([])).toEqual([])
  })

  test('batches asked for at once each get their own verdicts', async () => {
    const engine = proofEngine(workers.ports, keyFile)
    const asked = [0, 1, 2, 3, 4].map((k) =>
      engine.check(jobs.slice(0, 6).map((job, i) => (i === k ? bad(job) : job))),
    )
    const answers = await Promise.all(asked)
    answers.forEach((verdicts, k) => expect(verdicts.indexOf(false)).toBe(k))
    expect(answers.flat().filter((good) => !good)).toHaveLength(5)
  })

  test('a thread that fails or ends while it judges is an error, not a yes and not a wait for ever', async () => {
    const failing = new Worker('throw new Error("out of memory")', { eval: true })
    const port: Port = {
      post: () => undefined,
      listen: () => undefined,
      fail: (report) => void failing.on('error', report),
    }
    await expect(proofEngine([port], keyFile).check(jobs.slice(0, 2))).rejects.toThrow('out of memory')

    const mortal = startProofWorkers(1)
    const engine = proofEngine(mortal.ports, keyFile)
    expect(await engine.check(jobs.slice(0, 2))).toEqual([true, true])
    const ended = expect(engine.check(jobs)).rejects.toThrow('a proof worker has ended')
    await mortal.stop()
    await ended
    await expect(engine.check(jobs.slice(0, 2))).rejects.toThrow('a proof worker has ended')
  })
})

describe('the key', () => {
  test('that is missing ends the check', async () => {
    const engine = proofEngine(workers.ports, () => Promise.reject(new Error('no attachment')))
    await expect(engine.check(jobs.slice(0, 1))).rejects.toThrow('no attachment')
  })

  test('that is unsound is never used: gamma = delta', async () => {
    const forged = JSON.parse(verificationKey) as Record<string, unknown>
    const unsound = JSON.stringify({ ...forged, vk_delta_2: forged['vk_gamma_2'] })
    const other = jobs.slice(0, 1).map((job) => ({ ...job, verificationKey: '00'.repeat(32) }))
    const engine = proofEngine(workers.ports, () => Promise.resolve(unsound))
    await expect(engine.check(other)).rejects.toThrow('unknown or unsound')
  })

  test('of each ballot is asked for under the hash that the opening names', async () => {
    const asked: string[] = []
    const engine = proofEngine([inlineWorker()], (hash) => {
      asked.push(hash)
      return keyFile()
    })
    expect(await engine.check(jobs.slice(0, 1))).toEqual([true])
    expect(asked).toEqual([toHex(developmentSetup('S').setup.verificationKey)])
  })
})

test('a worker that judges fewer ballots than it was given is an error', async () => {
  let receive: (answer: never) => void = () => undefined
  const lazy: Port = {
    post: (message) => {
      const { kind, id } = message as { kind: string; id: number }
      if (kind === 'check') receive({ id, verdicts: [true] } satisfies Answer as never)
    },
    listen: (listener) => void (receive = listener),
    fail: () => undefined,
  }
  await expect(proofEngine([lazy], keyFile).check(jobs.slice(0, 2))).rejects.toThrow(
    'did not judge everything',
  )
})

test('without workers nothing is judged', async () => {
  await expect(proofEngine([], keyFile).check(jobs.slice(0, 1))).rejects.toThrow()
})

// Micro-batches before the proof workers: large under load, every ballot judged once, and a dead worker said so.
import { expect, test } from 'vitest'
import { ProofFailure, Proofs } from '#server/proofs.ts'
import type { BallotJob } from '#tally/ballots.ts'
import { proofEngine } from '#tally/pool.ts'
import type { Port } from '#tally/worker.ts'

/** Jobs that are told apart by their id; what is in them does not matter here. */
const job = (id: number) => ({ id: String(id) }) as BallotJob

test('each ballot gets its own verdict, and batches grow while the workers are busy', async () => {
  const sizes: number[] = []
  const proofs = new Proofs({
    async check(jobs) {
      sizes.push(jobs.length)
      await new Promise((resolve) => setTimeout(resolve, 5))
      return jobs.map(({ id }) => Number(id) % 3 !== 0)
    },
  })
  const verdicts = await Promise.all(Array.from({ length: 2000 }, (_, i) => proofs.check(job(i))))
  expect(verdicts).toEqual(Array.from({ length: 2000 }, (_, i) => i % 3 !== 0))
  expect(Math.max(...sizes)).toBe(512)
  expect(sizes.length).toBeLessThan(8)
})

test('what the workers do not answer is not taken for a yes', async () => {
  const silent = new Proofs({ check: () => Promise.resolve([]) })
  expect(await silent.check(job(1))).toBe(false)
  const broken = new Proofs({ check: () => Promise.reject(new Error('out of memory')) })
  await expect(broken.check(job(1))).rejects.toThrow(ProofFailure)
})

test('after a worker has died nobody waits for it', async () => {
  let die: (error: Error) => void = () => undefined
  const port: Port = { post: () => undefined, listen: () => undefined, fail: (report) => void (die = report) }
  const context = { election: new Uint8Array(32), contest: 0 }
  const sent = { ...job(1), context, verificationKey: 'ab' } as BallotJob
  const engine = proofEngine([port], () => Promise.resolve('{}'))
  const waiting = engine.check([sent])
  const outcome = expect(waiting).rejects.toThrow('gone')
  await new Promise((resolve) => setImmediate(resolve))
  die(new Error('gone'))
  await outcome
  await expect(engine.check([sent])).rejects.toThrow('gone')
})

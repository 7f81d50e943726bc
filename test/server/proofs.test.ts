// Micro-batches before the proof workers: large under load, every ballot judged once, and a dead worker said so.
import { expect, test } from 'vitest'
import { Busy } from '#ledger/engine.ts'
import { ProofFailure, Proofs } from '#server/proofs.ts'
import type { BallotJob } from '#tally/ballots.ts'
import { proofEngine } from '#tally/pool.ts'
import type { Port } from '#tally/worker.ts'

/** Jobs that are told apart by their id; what is in them does not matter here. */
const job = (id: number) => ({ id: String(id) }) as BallotJob

const clock = () => 0

/** An engine for which every third ballot is bad, and the batches it was given. */
function engine() {
  const batches: string[][] = []
  return {
    batches,
    async check(jobs: readonly BallotJob[]) {
      batches.push(jobs.map(({ id }) => id))
      await new Promise((resolve) => setImmediate(resolve))
      return jobs.map(({ id }) => Number(id) % 3 !== 0)
    },
  }
}

test('each ballot gets its own verdict, and batches grow while the workers are busy', async () => {
  const workers = engine()
  const proofs = new Proofs(workers, clock)
  const verdicts = await Promise.all(
    Array.from({ length: 2000 }, (_, i) => proofs.check(job(i), `source ${i}`)),
  )
  expect(verdicts).toEqual(Array.from({ length: 2000 }, (_, i) => i % 3 !== 0))
  const sizes = workers.batches.map((batch) => batch.length)
  expect(Math.max(...sizes)).toBe(512)
  expect(sizes.length).toBeLessThan(8)
})

test('sources take turns', async () => {
  const workers = engine()
  const proofs = new Proofs(workers, clock)
  const many = Array.from({ length: 2000 }, (_, i) => proofs.check(job(3 * i + 1), 'many'))
  const few = [2, 5, 8].map((id) => proofs.check(job(id), 'few'))
  await Promise.all([...many, ...few])
  // Two batches were on their way before the few came.
  expect(workers.batches[2]?.slice(0, 6).filter((id) => Number(id) % 3 === 2)).toEqual(['2', '5', '8'])
})

test('who has sent a bad proof of late is judged singly, a little at a time, and nobody else is', async () => {
  const workers = engine()
  let now = 0
  const proofs = new Proofs(workers, () => now)
  const bad = Array.from({ length: 1024 + 40 }, (_, i) => proofs.check(job(3 * i), 'bad'))
  const good = Array.from({ length: 20 }, (_, i) => proofs.check(job(3 * i + 1), 'good'))
  const outcomes = await Promise.allSettled(bad)
  expect(await Promise.all(good)).toEqual(good.map(() => true))
  const refused = outcomes.filter(({ status }) => status === 'rejected')
  // Of those who still waited when the first verdicts came, one was judged at once and 16 might wait.
  expect(refused).toHaveLength(23)
  for (const outcome of refused) expect(outcome).toMatchObject({ reason: expect.any(Busy) as Busy })
  expect(workers.batches.filter((batch) => batch.length === 1)).toHaveLength(17)
  workers.batches.length = 0
  expect(await Promise.all([1, 4].map((id) => proofs.check(job(id), 'bad')))).toEqual([true, true])
  expect(workers.batches).toEqual([['1'], ['4']])
  now += 24 * 3_600_000
  workers.batches.length = 0
  expect(await Promise.all([1, 4].map((id) => proofs.check(job(id), 'bad')))).toEqual([true, true])
  expect(workers.batches).toEqual([['1', '4']])
})

test('what the workers do not answer is not taken for a yes', async () => {
  const silent = new Proofs({ check: () => Promise.resolve([]) }, clock)
  expect(await silent.check(job(1), 'here')).toBe(false)
  const broken = new Proofs({ check: () => Promise.reject(new Error('out of memory')) }, clock)
  await expect(broken.check(job(1), 'here')).rejects.toThrow(ProofFailure)
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

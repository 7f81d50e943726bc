// Ballots on their way to the proof workers: never more than a window of them, and each of them judged.
import { expect, test } from 'vitest'
import type { BallotJob } from '#tally/ballots.ts'
import type { Finding } from '#tally/verify/finding.ts'
import { ProofQueue } from '#tally/verify/proof-queue.ts'
import { KeyRing } from '#tally/verify/setup.ts'
import { toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { attachmentsOf } from './setup.ts'

const [file = new Uint8Array()] = attachmentsOf('S')
const verificationKey = toHex(sha256(file))
const keys = new KeyRing({ attachment: () => Promise.resolve(file) })
const jobOf = (n: number) => ({ id: `${n}`, verificationKey }) as unknown as BallotJob

/** An engine of rounds of four whose answers the test gives. */
function heldEngine() {
  const asked: { readonly ids: string[]; answer: (verdicts: boolean[] | Error) => void }[] = []
  return {
    asked,
    engine: {
      round: 4,
      check: (jobs: readonly BallotJob[]) =>
        new Promise<boolean[]>((resolve, reject) => {
          const answer = (verdicts: boolean[] | Error) =>
            verdicts instanceof Error ? reject(verdicts) : resolve(verdicts)
          asked.push({ ids: jobs.map(({ id }) => id), answer })
        }),
    },
  }
}

test('while nothing is judged no more than a window of ballots is taken', async () => {
  const { asked, engine } = heldEngine()
  const queue = new ProofQueue(engine, keys, [])
  let taken = 0
  const taking = (async () => {
    for (; taken < 40; taken++) await queue.add(taken, jobOf(taken))
    await queue.finish()
  })()
  for (let answered = 0; answered < 10; answered++) {
    await expect.poll(() => asked.length).toBeGreaterThan(answered)
    expect(taken).toBeLessThanOrEqual(4 * (answered + 2))
    asked[answered]?.answer([true, true, true, true])
  }
  await taking
  expect(asked.flatMap(({ ids }) => ids)).toEqual(Array.from({ length: 40 }, (_, i) => `${i}`))
})

test('what workers could not judge is said at once, and judged with what comes next', async () => {
  const { asked, engine } = heldEngine()
  const findings: Finding[] = []
  const queue = new ProofQueue(engine, keys, findings)
  for (const n of [0, 1, 2, 3]) await queue.add(n, jobOf(n))
  await expect.poll(() => asked.length).toBe(1)
  asked[0]?.answer(new Error('gone'))
  await expect(queue.finish()).rejects.toThrow('gone')
  const again = queue.finish()
  await expect.poll(() => asked.length).toBe(2)
  expect(asked[1]?.ids).toEqual(['0', '1', '2', '3'])
  asked[1]?.answer([true, true, false, true])
  await again
  expect(findings.map(({ check, status, entry }) => [check, status, entry])).toEqual([['V8', 'failed', 2]])
})

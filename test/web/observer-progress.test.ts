// How far a verification is, while entries are read ahead of the proofs, and how fast it goes.
import { describe, expect, test } from 'vitest'
import { verify } from '#tally/verify/verify.ts'
import { Pace, type Progress, Watch } from '#web/observer/progress.ts'
import { recordOf } from '../tally/record.ts'
import { Scene } from '../tally/scene.ts'
import { attachmentsOf } from '../tally/setup.ts'
import { inlineWorker } from '../tally/verifying.ts'

test('counts a ballot as done once its proof was judged, and never goes back', async () => {
  const scene = new Scene()
  await scene.run([[[1n, 0n]], [[0n, 1n]], [[0n, 1n]]])
  const told: Progress[] = []
  const watch = new Watch(scene.entries.length, (progress) => told.push(progress))
  const record = watch.record(recordOf(scene.entries, attachmentsOf('S')))
  const readAll: Progress[] = []
  const onProgress = (done: number, total: number): void => {
    if (done === total) readAll.push(watch.progress)
  }
  await verify(record, [watch.port(inlineWorker())], { onProgress })
  expect(watch.progress).toEqual({ done: scene.entries.length, total: scene.entries.length, ballots: 3 })
  expect(readAll.at(-1)?.ballots).toBe(3)
  expect(told.length).toBeGreaterThan(0)
  told.reduce((before, now) => {
    expect(now.done).toBeGreaterThanOrEqual(before.done)
    return now
  })
})

test('a ballot that is read and not yet judged is not done', async () => {
  const scene = new Scene()
  await scene.run([[[1n, 0n]], [[0n, 1n]], [[0n, 1n]]])
  const watch = new Watch(scene.entries.length, () => undefined)
  for await (const entry of watch.record(recordOf(scene.entries, [])).entries()) expect(entry).toBeDefined()
  expect(watch.progress).toEqual({
    done: scene.entries.length - 3,
    total: scene.entries.length,
    ballots: 0,
  })
})

describe('pace', () => {
  const at = (done: number, ballots: number): Progress => ({ done, total: 1000, ballots })

  test('is unknown until a second has passed', () => {
    const pace = new Pace()
    pace.add(0, at(0, 0))
    pace.add(999, at(50, 40))
    expect([pace.ballotsPerSecond, pace.secondsLeft]).toEqual([undefined, undefined])
  })

  test('is that of the last seconds, not of the whole run', () => {
    const pace = new Pace()
    pace.add(0, at(0, 0))
    pace.add(20_000, at(100, 0))
    pace.add(25_000, at(600, 400))
    expect(pace.ballotsPerSecond).toBe(80)
    expect(pace.secondsLeft).toBe(4)
  })

  test('says nothing of the time left while nothing is done', () => {
    const pace = new Pace()
    pace.add(0, at(10, 0))
    pace.add(2000, at(10, 0))
    expect(pace.secondsLeft).toBeUndefined()
  })
})

// SPEC 7.5: group commit, with a disk that the test plays.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Busy } from '#ledger/engine.ts'
import { Batches, type Written } from '#ledger/engines/batches.ts'

interface Write {
  readonly entries: readonly Uint8Array[]
  readonly finish: () => void
  readonly fail: (error: Error) => void
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function play(): { batches: Batches; writes: Write[] } {
  const writes: Write[] = []
  let size = 0
  const batches = new Batches((entries) => {
    size += entries.length
    const written = { size, checkpoint: `of ${size}` }
    const { promise, resolve, reject } = Promise.withResolvers<Written>()
    writes.push({ entries, finish: () => resolve(written), fail: reject })
    return promise
  })
  return { batches, writes }
}

function some(length: number): Uint8Array[] {
  return Array.from({ length }, (_, i) => Uint8Array.of(i & 255))
}

describe('SPEC 7.5 when a batch goes', () => {
  it('4 ms after its first entry', async () => {
    const { batches, writes } = play()
    const appended = batches.add(some(1))
    await vi.advanceTimersByTimeAsync(3)
    void batches.add(some(2))
    expect(writes).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(writes.map(({ entries }) => entries.length)).toEqual([3])
    writes[0]?.finish()
    expect(await appended).toEqual({ first: 0, size: 3, checkpoint: 'of 3' })
  })

  it('at once with 256 entries; whole calls only', async () => {
    const { batches, writes } = play()
    void batches.add(some(255))
    expect(writes).toHaveLength(0)
    void batches.add(some(100))
    expect(writes.map(({ entries }) => entries.length)).toEqual([355])
    void batches.add(some(200))
    void batches.add(some(200))
    const last = batches.add(some(1))
    await vi.advanceTimersByTimeAsync(100)
    // One at a time: the next gathers while the first is being written.
    expect(writes).toHaveLength(1)
    writes[0]?.finish()
    await vi.advanceTimersByTimeAsync(0)
    expect(writes.map(({ entries }) => entries.length)).toEqual([355, 400])
    writes[1]?.finish()
    await vi.advanceTimersByTimeAsync(0)
    // The last has waited long enough already.
    expect(writes.map(({ entries }) => entries.length)).toEqual([355, 400, 1])
    writes[2]?.finish()
    expect(await last).toEqual({ first: 755, size: 756, checkpoint: 'of 756' })
  })

  it('when finishing', async () => {
    const { batches, writes } = play()
    const appended = batches.add(some(1))
    const finished = batches.finish()
    expect(writes).toHaveLength(1)
    writes[0]?.finish()
    await finished
    expect((await appended).size).toBe(1)
    await batches.finish()
  })
})

describe('SPEC 7.5 limits', () => {
  it('counts what waits and what is being written: 5,000 entries', async () => {
    const { batches, writes } = play()
    void batches.add(some(3_000))
    void batches.add(some(2_000))
    await expect(batches.add(some(1))).rejects.toBeInstanceOf(Busy)
    writes[0]?.finish()
    await vi.advanceTimersByTimeAsync(0)
    void batches.add(some(3_000))
    await expect(batches.add(some(1))).rejects.toBeInstanceOf(Busy)
    expect(writes.map(({ entries }) => entries.length)).toEqual([3_000, 2_000])
  })

  it('a failed write fails every call of its batch, in no other way than it failed', async () => {
    const { batches, writes } = play()
    const calls = [batches.add(some(1)), batches.add(some(1))]
    await vi.advanceTimersByTimeAsync(4)
    const failure = new Error('the disk')
    writes[0]?.fail(failure)
    for (const call of calls) await expect(call).rejects.toBe(failure)
  })
})

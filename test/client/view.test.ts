// A view follows the ledger by bundles, holds it to what was signed, and once it has taken in something else is of no more
// use, whatever comes afterwards (SPEC 7.5).
import { expect, test } from 'vitest'
import { Unusable } from '#client/failure.ts'
import { type EntrySource, View } from '#client/view.ts'
import { parsePolicy } from '#ledger/policy.ts'
import { encodeEntry } from '#protocol/entry.ts'
import { Refusal } from '#protocol/refusal.ts'
import { checkpointOf, POLICY, recordOf } from '../tally/record.ts'
import { Scene } from '../tally/scene.ts'

const policy = parsePolicy(POLICY)

/** A server over these entries, which a test can make lie or fall silent. */
class Source implements EntrySource {
  entriesShown: readonly Uint8Array[]
  signed: string
  /** Entries after which the connection is lost. */
  breaksAfter = Infinity
  /** First and last of each request. */
  readonly asked: [number, number][] = []

  constructor(entries: readonly Uint8Array[]) {
    this.entriesShown = entries
    this.signed = checkpointOf(entries)
  }

  show(entries: readonly Uint8Array[], signed = checkpointOf(entries)): void {
    this.entriesShown = [...entries]
    this.signed = signed
  }

  checkpoint(): Promise<string> {
    return Promise.resolve(this.signed)
  }

  async *entries(from: number, to: number): AsyncGenerator<Uint8Array> {
    this.asked.push([from, to])
    for (let at = from; at < to; at++) {
      if (this.breaksAfter-- === 0) throw new Unusable('unreachable', { server: 'x', detail: 'cut' })
      yield await Promise.resolve(this.entriesShown[at] ?? new Uint8Array())
    }
  }
}

/** A scene with three ballots, and a view of it as it was when it opened. */
async function watched() {
  const scene = new Scene({ guardians: 1 })
  scene.prepare()
  scene.keygen()
  scene.open()
  const source = new Source([...scene.entries])
  const view = await View.of(recordOf(scene.entries, []), policy)
  scene.cast(0, [1n, 0n])
  scene.cast(1, [0n, 1n])
  scene.cast(0, [0n, 1n])
  return { scene, source, view }
}

const time = (scene: Scene) => encodeEntry(['time', scene.state.time + 1])

test('it follows to the same state as a whole record, aggregates of a closed election included', async () => {
  const { scene, source, view } = await watched()
  const before = view.state.size
  source.show(scene.entries)
  await view.follow(source)
  expect(source.asked).toEqual([[before, scene.entries.length]])
  await scene.close()
  source.show(scene.entries)
  await view.follow(source)
  expect(view.checkpoint).toBe(source.signed)
  const whole = await View.of(recordOf(scene.entries, []), policy)
  expect(view.state).toEqual(whole.state)
  expect([...view.state.opened.values()][0]?.contests[0]?.aggregate).toHaveLength(1)
})

test('calls at the same time do not take an entry twice', async () => {
  const { scene, source, view } = await watched()
  source.show(scene.entries)
  await Promise.all([view.follow(source), view.follow(source), view.follow(source)])
  expect(view.state.size).toBe(scene.entries.length)
})

test('a checkpoint that the policy does not believe changes nothing', async () => {
  const { scene, source, view } = await watched()
  const [before, size] = [view.checkpoint, view.state.size]
  source.show(scene.entries, checkpointOf(scene.entries).replace(/.{8}=\n$/, 'AAAAAAAA=\n'))
  await expect(view.follow(source)).rejects.toMatchObject({ code: 'checkpoint-unsigned' })
  expect([view.checkpoint, view.state.size]).toEqual([before, size])
  source.show(scene.entries)
  await view.follow(source)
  expect(view.state.size).toBe(scene.entries.length)
})

test('entries other than those signed are refused, and so is everything afterwards', async () => {
  const { scene, source, view } = await watched()
  const honest = [...scene.entries]
  // An entry that the gate lets through and that nobody signed.
  source.show([...honest.slice(0, -1), time(scene)], checkpointOf(honest))
  await expect(view.follow(source)).rejects.toMatchObject({ code: 'entries-differ' })
  source.show(honest)
  await expect(view.follow(source)).rejects.toMatchObject({ code: 'entries-differ' })
})

test('an entry that the gate refuses ends the view too, though it was signed', async () => {
  const { scene, source, view } = await watched()
  const last = scene.entries.at(-1) ?? new Uint8Array()
  source.show([...scene.entries, last])
  await expect(view.follow(source)).rejects.toBeInstanceOf(Refusal)
  source.show(scene.entries)
  await expect(view.follow(source)).rejects.toBeInstanceOf(Refusal)
})

test('after a lost connection it goes on, but an older checkpoint does not vouch for what came meanwhile', async () => {
  const { scene, source, view } = await watched()
  const [before, size] = [view.checkpoint, view.state.size]
  // One entry arrives that nobody has signed, then the connection is lost.
  source.show([...scene.entries.slice(0, size), time(scene), ...scene.entries.slice(size)])
  source.breaksAfter = 1
  await expect(view.follow(source)).rejects.toMatchObject({ code: 'unreachable' })
  expect(view.checkpoint).toBe(before)
  source.breaksAfter = Infinity
  source.show(scene.entries.slice(0, size))
  await expect(view.follow(source)).rejects.toMatchObject({ code: 'checkpoint-older' })
  source.show(scene.entries)
  await expect(view.follow(source)).rejects.toThrow()
  expect(view.checkpoint).toBe(before)

  const again = await watched()
  again.source.show(again.scene.entries)
  again.source.breaksAfter = 2
  await expect(again.view.follow(again.source)).rejects.toMatchObject({ code: 'unreachable' })
  again.source.breaksAfter = Infinity
  await again.view.follow(again.source)
  expect(again.view.state.size).toBe(again.scene.entries.length)
})

test('an older checkpoint of the same ledger changes nothing', async () => {
  const { scene, source, view } = await watched()
  source.show(scene.entries)
  await view.follow(source)
  const newest = view.checkpoint
  source.show(scene.entries.slice(0, -1))
  await view.follow(source)
  expect(view.checkpoint).toBe(newest)
})

test('ballots read again at closing must be the ones that were folded', async () => {
  const { scene, source, view } = await watched()
  source.show(scene.entries)
  await view.follow(source)
  const size = scene.entries.length
  await scene.close()
  const lie = [...scene.entries]
  ;[lie[size - 2], lie[size - 1]] = [lie[size - 1] ?? new Uint8Array(), lie[size - 2] ?? new Uint8Array()]
  source.show(lie, checkpointOf(scene.entries))
  await expect(view.follow(source)).rejects.toMatchObject({ code: 'entries-differ' })
})

test('a connection lost while ballots are read at closing is made up for', async () => {
  const { scene, source, view } = await watched()
  source.show(scene.entries)
  await view.follow(source)
  await scene.close()
  source.show(scene.entries)
  source.breaksAfter = 2
  await expect(view.follow(source)).rejects.toMatchObject({ code: 'unreachable' })
  source.breaksAfter = Infinity
  await view.follow(source)
  const [mine] = [...view.state.opened.values()]
  expect(mine?.contests[0]?.aggregate).toEqual(scene.contestState().aggregate)
})

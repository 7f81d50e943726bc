// Earlier entries read by the bundle, from a ledger that grows meanwhile.
import { expect, test } from 'vitest'
import { earlier } from '#client/earlier.ts'

test('a bundle is read once, and again once the ledger has more of it', async () => {
  let size = 300
  const asked: (readonly [number, number])[] = []
  const read = earlier(
    {
      async *entries(from, to) {
        asked.push([from, to])
        for (let i = from; i < to; i++) yield await Promise.resolve(Uint8Array.of(i >> 8, i))
      },
    },
    () => size,
  )
  const wanted = async (indices: readonly number[]) => {
    for (const i of indices) expect(await read(i)).toEqual(Uint8Array.of(i >> 8, i))
  }
  await wanted([0, 3, 255, 256, 299])
  expect(asked).toEqual([
    [0, 256],
    [256, 300],
  ])
  size = 400
  await wanted([299, 350, 399])
  expect(asked.slice(2)).toEqual([[256, 400]])
  await wanted([7])
  expect(asked.slice(3)).toEqual([[0, 256]])
})

test('an entry that the source leaves out is empty', async () => {
  const read = earlier({ async *entries() {} }, () => 10)
  expect(await read(3)).toEqual(new Uint8Array())
})

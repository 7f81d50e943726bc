// Proofs made from tiles are the proofs that the whole tree gives, and need few tiles.
import { beforeAll, describe, expect, test } from 'vitest'
import { EncodingError } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { proveConsistency, proveInclusion } from '#ledger/merkle.ts'
import { encodeHashTile, parseTilePath } from '#ledger/tile.ts'
import { readTiles } from '#ledger/tile-reader.ts'
import { Tree } from '#ledger/tree.ts'

const SIZE = 70_000
const tree = new Tree()
const fetched: string[] = []

beforeAll(() => {
  for (let i = 0; i < SIZE; i++) tree.append(sha256(Uint8Array.of(i >> 16, i >> 8, i)))
})

/** Tiles of a log of `size` entries, which is a beginning of the tree. */
function tile(path: string): Promise<Uint8Array> {
  fetched.push(path)
  const { level, index, width } = parseTilePath(path)
  if (level === 'entries') throw new Error('no hashes there')
  return Promise.resolve(encodeHashTile(level, index, width, tree.read))
}

describe.each([1, 2, 255, 256, 257, 511, 65_535, 65_536, 65_537, SIZE])('a log of %i entries', (size) => {
  const some = [0, 1, 254, 255, 256, 300, 65_535, 65_536, size - 1].filter((i) => i < size)

  test.each(some)('inclusion of entry %i', async (index) => {
    fetched.length = 0
    const path = await readTiles(size, tile, (read) => proveInclusion(index, size, read))
    expect(path).toEqual(proveInclusion(index, size, tree.read))
    expect(fetched.length).toBeLessThanOrEqual(6)
    expect(new Set(fetched).size).toBe(fetched.length)
  })

  test.each(some)('consistency with the log of %i', async (from) => {
    const proof = await readTiles(size, tile, (read) => proveConsistency(from, size, read))
    expect(proof).toEqual(proveConsistency(from, size, tree.read))
  })
})

test('refuses a tile that is cut, and passes on what the user of the hashes throws', async () => {
  const cut = async (path: string) => (await tile(path)).slice(32)
  const prove = (read: Parameters<typeof proveInclusion>[2]) => proveInclusion(3, 300, read)
  await expect(readTiles(300, cut, prove)).rejects.toThrow(EncodingError)
  await expect(
    readTiles(300, tile, (read) => {
      prove(read)
      throw new RangeError('own')
    }),
  ).rejects.toThrow(RangeError)
})

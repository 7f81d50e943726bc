// SPEC 7.5: tiles and entry bundles, by the examples of c2sp.org/tlog-tiles.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, EncodingError, toHex } from '#crypto/encoding.ts'
import { leafHash, treeRoot } from '#ledger/merkle.ts'
import {
  decodeEntryBundle,
  encodeEntryBundle,
  encodeHashTile,
  formatTilePath,
  parseTilePath,
  tileWidth,
} from '#ledger/tile.ts'
import { Tree } from '#ledger/tree.ts'

describe('SPEC 7.5 paths of tiles', () => {
  it.each([
    ['tile/0/000', 0, 0, 256],
    ['tile/0/x001/x234/067', 0, 1234067, 256],
    ['tile/3/x123/456.p/7', 3, 123456, 7],
    ['tile/63/999', 63, 999, 256],
    ['tile/entries/x273/000.p/112', 'entries', 273000, 112],
  ] as const)('%s', (path, level, index, width) => {
    expect(parseTilePath(path)).toEqual({ level, index, width })
    expect(formatTilePath({ level, index, width })).toBe(path)
  })

  it.each([
    ...['tile/64/000', 'tile/00/000', 'tile/-1/000', 'tile/data/000', 'tile/0/0', 'tile/0/00', 'tile/0/0000'],
    ...[
      'tile/0/x000/067',
      'tile/0/001/067',
      'tile/0/x001',
      'tile/0/000.p/0',
      'tile/0/000.p/256',
      'tile/0/000.p/01',
    ],
    ...[
      'tile/0/000.p/',
      'tile/0/000/',
      '/tile/0/000',
      'tile/0/000\n',
      'tile/0/../000',
      'tile/0/000.p/1.p/1',
      '',
    ],
    'tile/0/x999/x999/x999/x999/x999/999',
  ])('refuses %j', (path) => {
    expect(() => parseTilePath(path)).toThrow(EncodingError)
  })

  it('round trip', () => {
    const level = fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 }))
    const name = fc.record({ level, index: fc.maxSafeNat(), width: fc.integer({ min: 1, max: 256 }) })
    fc.assert(
      fc.property(name, (tile) => {
        expect(parseTilePath(formatTilePath(tile))).toEqual(tile)
      }),
    )
  })
})

describe('SPEC 7.5 which tiles a log of 70,000 entries has', () => {
  it('is as the specification says', () => {
    expect(tileWidth(0, 272, 70_000)).toBe(256)
    expect([tileWidth(0, 273, 70_000), tileWidth('entries', 273, 70_000)]).toEqual([112, 112])
    expect([tileWidth(1, 0, 70_000), tileWidth(1, 1, 70_000)]).toEqual([256, 17])
    expect([tileWidth(2, 0, 70_000), tileWidth(2, 1, 70_000), tileWidth(3, 0, 70_000)]).toEqual([1, 0, 0])
    expect([tileWidth(0, 274, 70_000), tileWidth(1, 0, 256), tileWidth(0, 0, 256)]).toEqual([0, 1, 256])
  })

  it('gives back the root from full and partial tiles alone', () => {
    const size = 70_000
    const tree = new Tree()
    for (let i = 0; i < size; i++) tree.append(leafHash(Uint8Array.of(i & 255, i >> 8)))
    const read = (level: number, index: number) => {
      const row = Math.floor(level / 8)
      // A subtree inside a tile is hashed from the tile's hashes.
      const inTile = level - 8 * row
      const first = index * 2 ** inTile
      const tile = Math.floor(first / 256)
      const bytes = encodeHashTile(row, tile, tileWidth(row, tile, size), tree.read)
      const small = new Tree()
      for (let i = 0; i < 2 ** inTile; i++) {
        const at = ((first % 256) + i) * 32
        small.append(bytes.subarray(at, at + 32))
      }
      return small.root()
    }
    expect(toHex(treeRoot(size, read))).toBe(toHex(tree.root()))
  })
})

describe('SPEC 7.5 entry bundles', () => {
  it('writes lengths as two bytes, the larger first', () => {
    const long = new Uint8Array(258).fill(5)
    expect(encodeEntryBundle([Uint8Array.of(7), new Uint8Array(0), long])).toEqual(
      concat(Uint8Array.of(0, 1, 7, 0, 0, 1, 2), long),
    )
  })

  it('round trip', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 })
    fc.assert(
      fc.property(entries, (list) => {
        expect(decodeEntryBundle(encodeEntryBundle(list))).toEqual(list)
      }),
    )
    const largest = [new Uint8Array(65_535)]
    expect(decodeEntryBundle(encodeEntryBundle(largest))).toEqual(largest)
  })

  it('refuses what is not whole entries, none, or more than 256; and to write an entry too long', () => {
    const bundle = encodeEntryBundle([Uint8Array.of(1, 2, 3), Uint8Array.of(4)])
    for (let end = 0; end < bundle.length; end++) {
      if (end !== 5)
        expect(() => decodeEntryBundle(bundle.slice(0, end)), `cut at ${end}`).toThrow(EncodingError)
    }
    expect(() => decodeEntryBundle(new Uint8Array(2 * 257))).toThrow(EncodingError)
    expect(() => encodeEntryBundle([new Uint8Array(65_536)])).toThrow('too long')
  })
})

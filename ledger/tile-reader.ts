// Proofs from tiles (SPEC 7.5): whoever does not hold the log fetches the few tiles that a proof needs, and no more.
import { concat, EncodingError } from '#crypto/encoding.ts'
import { HASH_LENGTH, type HashReader, nodeHash } from './merkle.ts'
import { formatTilePath, type TileName, TILE_WIDTH, tileWidth } from './tile.ts'

/** Tree levels between two levels of tiles. */
const HEIGHT = 8

/** What `use` gives for a log of `size` entries whose hashes are in tiles. `use` is run again whenever a tile has come that
 *  it lacked, so it must have no effects. Throws `EncodingError` if a tile is not of its size; whether its hashes are
 *  right, only a proof checked against a root tells.
 *  @param fetchTile the bytes of a tile by its path */
export async function readTiles<T>(
  size: number,
  fetchTile: (path: string) => Promise<Uint8Array>,
  use: (read: HashReader) => T,
): Promise<T> {
  const tiles = new Map<string, Uint8Array>()
  for (;;) {
    let missing: TileName | undefined
    const read: HashReader = (level, index) => {
      const name = tileOf(level, index, size)
      const tile = tiles.get(formatTilePath(name))
      if (tile !== undefined) return hashIn(tile, level, index)
      missing = name
      throw new Error('a tile is missing')
    }
    try {
      return use(read)
    } catch (error) {
      if (missing === undefined) throw error
    }
    const path = formatTilePath(missing)
    const tile = await fetchTile(path)
    if (tile.length !== missing.width * HASH_LENGTH) throw new EncodingError(`not ${missing.width} hashes`)
    tiles.set(path, tile)
  }
}

/** The tile from which the hash of a complete subtree follows. */
function tileOf(level: number, index: number, size: number): TileName {
  const row = Math.floor(level / HEIGHT)
  const at = Math.floor((index * 2 ** (level % HEIGHT)) / TILE_WIDTH)
  return { level: row, index: at, width: tileWidth(row, at, size) }
}

/** MTH of the subtree, from the hashes of the tile's own level that lie under it. */
function hashIn(tile: Uint8Array, level: number, index: number): Uint8Array {
  const below = 2 ** (level % HEIGHT)
  const start = ((index * below) % TILE_WIDTH) * HASH_LENGTH
  let row = concat(tile.subarray(start, start + below * HASH_LENGTH))
  while (row.length > HASH_LENGTH) {
    const pairs = Array.from({ length: row.length / (2 * HASH_LENGTH) }, (_, i) => 2 * i * HASH_LENGTH)
    row = concat(
      ...pairs.map((at) =>
        nodeHash(row.subarray(at, at + HASH_LENGTH), row.subarray(at + HASH_LENGTH, at + 2 * HASH_LENGTH)),
      ),
    )
  }
  return row
}

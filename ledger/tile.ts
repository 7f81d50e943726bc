// Tiles (SPEC 7.5): the log as static files that never change, c2sp.org/tlog-tiles. A tile is up to 256 hashes of one
// level, 8 tree levels apart, or up to 256 entries.
import { concat, EncodingError } from '#crypto/encoding.ts'
import { parseNumber } from './checkpoint.ts'
import type { HashReader } from './merkle.ts'

/** Hashes or entries in a full tile. */
export const TILE_WIDTH = 256

/** Largest entry, bytes: its length is a uint16. */
export const MAX_ENTRY = 65_535

/** Which tile: `width` is 256 for a full one, 1 to 255 for the first hashes or entries of it. */
export interface TileName {
  readonly level: number | 'entries'
  readonly index: number
  readonly width: number
}

/** `tile/<level>/<index>[.p/<width>]`, the index in groups of three digits, all but the last marked `x`. */
export function formatTilePath({ level, index, width }: TileName): string {
  const digits = String(index)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.../g) ?? []
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/')
  return `tile/${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`
}

/** The opposite; EncodingError on any other path. */
export function parseTilePath(path: string): TileName {
  const match = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path)
  const [, level = '', index = '', width = String(TILE_WIDTH)] = match ?? []
  const name: TileName = {
    level: level === 'entries' ? level : parseNumber(level),
    index: parseNumber(index.replace(/[x/]/g, '').replace(/^0+(?=.)/, '')),
    width: parseNumber(width),
  }
  const fits = name.width >= 1 && name.width <= TILE_WIDTH && (level === 'entries' || Number(level) <= 63)
  // Written again it must be the same: no second path to one tile.
  if (!fits || formatTilePath(name) !== path) throw new EncodingError('not a tile path')
  return name
}

/** How many hashes or entries the tile has in a log of `size` entries: 0 to 256. */
export function tileWidth(level: number | 'entries', index: number, size: number): number {
  const complete = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level))
  return Math.max(0, Math.min(TILE_WIDTH, complete - index * TILE_WIDTH))
}

/** The tile's hashes one after the other: MTH(D[(n * 256 + i) * 256^l : (n * 256 + i + 1) * 256^l]) for each i. */
export function encodeHashTile(level: number, index: number, width: number, read: HashReader): Uint8Array {
  const hashes = Array.from({ length: width }, (_, i) => read(8 * level, index * TILE_WIDTH + i))
  return concat(...hashes)
}

/** Each entry after its length as uint16. Error on an entry of more than 65,535 bytes. */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  return concat(
    ...entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY) throw new Error('entry too long for a bundle')
      return [Uint8Array.of(entry.length >> 8, entry.length & 255), entry]
    }),
  )
}

/** The opposite; EncodingError unless the bytes are whole entries, 1 to 256 of them. */
export function decodeEntryBundle(bundle: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = []
  for (let at = 0; at < bundle.length;) {
    const [high, low] = [bundle[at], bundle[at + 1]]
    if (high === undefined || low === undefined) throw new EncodingError('bundle cut in a length')
    const end = at + 2 + high * 256 + low
    if (end > bundle.length) throw new EncodingError('bundle cut in an entry')
    entries.push(bundle.slice(at + 2, end))
    at = end
  }
  if (entries.length === 0 || entries.length > TILE_WIDTH) throw new EncodingError('not 1 to 256 entries')
  return entries
}

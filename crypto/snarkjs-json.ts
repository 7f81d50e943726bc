// Points as snarkjs writes them into JSON: projective coordinates as decimal strings, with z = 1, or (0, 1, 0) for the
// neutral element. snarkjs itself accepts aliases (x + q, any z); we accept the one form it writes (SPEC 3.2).
import { coordinates, COORDINATE_ORDER } from './bn254.ts'
import { EncodingError } from './encoding.ts'

/** [x, y, "1"] to x || y, 64 bytes; ["0", "1", "0"] to zeros. Does not check the curve. EncodingError otherwise. */
export function readG1(json: unknown): Uint8Array {
  const [x, y, z] = list(json, 3).map(integer) as [bigint, bigint, bigint]
  return affine([x], [y], [z])
}

/** [[x0, x1], [y0, y1], ["1", "0"]] to 128 bytes; otherwise as `readG1`. */
export function readG2(json: unknown): Uint8Array {
  const [x, y, z] = list(json, 3).map((pair) => list(pair, 2).map(integer)) as [bigint[], bigint[], bigint[]]
  return affine(x, y, z)
}

/** The elements of a JSON array of just this length. EncodingError otherwise. */
export function list(json: unknown, length: number): unknown[] {
  if (!Array.isArray(json) || json.length !== length) {
    throw new EncodingError(`expected a list of ${length} elements`)
  }
  return json
}

function affine(x: bigint[], y: bigint[], z: bigint[]): Uint8Array {
  const [z0, ...rest] = z
  const [y0, ...restOfY] = y
  if (z0 === 1n && rest.every(isZero)) return coordinates(...x, ...y)
  if ([...x, ...restOfY, ...z].every(isZero) && y0 === 1n) return coordinates(...x.map(() => 0n), ...z)
  throw new EncodingError('a point is not in affine form')
}

function integer(json: unknown): bigint {
  if (typeof json !== 'string' || !/^(?:0|[1-9][0-9]{0,76})$/.test(json)) {
    throw new EncodingError('a coordinate is not a decimal string')
  }
  const value = BigInt(json)
  if (value >= COORDINATE_ORDER) throw new EncodingError('a coordinate is not canonical')
  return value
}

function isZero(value: bigint): boolean {
  return value === 0n
}

// Canonical bytes of every message: deterministic CBOR (RFC 8949 section 4.2.1) under a zod schema. SPEC 2.1.
// One schema serves both directions; a byte string has exactly one reading and a message exactly one writing.
import { decode, encode, rfc8949EncodeOptions } from 'cborg'
import * as z from 'zod/mini'
import { equalBytes } from '#crypto/encoding.ts'
import { decodeField, encodeField } from '#crypto/babyjubjub.ts'
import { Refusal } from './refusal.ts'
import { isPlain } from './text.ts'

/** A message's two directions. */
export interface Codec<T> {
  /** Canonical bytes. Throws if `value` does not fit the schema (our own fault). */
  encode(value: T): Uint8Array
  /** The only value these bytes can mean. Throws `Refusal('malformed')` on anything else. */
  decode(bytes: Uint8Array): T
}

/** The codec of a schema. */
export function codec<S extends z.ZodMiniType>(schema: S): Codec<z.output<S>> {
  return {
    encode: (value) => encodeCbor(z.encode(schema, value)),
    decode(bytes) {
      const parsed = z.safeDecode(schema, decodeCbor(bytes) as z.input<S>)
      if (!parsed.success) throw new Refusal('malformed', describe(parsed.error))
      return parsed.data
    },
  }
}

/** Deterministic CBOR of plain data: integers, text, byte strings, booleans, arrays and maps with text keys. */
export function encodeCbor(value: unknown): Uint8Array {
  return encode(value, rfc8949EncodeOptions)
}

/** Strict reading: what does not encode to the very same bytes again is refused. */
export function decodeCbor(bytes: Uint8Array): unknown {
  let value: unknown
  try {
    value = decode(bytes, STRICT)
    if (equalBytes(encodeCbor(value), bytes)) return value
  } catch {
    throw new Refusal('malformed', 'not CBOR')
  }
  throw new Refusal('malformed', 'not canonical CBOR')
}

/** A byte string of exactly `length` bytes. */
export function bytes(length: number) {
  return z.custom<Uint8Array>((x) => x instanceof Uint8Array && x.length === length, `not ${length} bytes`)
}

/** A byte string of at most `maximum` bytes. */
export function bytesUpTo(maximum: number) {
  return z.custom<Uint8Array>((x) => x instanceof Uint8Array && x.length <= maximum, `over ${maximum} bytes`)
}

/** SHA-256 of something, or another 32-byte name. */
export const hash = bytes(32)

/** A point of BabyJubJub as its 64 bytes; whoever calculates with it decodes and checks it. SPEC 2.2. */
export const point = bytes(64)

/** A natural number up to `maximum` (at most 2^53 - 1), as a JavaScript number. */
export function natural(maximum: number) {
  return z.int().check(z.gte(0), z.lte(maximum))
}

/** A natural number up to `maximum` (below 2^64), as a bigint: votes, weights, money. */
export function integer(maximum: bigint) {
  return z.codec(z.union([z.int(), z.bigint()]), z.bigint().check(z.gte(0n), z.lte(maximum)), {
    decode: (x) => BigInt(x),
    encode: (x) => x,
  })
}

/** Money or another exact amount, below 2^63. */
export const amount = integer((1n << 63n) - 1n)

/** Milliseconds since 1970-01-01 UTC. */
export const instant = natural(Number.MAX_SAFE_INTEGER)

/** An element of the BN254 scalar field, 32 bytes on the wire, canonical. SPEC 2.2. */
export const fieldElement = z.codec(bytes(32), z.bigint(), {
  decode: (x, payload) => {
    try {
      return decodeField(x)
    } catch {
      payload.issues.push({ code: 'custom', message: 'not a canonical field element', input: x })
      return z.NEVER
    }
  },
  encode: (x) => encodeField(x),
})

/** Plain text of 1 to `maximum` UTF-16 units. */
export function text(maximum: number) {
  return z
    .string()
    .check(z.minLength(1), z.maxLength(maximum), z.refine(isPlain, 'not plain text in normal form C'))
}

/** A name in addresses: lower-case letters, digits and inner hyphens. */
export const slug = z.string().check(z.maxLength(64), z.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/))

/** A currency by its three letters, ISO 4217. */
export const currency = z.string().check(z.regex(/^[A-Z]{3}$/))

/** A BCP 47 language tag, the short forms that the web app uses. */
export const language = z.string().check(z.regex(/^[a-z]{2,3}(-[A-Z]{2})?$/))

/** The same text in one or more languages. */
export function texts(maximum: number) {
  return z.record(language, text(maximum)).check(z.refine((x) => Object.keys(x).length > 0, 'no language'))
}

const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: true,
  rejectDuplicateMapKeys: true,
}

function describe(error: { issues: readonly { path: PropertyKey[]; message: string }[] }): string {
  const issue = error.issues[0]
  return issue === undefined ? '' : `${issue.path.map(String).join('.')} ${issue.message}`.trim()
}

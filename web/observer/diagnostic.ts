// CBOR in diagnostic notation (RFC 8949 section 8), so that people can read an entry's bytes as they are.
import { toHex } from '#crypto/encoding.ts'
import { decodeCbor } from '#protocol/codec.ts'

/** The notation, indented; items that fit a line stay on it. Throws `Refusal` on what is not canonical CBOR. */
export function diagnosticOf(bytes: Uint8Array): string {
  return notation(decodeCbor(bytes), '')
}

/** Longest line that is not broken up, beside its indentation. */
const LINE = 72

function notation(value: unknown, indent: string): string {
  if (value instanceof Uint8Array) return `h'${toHex(value)}'`
  if (typeof value !== 'object' || value === null) return leaf(value)
  const inner = `${indent}  `
  const items = Array.isArray(value)
    ? value.map((item: unknown) => notation(item, inner))
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${notation(item, inner)}`)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const line = `${open}${items.join(', ')}${close}`
  if (line.length <= LINE && !line.includes('\n')) return line
  return `${open}\n${items.map((item) => inner + item).join(',\n')}\n${indent}${close}`
}

/** Of these cborg gives text, integers, booleans and null; floating-point numbers stand in no entry. */
function leaf(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

// A field of an entry, under a name that people understand.
import { toHex } from '#crypto/encoding.ts'

export interface Field {
  readonly name: string
  readonly value: string
  /** Characters to be compared, not read. */
  readonly code?: true
}

export function field(name: string, value: string): Field {
  return { name, value }
}

export function code(name: string, bytes: Uint8Array): Field {
  return { name, value: toHex(bytes), code: true }
}

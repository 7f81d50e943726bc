// Fields of an entry in words, and what is said of it.
import { toHex } from '#crypto/encoding.ts'

export interface Field {
  readonly name: string
  readonly value: string
  /** Characters to be compared, not read. */
  readonly code?: true
}

export interface Said {
  readonly sentence: string
  readonly fields: readonly Field[]
}

/** A field to be read. */
export function field(name: string, value: string): Field {
  return { name, value }
}

/** One to be compared. */
export function code(name: string, bytes: Uint8Array): Field {
  return { name, value: toHex(bytes), code: true }
}

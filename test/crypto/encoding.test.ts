// SPEC 2.2: bytes and integers.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bigintToBytes,
  bytesToBigint,
  concat,
  EncodingError,
  equalBytes,
  fromHex,
  toHex,
} from '#crypto/encoding.ts'

const bytes = fc.uint8Array({ maxLength: 80 })

describe('encoding', () => {
  it('spells integers big-endian in the length asked for', () => {
    expect(bigintToBytes(0x0102n, 4)).toEqual(Uint8Array.of(0, 0, 1, 2))
    expect(bigintToBytes(0n, 0)).toEqual(new Uint8Array(0))
    expect(bytesToBigint(Uint8Array.of(1, 0))).toBe(256n)
    expect(bytesToBigint(new Uint8Array(0))).toBe(0n)
  })

  it('returns every byte string from its integer and length', () => {
    fc.assert(
      fc.property(bytes, (b) => {
        expect(bigintToBytes(bytesToBigint(b), b.length)).toEqual(b)
      }),
    )
  })

  it('refuses integers that do not fit', () => {
    for (const [value, length] of [
      [256n, 1],
      [-1n, 4],
      [1n, 0],
    ] as const) {
      expect(() => bigintToBytes(value, length)).toThrow('does not fit')
    }
  })

  it('knows one spelling of hexadecimal only', () => {
    fc.assert(
      fc.property(bytes, (b) => {
        expect(fromHex(toHex(b))).toEqual(b)
      }),
    )
    for (const text of ['0', 'AB', '0g', ' 00', '00\n', '0x00'])
      expect(() => fromHex(text)).toThrow(EncodingError)
  })

  it('joins and compares', () => {
    expect(concat(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3))
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(equalBytes(a, b)).toBe(toHex(a) === toHex(b))
        expect(equalBytes(a, a.slice())).toBe(true)
      }),
    )
  })
})

// Diagnostic notation of CBOR, against the examples of RFC 8949, appendix A.
import { expect, test } from 'vitest'
import { fromHex } from '#crypto/encoding.ts'
import { encodeCbor } from '#protocol/codec.ts'
import { refusalOf } from '../tally/verifying.ts'
import { diagnosticOf } from '#web/observer/diagnostic.ts'

test.each([
  ['00', '0'],
  ['1bffffffffffffffff', '18446744073709551615'],
  ['3903e7', '-1000'],
  ['f4', 'false'],
  ['f6', 'null'],
  ['40', "h''"],
  ['4401020304', "h'01020304'"],
  ['62225c', '"\\"\\\\"'],
  ['62c3bc', '"ü"'],
  ['80', '[]'],
  ['8301820203820405', '[1, [2, 3], [4, 5]]'],
  ['a0', '{}'],
  ['a26161016162820203', '{"a": 1, "b": [2, 3]}'],
])('%s is %s', (hex, notation) => {
  expect(diagnosticOf(fromHex(hex))).toBe(notation)
})

test('breaks what does not fit a line, and indents it', () => {
  const long = 'x'.repeat(60)
  expect(diagnosticOf(encodeCbor(['act', { title: long, list: [1, 2] }]))).toBe(
    ['[', '  "act",', '  {', '    "list": [1, 2],', `    "title": "${long}"`, '  }', ']'].join('\n'),
  )
})

test('refuses what is not canonical', () => {
  expect(refusalOf(() => diagnosticOf(fromHex('1800')))).toBe('malformed')
})

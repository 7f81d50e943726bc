// SPEC 6.5: the committed table of constants is what the generator makes, and holds the points it says.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { tables } from '#circuits/build/tables.ts'

test('circuits/lib/tables.circom is the generated file', () => {
  expect(readFileSync(new URL('../../circuits/lib/tables.circom', import.meta.url), 'utf8')).toBe(tables())
})

// The core is built from its sources by npm's packages alone, to the same bytes each time.
import { expect, test } from 'vitest'
import { MODULE } from '#core/module.ts'
import { compile } from '#crypto/core/build/compile.ts'

test('the module in use is what its sources give, twice', async () => {
  for (let round = 0; round < 2; round++) {
    expect(Buffer.from(await compile()).toString('base64') === MODULE).toBe(true)
  }
})

test('it imports nothing and exports functions, its memory and nothing else', async () => {
  const module = await WebAssembly.compile(Buffer.from(MODULE, 'base64'))
  expect(WebAssembly.Module.imports(module)).toEqual([])
  const kinds = Object.groupBy(WebAssembly.Module.exports(module), ({ kind }) => kind)
  expect(Object.keys(kinds).sort()).toEqual(['function', 'memory'])
  expect(kinds.memory).toHaveLength(1)
})

// G10: `assert` on a signal is no constraint, and `<--` alone is none either.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const folder = new URL('../../circuits/', import.meta.url)
const files = [
  ...readdirSync(folder).filter((file) => file.endsWith('.circom')),
  ...readdirSync(new URL('lib/', folder)).map((file) => `lib/${file}`),
]

/** Lines that only look as if they constrained something. */
function lint(source: string): string[] {
  return source.split(/^template /m).flatMap((template) => {
    const parameters = /^\w+\(([^)]*)\)/.exec(template)?.[1]?.split(', ') ?? []
    const lines = template.replace(/\/\/.*$/gm, '').split('\n')
    return lines.filter((line) => {
      const asserted = /assert\((\w+)/.exec(line)?.[1]
      if (asserted !== undefined) return !parameters.includes(asserted)
      const hinted = /(?:signal )?(\w+)(?:\[[^\]]*\])* *<--/.exec(line)?.[1]
      return (
        hinted !== undefined &&
        !lines.some((other) => other.includes('===') && new RegExp(`\\b${hinted}\\b`).test(other))
      )
    })
  })
}

test.each(files)('%s', (file) => {
  expect(lint(readFileSync(new URL(file, folder), 'utf8'))).toEqual([])
})

describe('the lint sees', () => {
  const wrap = (body: string) => `template T(n) {\n    signal input in;\n${body}\n}\n`

  test.each(['    assert(in < 5);', '    signal out <-- in / 2;', '    out[1] <-- in;\n    in === 2;'])(
    '%s',
    (body) => {
      expect(lint(wrap(body))).toEqual([body.split('\n')[0]])
    },
  )

  test('and lets pass what is constrained', () => {
    expect(lint(wrap('    assert(n < 5);\n    signal out <-- in / 2;\n    2 * out === in;'))).toEqual([])
  })
})

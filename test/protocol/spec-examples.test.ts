// Every example of docs/protocol.md is what the code computes, so that none goes stale; and each normative section
// begins with one.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sections } from '../spec.ts'
import { ACCOUNTABILITY } from './spec-accountability-examples.ts'
import { BALLOTS, FOUNDATIONS } from './spec-examples.ts'
import { PARTICIPATION } from './spec-participation-examples.ts'
import { RECORD } from './spec-record-examples.ts'
import { SEALS_AND_NAMES } from './spec-seal-examples.ts'

const specification = readFileSync(join(import.meta.dirname, '../../docs/protocol.md'), 'utf8')
const recipes = {
  ...FOUNDATIONS,
  ...BALLOTS,
  ...RECORD,
  ...PARTICIPATION,
  ...SEALS_AND_NAMES,
  ...ACCOUNTABILITY,
}
const examples = parseExamples(specification)

/** The block that each section begins with: `name: value` lines, long values go on in lines that begin with blanks. */
function parseExamples(text: string): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>()
  for (const [, number = '', block = ''] of text.matchAll(
    /^#{2,3} ([\d.]+) [^\n]+\n\n```example\n([\s\S]*?)^```$/gm,
  )) {
    const lines = block
      .replace(/\n {2}/g, '')
      .split('\n')
      .filter((line) => line !== '')
    found.set(
      number,
      new Map(
        lines.map((line): [string, string] => {
          const at = line.indexOf(': ')
          return [line.slice(0, at), line.slice(at + 2)]
        }),
      ),
    )
  }
  return found
}

test('each normative section begins with an example', () => {
  const normative = sections(specification).filter((section) => section.normative)
  expect(normative.map(({ number }) => number).filter((number) => !examples.has(number))).toEqual([])
  expect([...examples.keys()].sort()).toEqual(Object.keys(recipes).sort())
})

describe('the example of section', () => {
  for (const [number, recipe] of Object.entries(recipes)) {
    test(number, async () => {
      const example = examples.get(number) ?? new Map<string, string>()
      const used = new Set<string>()
      const follows = await recipe((name) => {
        const value = example.get(name)
        if (value === undefined) throw new Error(`section ${number} does not give "${name}"`)
        used.add(name)
        return value
      })
      const said = Object.fromEntries([...example].filter(([name]) => !used.has(name)))
      expect(follows).toEqual(said)
    })
  }
})

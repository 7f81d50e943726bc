// P7: words that are more than words: markup that runs, pictures that call home, and texts that a reader of Markdown chokes
// on. Pages make elements from pieces one by one, and no HTML from text; test/browser/process.test.ts looks at one.
import { expect, test } from 'vitest'
import { type Piece, piecesOf } from '#web/process/markdown.ts'

const LONGEST = 4000
const fill = (unit: string) => unit.repeat(Math.floor(LONGEST / unit.length))

/** All pieces of a text, from the outside in. */
function all(pieces: readonly Piece[]): Piece[] {
  return pieces.flatMap((piece) => [piece, ...all(piece.pieces ?? [])])
}
const depth = (pieces: readonly Piece[]): number =>
  pieces.length === 0 ? 0 : 1 + Math.max(...pieces.map((piece) => depth(piece.pieces ?? [])))

test.each([
  ...['>', '> ', '[', '![', '(', '*', '**', '_', '`', '~', '<', '<!--', '&', '\\', '|', '#', '- ', '1. '],
  ...[
    '[a](',
    '[a](b',
    '![a](b)',
    '<a ',
    '<a href="',
    '*a ',
    '**a **',
    '_a_',
    '[[a]]',
    '- - ',
    '>- ',
    '\t',
    ' \n',
  ],
  ...['a@b.c ', 'https://e.org/', 'www.', '|a|\n|-|\n', '~~', '\u0301', '\u{1F469}\u200D'],
])('a text of nothing but %j is read to its end, in as many pieces as it has characters at most', (unit) => {
  for (const text of [
    fill(unit),
    `${fill(unit).slice(0, 2000)}${'x'.repeat(1999)}`,
    `a${fill(unit).slice(1)}`,
  ]) {
    const pieces = piecesOf(text)
    expect(all(pieces).length).toBeLessThanOrEqual(LONGEST)
    expect(depth(pieces)).toBeLessThanOrEqual(8)
  }
})

test.each([
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](java\tscript:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](vbscript:msgbox)',
  '[x](file:///etc/passwd)',
  '[x](blob:https://e.org/1)',
  '[x](//elsewhere.example)',
  '[x](/officials)',
  '<javascript:alert(1)>',
])('%s leads nowhere', (text) =>
  expect(all(piecesOf(text)).flatMap(({ link }) => link?.href ?? [])).toEqual([]),
)

test('a link names the place that it leads to, whatever it says', () => {
  const [first] = all(piecesOf('[https://bank.example](https://thief.example/login)')).flatMap(
    ({ link }) => link ?? [],
  )
  expect(first).toEqual({ href: 'https://thief.example/login', place: 'thief.example' })
  const [second] = all(piecesOf('[x](https://bank.example@thief.example/)')).flatMap(({ link }) => link ?? [])
  expect(second?.place).toBe('thief.example')
  const [third] = all(piecesOf('[x](https://b\u0430nk.example/)')).flatMap(({ link }) => link ?? [])
  expect(third?.place).toMatch(/^xn--/)
})

test('pictures and HTML stay the words that they were', () => {
  for (const text of [
    '![p](https://e.org/p.png)',
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
  ]) {
    const leaves = all(piecesOf(text)).filter(({ pieces }) => pieces === undefined)
    expect(leaves.map((leaf) => leaf.text).join('')).toContain(text)
  }
})

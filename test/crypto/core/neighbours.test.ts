// SPEC 9.4: the core's walk along a line of points, against sums by big integers.
import { describe, expect, it } from 'vitest'
import { encodePoint, G, multiply, O, type Point, randomScalar } from '#crypto/babyjubjub.ts'
import { MAX_PAIRS, neighbours, prepareMultiples } from '#crypto/core/neighbours.ts'
import { concat } from '#crypto/encoding.ts'
import * as reference from '../../reference/babyjubjub.ts'
import { torsion } from '../../reference/torsion.ts'

const multiplesOf = (step: Point, n: number): Uint8Array => {
  const points: Uint8Array[] = []
  for (let at = step; points.length < n; at = at.add(step)) points.push(encodePoint(at))
  return prepareMultiples(concat(...points))
}
const wordsOf = (centre: Uint8Array, multiples: Uint8Array, n: number): string[] => {
  const words = [...neighbours(centre, multiples, n)]
  return Array.from({ length: 2 * n + 1 }, (_, i) => words.slice(2 * i, 2 * i + 2).join())
}
const wordOf = (point: Uint8Array): string => wordsOf(point, new Uint8Array(), 0)[0] ?? ''

describe('neighbours', () => {
  it('are the points of the line, in order, whatever the centre and the step', () => {
    const some = multiply(G, randomScalar())
    const steps = [G, some, some.add(torsion[1] ?? O), torsion[1] ?? O, O]
    for (const step of steps) {
      const multiples = multiplesOf(step, 9)
      const S = reference.decode(encodePoint(step)) ?? reference.NEUTRAL
      for (const centre of [O, step, step.negate(), some, ...torsion.slice(1, 3)]) {
        const C = reference.decode(encodePoint(centre)) ?? reference.NEUTRAL
        let at = reference.add(C, reference.negate(reference.multiply(S, 9n)))
        const line: string[] = []
        for (let i = 0; i < 19; i++, at = reference.add(at, S)) line.push(wordOf(reference.encode(at)))
        expect(wordsOf(encodePoint(centre), multiples, 9)).toEqual(line)
      }
    }
  })

  it('tell y alone: a point has it in common with its negative, and no others do', () => {
    const points = Array.from({ length: 2000 }, (_, i) => multiply(G, BigInt(i + 1)))
    const words = points.map((point) => wordOf(encodePoint(point)))
    expect(new Set(words).size).toBe(points.length)
    for (const i of [0, 1, 999]) expect(wordOf(encodePoint((points[i] ?? O).negate()))).toBe(words[i])
  })

  it('use as many multiples as asked for, and the most there is room for', () => {
    const multiples = multiplesOf(G, MAX_PAIRS)
    const all = wordsOf(encodePoint(O), multiples, MAX_PAIRS)
    expect(all.slice(0, MAX_PAIRS)).toEqual(all.slice(MAX_PAIRS + 1).reverse())
    expect(wordsOf(encodePoint(O), multiples, 5)).toEqual(all.slice(MAX_PAIRS - 5, MAX_PAIRS + 6))
    expect(all[MAX_PAIRS + 700]).toBe(wordOf(encodePoint(multiply(G, 700n))))
  })

  it('are our own mistake with what is no point, and with more than there is', () => {
    const none = new Uint8Array(64)
    expect(() => neighbours(none, new Uint8Array(), 0)).toThrow('no point')
    expect(() => neighbours(encodePoint(G), multiplesOf(G, 2), 3)).toThrow('not so many')
    expect(() => prepareMultiples(new Uint8Array(64 * (MAX_PAIRS + 1)))).toThrow('too many')
    expect(() => prepareMultiples(concat(encodePoint(G), none))).toThrow('no points')
  })
})

// The core's range analysis: it passes the sources as they are, and fails on sources from which a reduction or a carry
// is taken, as it does on words that could overflow.
import { expect, test } from 'vitest'
import { constant, difference, loaded, product, shifted, sum } from '#crypto/core/build/interval.ts'
import { checkRanges } from '#crypto/core/build/ranges.ts'

test('the sources keep all words in range', () => {
  checkRanges()
})

test.each([
  ['miller', 'fp2.subSubReduce(t, M, t, other)', 'fp2.subSubCarry(t, M, t, other)'],
  ['miller', 'fp2.subReduce(t + g2.Y, N, M)', 'fp2.subCarry(t + g2.Y, N, M)'],
  ['fp12', 'fp6.addReduce(f, f, P)', 'fp6.addCarry(f, f, P)'],
  ['fp12', 'fp6.subSubReduce(r + H, S, P, Q)', 'fp6.subCarry(r + H, S, P)\n  fp6.subCarry(r + H, r + H, Q)'],
  ['fp12', 'fp2.addReduce(r, A, t)', 'fp2.addCarry(r, A, t)'],
  ['fp6', 'fp2.subSubAddCarry(r + C1, S1, P0, P1, T)', 'fp2.subSub(r + C1, S1, P0, P1)'],
  [
    'fp6',
    'fp2.add(L, a, b)\n  fp2.add(M, c, d)',
    'fp2.add(L, a, b)\n  fp2.add(L, L, a)\n  fp2.add(M, c, d)\n  fp2.add(M, M, c)',
  ],
  ['g1', 'fp.reduce(r, C)', 'fp.add(r, C, C)'],
  ['weights', 'fp.reduce(M, M)', 'fp.carry(M, M)'],
  ['babyjubjub', 'add(G, D, C)', 'add(G, D, C)\n  add(G, G, D)'],
  ['babyjubjub', 'mul(E, p + X, p + Y)', 'add(E, p + X, p + Y)'],
  ['babyjubjub', 'carry(p + Y, ONE)', 'double(p + Y, ONE)'],
  ['neighbours', 'sqr(U, U)', 'add(U, U, U)\n    add(U, U, U)'],
  ['neighbours', 'mul(U, U, QUOTIENT)', 'add(U, U, QUOTIENT)'],
  ['poseidon', 'mul, reduce,', 'mul, carry as reduce,'],
  ['poseidon', 'sqr(POWER, x)', 'add(POWER, x, x)'],
])('a %s without `%s` is noticed', (module, before, after) => {
  let changed = false
  const change = (name: string, text: string): string => {
    if (name !== module) return text
    changed = text.includes(before)
    return text.replace(before, after)
  }
  expect(() => checkRanges(change)).toThrow(/units|element/)
  expect(changed).toBe(true)
})

test('intervals fail just where words overflow', () => {
  const [a, b] = [loaded('a', 0, 64, (1n << 31n) - 1n), loaded('b', 0, 64, (1n << 31n) - 1n)]
  const term = product(a, b)
  expect(term.high).toBe(((1n << 31n) - 1n) ** 2n)
  expect(sum(term, term).low).toBe(-2n * term.high)
  expect(() => sum(term, term, term)).toThrow('overflow')
  expect(() => difference(constant(-1n << 63n, 64), constant(1n, 64))).toThrow('overflow')
  expect(() => constant(1n << 31n, 32)).toThrow('overflow')
  expect(() => loaded('a', 0, 32, 1n << 31n)).toThrow('overflow')
  expect(() => sum(constant(1n, 32), constant(1n, 64))).toThrow('unlike')
  expect(shifted(constant(-1n, 64), 29)).toMatchObject({ low: -1n, high: -1n })
})

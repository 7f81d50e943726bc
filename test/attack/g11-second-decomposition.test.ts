// G11: 254 bits hold x and x + p. No decomposition of ours has more than 253 bits, so the second one does not exist.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FIELD_ORDER } from '#crypto/babyjubjub.ts'
import { firstBroken, gadget } from '../circuits/harness.ts'
import { CIRCUITS } from '#circuits/sizes.ts'

/** Whether circomlib's Num2Bits(n) takes the low n bits of x + p for bits of x. */
async function takesSecond(n: number, x: bigint): Promise<boolean> {
  const circuit = await gadget('rule.circom', `Num2Bits(${n})`, ['in'])
  const witness = circuit.calculate({ in: x })
  expect(firstBroken(circuit, witness)).toBe(-1)
  for (let i = 0; i < n; i++) witness[circuit.wire(`out[${i}]`)] = ((x + FIELD_ORDER) >> BigInt(i)) & 1n
  return firstBroken(circuit, witness) === -1
}

test('the attack works on 254 bits', async () => {
  expect(await takesSecond(254, 1n)).toBe(true)
})

test.each([16, 20, 24, 56, 177, 253])('and fails on %i bits', async (n) => {
  expect(await takesSecond(n, 1n)).toBe(false)
})

test('these are all widths in the circuits', () => {
  const folder = new URL('../../circuits/lib/', import.meta.url)
  const source = readdirSync(folder)
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n')
  const widths = [...source.matchAll(/(?:Num2Bits|Range)\(([^()]*(?:\([^()]*\))?[^()]*)\)\(/g)].map(
    (match) => match[1],
  )
  expect(new Set(widths)).toEqual(
    new Set(['n', '16', '16 + log2(K)', 'log2(K) + 1', '32 + 16 + log2(K) + 1', '2 * levels', '177']),
  )
  expect(Math.max(16, 2 * CIRCUITS.L.levels, 32 + 16 + Math.log2(CIRCUITS.L.slots) + 1, 177)).toBeLessThan(
    254,
  )
})

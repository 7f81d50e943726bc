// SPEC 2.4: Poseidon against circomlib's published answers and against constants generated anew from the paper.
import { grainGenConstants, poseidon as makePoseidon } from '@noble/curves/abstract/poseidon.js'
import { babyjubjub } from '@noble/curves/misc.js'
import { describe, expect, test } from 'vitest'
import { FIELD_ORDER } from '#crypto/babyjubjub.ts'
import { poseidon } from '#circuits/poseidon.ts'
import { gadget } from './harness.ts'
import { source } from './sample.ts'

const upTo = (n: number) => Array.from({ length: n }, (_, i) => BigInt(i + 1))

/** From circomlib's test/poseidoncircuit.js and circomlibjs's test/poseidon.js (GPL-3.0). */
const ANSWERS: [bigint[], bigint][] = [
  [[1n, 2n], 7853200120776062878684798364095072458815029376092732009249414926327459813530n],
  [upTo(4), 18821383157269793795438455681495246036402687001665670618754263018637548127333n],
  [[1n, 2n, 0n, 0n, 0n], 1018317224307729531995786483840663576608797660851238720571059489595066344487n],
  [[3n, 4n], 14763215145315200506921711489642608356394854266165572616578112107564877678998n],
  [[3n, 4n, 0n, 0n, 0n], 5811595552068139067952687508729883632420015185677766880877743348592482390548n],
]

test.each(ANSWERS)('poseidon(%s)', (inputs, answer) => {
  expect(poseidon(inputs)).toBe(answer)
})

/** Numbers of partial rounds of circomlib for 1 to 16 inputs. */
const PARTIAL = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68]

/** What is hashed anywhere: in credentials, rolls, and the commitments of ballots S and L. */
describe.each([2, 3, 4, 5, 12])('%i inputs', (n) => {
  const random = source(`poseidon ${n}`)
  const options = {
    Fp: babyjubjub.Point.Fp,
    t: n + 1,
    roundsFull: 8,
    roundsPartial: PARTIAL[n - 1] ?? 0,
    sboxPower: 5,
  }
  const reference = makePoseidon({ ...options, ...grainGenConstants(options) })

  test('equals the instance whose constants noble generates', () => {
    for (let i = 0; i < 20; i++) {
      const inputs = Array.from({ length: n }, random)
      expect(poseidon(inputs)).toBe(reference([0n, ...inputs])[0])
    }
  })

  test('equals the circuit', async () => {
    const circuit = await gadget('roll.circom', `Poseidon(${n})`)
    const inputs = Array.from({ length: n }, random)
    expect(circuit.calculate({ inputs })[1]).toBe(poseidon(inputs))
  })
})

test('only field elements are hashed', () => {
  expect(() => poseidon([1n, FIELD_ORDER])).toThrow(RangeError)
  expect(() => poseidon([-1n])).toThrow(RangeError)
  expect(() => poseidon([])).toThrow(RangeError)
  for (const n of [13, 16, 17]) expect(() => poseidon(upTo(n))).toThrow(RangeError)
  expect(poseidon([0n, FIELD_ORDER - 1n])).not.toBe(poseidon([0n, 0n]))
})

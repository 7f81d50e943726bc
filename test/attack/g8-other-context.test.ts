// G8: a proof made for one election, key, rule, roll or weight and shown for another. Everything is in the statement.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkProof, type VerificationKey } from '#crypto/groth16.ts'
import { G, multiply } from '#crypto/babyjubjub.ts'
import { type BallotStatement, publicInputs } from '#circuits/ballot.ts'
import { releaseCurve } from '#circuits/curve.ts'
import type { RuleParameters } from '#circuits/rule.ts'
import { keysOf } from '../circuits/keys.ts'
import { coordinates, fill, openRule, sample } from '../circuits/sample.ts'

const rule = openRule('S', { weighted: true, budgetPerWeight: 1n, min: fill('S', [1n]) })
const { statement, input } = sample('S', rule, fill('S', [1n, 0n, 5n]))
const other = sample('S', rule, fill('S', [1n, 0n, 5n]), { weight: 4n, seed: 'another election' }).statement

let key: VerificationKey
let proof: Uint8Array
beforeAll(async () => {
  const keys = await keysOf('S')
  key = keys.verificationKey
  proof = (await keys.prove(input)).proof
})
afterAll(releaseCurve)

test('the proof holds for its own statement', () => {
  expect(checkProof(key, proof, publicInputs('S', statement))).toBe(true)
})

test.each<[string, Partial<BallotStatement>]>([
  ['another contest', { scope: other.scope }],
  ['another roll', { root: other.root }],
  ['another voter', { nullifier: other.nullifier }],
  ['another body', { t: other.t }],
  ["another body's challenge", { a: other.a, gamma: other.gamma }],
  ['another commitment, to another weight', { commitment: other.commitment }],
  ['another election key', { key: coordinates(multiply(G, 99n)) }],
  ['other ciphertexts', { d1: other.d1, d2: other.d2 }],
  ['another election altogether', other],
])('%s', (_, changes) => {
  expect(checkProof(key, proof, publicInputs('S', { ...statement, ...changes }))).toBe(false)
})

test.each<[string, Partial<RuleParameters>]>([
  ['a lower minimum', { min: fill('S', []) }],
  ['a higher maximum', { max: rule.max.with(1, 6n) }],
  ['another cost', { cost: rule.cost.with(1, 0n) }],
  ['a lower least sum', { sumMin: 1n }],
  ['a higher largest sum', { sumMax: 51n }],
  ['another least count', { countMin: 1n }],
  ['another largest count', { countMax: 9n }],
  ['a larger budget', { costMax: 10_001n }],
  ['another budget per weight', { budgetPerWeight: 2n }],
  ['quadratic costs', { quadratic: true }],
  ['no weights', { weighted: false }],
  ['a blank vote', { blank: true }],
  ['a ranking', { ranking: true }],
  ['a score list', { scores: fill('S', [5n]).slice(1) }],
])('%s', (_, changes) => {
  expect(checkProof(key, proof, publicInputs('S', { ...statement, rule: { ...rule, ...changes } }))).toBe(
    false,
  )
})

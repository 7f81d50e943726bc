// SPEC 6.5: are the circuits under-constrained? Every signal tampered with, the Jacobian's kernel, and constraints
// deleted, at witnesses of different ballots. Holes in the gadgets show here because all run in the whole circuit.
import { describe, expect, test } from 'vitest'
import { nullifier } from '#circuits/credential.ts'
import { signalAssignment } from '#circuits/signal.ts'
import type { RuleParameters } from '#circuits/rule.ts'
import type { BallotCircuit } from '#circuits/sizes.ts'
import { accepts, type Circuit, circuit, type Constraint } from './harness.ts'
import { fill, openRule, sample, source, voterIn } from './sample.ts'
import { freedom, looseSignals, without } from './soundness.ts'

/** What the circuit computes from its other inputs, and then compares with these. */
const COMPUTED = /^(root|nullifier|com|d1\[\d\]|d2\[\d\])$/

/** The inputs, without those that are compared with computed values. */
function given(compiled: Circuit): (wire: number) => boolean {
  const { names, publicCount, privateCount } = compiled
  return (wire) => wire <= publicCount + privateCount && !COMPUTED.test(names[wire] ?? '')
}

const BALLOTS: [string, BallotCircuit, Partial<RuleParameters>, bigint[]][] = [
  ['scores', 'S', {}, [1n, 5n, 0n, 2n]],
  ['nothing chosen', 'S', {}, []],
  [
    'all rules but ranks',
    'S',
    { quadratic: true, weighted: true, sumMin: 2n, countMin: 2n, budgetPerWeight: 1n },
    [2n, 3n, 1n],
  ],
  ['blank', 'S', { blank: true, max: fill('S', [1n, 5n, 5n]), min: fill('S', [0n, 2n]), sumMin: 3n }, [1n]],
  ['free ranking', 'S', { ranking: true, max: fill('S', [0n, 5n, 5n, 5n, 5n]) }, [0n, 2n, 0n, 1n, 3n]],
  [
    'score list',
    'S',
    { scores: fill('S', [3n, 1n, 2n]).slice(0, 15), max: fill('S', [0n, 3n, 3n, 3n]) },
    [0n, 1n, 2n, 3n],
  ],
  ['128 slots', 'L', {}, [1n, 5n, 0n, 2n]],
]

/**
 * Public inputs that may change while a ballot stays what it says: the rule, where the ballot follows the other rule as
 * well, coefficients of 0, and t, which only occurs as its square. None can be changed after the proof all the same:
 * Groth16's key has a term for each (attack g7).
 */
const TOLERATED =
  /^(t|target|(a|min|max|cost)\[\d+\]|(sum|count)(Min|Max)|budgetPerWeight|costMax|quadratic|weighted|positional|ranking|blank)$/

describe.each(BALLOTS)('%s', (name, id, changes, list) => {
  const random = source(`soundness ${name}`)
  const prepared = circuit(id).then((compiled) => {
    const witness = compiled.calculate(sample(id, openRule(id, changes), fill(id, list)).input)
    return { compiled, witness }
  })

  test('no secret or intermediate signal can be changed alone', async () => {
    const { compiled, witness } = await prepared
    expect(accepts(compiled, witness)).toBe(true)
    const loose = looseSignals(compiled, witness, random)
    expect(loose).toContain('t')
    expect(loose.filter((signal) => !TOLERATED.test(signal))).toEqual([])
  })

  test('the inputs determine every signal', async () => {
    const { compiled, witness } = await prepared
    expect(freedom(compiled, witness, given(compiled))).toBe(0)
  })

  test('the public inputs and the path determine every signal', async () => {
    const { compiled, witness } = await prepared
    const isPath = compiled.names.map((signal) => signal.startsWith('path['))
    expect(freedom(compiled, witness, (wire) => wire <= compiled.publicCount || isPath[wire] === true)).toBe(
      0,
    )
  })
})

test('signal', async () => {
  const random = source('soundness of signal')
  const compiled = await circuit('signal')
  const { secret, index, path, root } = voterIn(12, 2n, random)
  const scope = random()
  const statement = { scope, root, nullifier: nullifier(secret, scope), message: random() }
  const witness = compiled.calculate(signalAssignment(statement, { secret, weight: 2n, index, path }))
  expect(accepts(compiled, witness)).toBe(true)
  expect(looseSignals(compiled, witness, random)).toEqual(['message'])
  expect(freedom(compiled, witness, given(compiled))).toBe(0)
})

test('a deleted constraint is noticed unless it only excludes values far away', async () => {
  const random = source('deletion')
  const S = await circuit('S')
  const witness = S.calculate(sample('S', openRule('S'), fill('S', [1n, 5n, 0n, 2n])).input)
  const silent: Constraint[] = []
  for (let i = 0; i < SAMPLES; i++) {
    const index = Number(random() % BigInt(S.constraints.length))
    if (freedom(without(S, index), witness, given(S)) === 0) silent.push(S.constraints[index] as Constraint)
  }
  expect(silent.length).toBeLessThan(SAMPLES / 3)
  // A bit has two values and no neighbours, so only the rule's own tests (values one beyond a bound) miss its constraint;
  // and a term of a comparison, or of V, is pinned by the bits of the sum as well.
  for (const [a, b, c] of silent) {
    const names = [...a, ...b, ...c].map(([wire]) => S.names[wire] ?? '')
    const isBit = new Set(names).size <= 2 && names.includes('1')
    expect(isBit || names.some((name) => TERM.test(name)), names.join(' ')).toBe(true)
  }
})

const SAMPLES = 30
const TERM = /^terms\[\d+\]$|\.(costs|squares|least)\[\d+\]$|\.(quadraticCost|credits|leastSum|leastCount)$/

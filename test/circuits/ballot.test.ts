// SPEC 6.5: the ballot's statement as a whole: what is proven, and that nothing else fits it.
import { beforeAll, describe, expect, test } from 'vitest'
import { FIELD_ORDER, G, multiply, ORDER } from '#crypto/babyjubjub.ts'
import { assignment, publicInputs } from '#circuits/ballot.ts'
import { ballotCommitment } from '#circuits/commitment.ts'
import { poseidon } from '#circuits/poseidon.ts'
import { nullifier } from '#circuits/credential.ts'
import { rollPath } from '#circuits/roll.ts'
import { signalAssignment } from '#circuits/signal.ts'
import { SEALED_BITS } from '#circuits/sizes.ts'
import { type Circuit, circuit, provable } from './harness.ts'
import { fill, openRule, sample, source, voterIn } from './sample.ts'

const RULES = {
  plain: openRule('S'),
  weighted: openRule('S', { weighted: true, budgetPerWeight: 2n, quadratic: true }),
  ranked: openRule('S', { ranking: true, max: fill('S', [0n, 5n, 5n, 5n, 5n, 5n]) }),
  positional: openRule('S', {
    scores: fill('S', [2n, 1n]).slice(1),
    max: fill('S', [1n, 2n, 2n, 2n]),
    blank: true,
  }),
}

test('com = P(4, packed values, w, salt)', () => {
  const values = fill('S', []).map((_, i) => BigInt(1000 * i + 1))
  const packed = (list: bigint[]) => list.reduce((sum, v, i) => sum + v * 65536n ** BigInt(i), 0n)
  expect(ballotCommitment('S', values, 3n, 4n)).toBe(
    poseidon([4n, packed(values.slice(0, 15)), packed(values.slice(15)), 3n, 4n]),
  )
  const long = fill('L', [...values, ...values])
  const parts = Array.from({ length: 9 }, (_, e) => packed(long.slice(15 * e, 15 * e + 15)))
  expect(ballotCommitment('L', long, 3n, 4n)).toBe(poseidon([4n, ...parts, 3n, 4n]))
  expect(() => ballotCommitment('L', values, 3n, 4n)).toThrow(RangeError)
  expect(() => ballotCommitment('S', values.with(2, 65536n), 3n, 4n)).toThrow(RangeError)
})

test('the target is the product over the score list', () => {
  const { statement } = sample('S', RULES.positional, fill('S', [1n]))
  const target = publicInputs('S', statement)[11 + 16 + 1]
  let product = 1n
  for (const score of RULES.positional.scores ?? [])
    product = (product * (statement.gamma - score)) % FIELD_ORDER
  expect(target).toBe(((product % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER)
})

test('a statement of other lengths or with a wide coefficient is our own fault', () => {
  const { statement } = sample('S', RULES.plain, fill('S', []))
  expect(() => publicInputs('L', statement)).toThrow(RangeError)
  for (const x of [-1n, 1n << 168n])
    expect(() => publicInputs('S', { ...statement, a: statement.a.with(0, x) })).toThrow(RangeError)
  expect(publicInputs('S', { ...statement, a: statement.a.with(0, (1n << 168n) - 1n) })).toHaveLength(88)
})

describe('S', () => {
  let S: Circuit
  beforeAll(async () => {
    S = await circuit('S')
  })

  test.each([
    ['plain', fill('S', [1n, 5n, 0n, 2n])],
    ['weighted', fill('S', [1n, 2n])],
    ['ranked', fill('S', [0n, 1n, 3n, 0n, 2n])],
    ['positional', fill('S', [1n])],
    [
      'positional',
      fill(
        'S',
        [0n, 1n, 0n, 2n].map((v) => v),
      ),
    ],
  ] as const)('%s ballot %s', (name, values) => {
    const scoreless =
      name === 'positional' && values[0] === 0n ? { scores: fill('S', [2n, 1n]).slice(0, 15) } : {}
    expect(provable(S, sample('S', { ...RULES[name], ...scoreless }, values).input)).toBe(true)
  })

  test('the largest values, weight and coefficients', () => {
    const rule = openRule('S', {
      max: fill('S', []).map(() => 65535n),
      weighted: true,
      sumMax: 2n ** 20n - 1n,
      countMax: 16n,
      costMax: 2n ** 40n,
    })
    const { statement, secrets } = sample(
      'S',
      rule,
      fill('S', []).map(() => 65535n),
      { weight: 65535n },
    )
    const key = multiply(G, 12345n)
    const point = (P: typeof G) => [P.toAffine().x, P.toAffine().y] as const
    const sealed = (a: bigint[]): [V: bigint, provable: boolean] => {
      const V = 65535n * 65535n * a.reduce((sum, x) => sum + x, 0n)
      const d2 = point(multiply(key, secrets.R).add(multiply(G, V % ORDER)))
      return [V, provable(S, assignment('S', { ...statement, a, key: point(key), d2 }, secrets))]
    }
    // The largest coefficient would need a smaller value beside it: a packed sum is below 2^40 (SPEC 6.3).
    const largest = 2n ** 168n - 1n
    expect(sealed(fill('S', [largest]))).toEqual([largest * 65535n * 65535n, false])
    const most = (2n ** 177n - 1n) / (65535n * 65535n)
    const within = fill('S', []).map(() => most / 16n)
    expect(sealed(within)).toEqual([expect.any(BigInt), true])
    expect(sealed(within)[0]).toBeGreaterThan(2n ** BigInt(SEALED_BITS))
    expect(sealed(fill('S', [most]))[1]).toBe(true)
    expect(sealed(fill('S', [most + 1n]))[1]).toBe(false)
  })

  test.each(['secret', 'weight', 'index', 'values', 'R', 'salt', 'path'] as const)('another %s', (name) => {
    const { statement, secrets } = sample('S', RULES.plain, fill('S', [1n, 5n, 0n, 2n]))
    const other = {
      secret: secrets.secret + 1n,
      weight: secrets.weight + 1n,
      index: secrets.index + 1,
      values: secrets.values.with(2, 1n),
      R: secrets.R + 1n,
      salt: secrets.salt + 1n,
      path: secrets.path.with(3, [0n, 0n, 0n]),
    }
    expect(provable(S, assignment('S', statement, secrets))).toBe(true)
    expect(provable(S, assignment('S', statement, { ...secrets, [name]: other[name] }))).toBe(false)
  })

  test('a weighted contest seals w v, an unweighted one v', () => {
    const { statement, secrets } = sample('S', RULES.weighted, fill('S', [1n, 2n]))
    const unweighted = { ...statement, rule: { ...RULES.weighted, weighted: false } }
    expect(provable(S, assignment('S', statement, secrets))).toBe(true)
    expect(provable(S, assignment('S', unweighted, secrets))).toBe(false)
  })
})

describe('signal', () => {
  const random = source('signal')
  const voter = voterIn(12, 2n, random)
  const scope = random()
  const statement = { scope, root: voter.root, nullifier: nullifier(voter.secret, scope), message: random() }
  const secrets = { secret: voter.secret, weight: 2n, index: voter.index, path: voter.path }

  test('a member signals', async () => {
    expect(provable(await circuit('signal'), signalAssignment(statement, secrets))).toBe(true)
  })

  test.each(['scope', 'root', 'nullifier'] as const)('another %s', async (name) => {
    const other = signalAssignment({ ...statement, [name]: statement[name] + 1n }, secrets)
    expect(provable(await circuit('signal'), other)).toBe(false)
  })

  test("another member's place", async () => {
    const path = rollPath(voter.leaves, 4, 12)
    expect(
      provable(await circuit('signal'), signalAssignment(statement, { ...secrets, index: 4, path })),
    ).toBe(false)
  })
})

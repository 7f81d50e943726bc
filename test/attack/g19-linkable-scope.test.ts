// G19: the same credential in two elections, two contests or two logs leaves two nullifiers that nobody can link, and
// none of them blocks another. SPEC 4.3.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commitment, nullifier } from '#circuits/credential.ts'
import { leaf } from '#circuits/roll.ts'
import { sha256 } from '#crypto/hash.ts'
import { ballotContent } from '#protocol/ballot.ts'
import { scope, type ScopeKind } from '#protocol/scope.ts'
import type { LogOrigin } from '#protocol/genesis.ts'
import { answer } from '../tally/verifying.ts'
import { contest, Scene } from '../tally/scene.ts'

const log: LogOrigin = { origin: 'example.org/log', genesis: sha256(Uint8Array.of(1)) }
const E = sha256(Uint8Array.of(2))

test('one voter votes in both contests under different names, and in each contest under one', () => {
  const scene = new Scene({ contests: [contest(), contest()] })
  scene.prepare()
  scene.keygen()
  scene.open()
  scene.cast(0, [1n, 0n], 0)
  scene.cast(0, [0n, 1n], 1)
  const names = [0, 1].map((i) => [...scene.contestState(i).voters.keys()])
  expect(names.map((n) => n.length)).toEqual([1, 1])
  expect(names[0]).not.toEqual(names[1])
  // The name of the other contest is no name here: the proof was made for another scope.
  const { ballot } = scene.ballot(0, [1n, 0n], 0)
  expect(answer(scene.state, ['ballot', ballotContent(ballot)])).toBe('accepted')
  expect(ballot.envelope.nullifier).toBe(names[0]?.[0])
})

test('scopes differ by log, kind, election and contest, in whatever way these are spelled', () => {
  const kinds: ScopeKind[] = ['contest', 'support', 'opinion', 'pseudonym', 'report', 'speaker']
  const scopes = [
    ...kinds.map((kind) => scope(log, kind, E, 0)),
    scope(log, 'contest', E, 1),
    scope(log, 'contest', E),
    scope(log, 'contest', 0, E),
    scope(log, 'contest', E, '0'),
    scope(log, 'contest', sha256(E), 0),
    scope({ ...log, origin: 'example.org/lo' }, 'contest', E, 0),
    scope({ ...log, genesis: E }, 'contest', E, 0),
    scope(log, 'support', 'a', 'bc'),
    scope(log, 'support', 'ab', 'c'),
  ]
  expect(new Set(scopes).size).toBe(scopes.length)
})

test('no scope makes a nullifier equal to a commitment or a leaf', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 2n ** 250n }),
      fc.bigInt({ min: 0n, max: 2n ** 250n }),
      (secret, chosen) => {
        const public_ = commitment(secret)
        for (const at of [chosen, 0n, 1n, 2n, 3n, secret, public_]) {
          expect(nullifier(secret, at)).not.toBe(public_)
          expect(nullifier(secret, at)).not.toBe(leaf(public_, at))
        }
      },
    ),
    { numRuns: 20 },
  )
})

// E12: a sum that nobody can find. The bound follows from rule, roll and weights, is checked before the first ballot, and
// the worst election that opens decrypts. SPEC 6.3, 9.4.
import { expect, test } from 'vitest'
import { clearCofactor, decodeKey, encodePoint, multiply } from '#crypto/babyjubjub.ts'
import { encrypt } from '#crypto/elgamal.ts'
import { concat } from '#crypto/encoding.ts'
import { decryptSums } from '#tally/decryption.ts'
import { attemptKey, attemptTranscript } from '#tally/keygen.ts'
import { contest, Scene } from '../tally/scene.ts'
import { developmentSetup } from '../tally/setup.ts'
import { answer, refusalOf } from '../tally/verifying.ts'

const LARGEST = 65535n

/** Ready to open, with this many voters of the largest weight and values up to the largest. */
function scene(voters: number): Scene {
  const weighted = contest({
    rule: { type: 'score', max: LARGEST },
    weighted: true,
    count: { name: 'score', seats: 1 },
  })
  const made = new Scene({ contests: [weighted], weights: Array<bigint>(voters).fill(LARGEST) })
  made.prepare()
  made.keygen()
  return made
}

/** An opening that claims this packing, right in everything else. */
function opening({ state, election, attempt }: Scene, bits: number, perCiphertext: number) {
  const root = state.processes.get('city')?.rolls.get('residents')?.frozen?.root ?? 0n
  return {
    type: 'open-election' as const,
    election: 'budget',
    definition: election.definition,
    key: attemptKey(attempt),
    attempt: attempt.number,
    transcript: attemptTranscript(state, election, attempt),
    contests: [{ circuit: 'S' as const, root, bits, perCiphertext, ciphertexts: 2 / perCiphertext }],
    setups: [developmentSetup('S').setup],
  }
}

test('an election whose sums could pass 2^40 does not open, whatever packing its opening claims', () => {
  // 257 x 65,535^2 is above 2^40, 256 x 65,535^2 below.
  const tooMany = scene(257)
  for (const [bits, perCiphertext] of [
    [40, 1],
    [20, 2],
    [1, 2],
  ] as const)
    expect(answer(tooMany.state, ['act', tooMany.signed(opening(tooMany, bits, perCiphertext))])).toBe(
      'packing-mismatch',
    )
})

test('one that just fits opens, with the packing that holds its sums and no other', async () => {
  const fits = scene(256)
  expect(answer(fits.state, ['act', fits.signed(opening(fits, 40, 1))])).toBe('accepted')
  expect(answer(fits.state, ['act', fits.signed(opening(fits, 39, 1))])).toBe('packing-mismatch')
  expect(answer(fits.state, ['act', fits.signed(opening(fits, 20, 2))])).toBe('packing-mismatch')

  fits.open()
  fits.cast(0, [LARGEST, 1n])
  await fits.close()
  fits.tally()
  const { threshold } = fits.election.manifest
  expect(fits.contestState().shares.size).toBeGreaterThanOrEqual(threshold)
  expect(decryptSums(fits.election, fits.contestState())).toEqual([LARGEST * LARGEST, LARGEST])

  // The largest sum of the whole roll is found; one more is no sum of its ballots, and said to be none.
  const most = 256n * LARGEST * LARGEST
  expect(sums(fits, most)).toEqual([most, 0n])
  expect(refusalOf(() => sums(fits, most + 1n))).toBe('tally-undecodable')
})

/** What decoding makes of aggregates that hold (m, 0), decrypted by the guardians who have spoken. */
function sums(of: Scene, m: bigint): bigint[] | undefined {
  const contest = of.contestState()
  const key = decodeKey(of.opening().key)
  const means = [m, 0n].map((value, i) => {
    const { c1, c2 } = encrypt(key, value, BigInt(i + 2))
    return { c1: clearCofactor(c1), c2: clearCofactor(c2) }
  })
  const aggregate = means.map(({ c1, c2 }) => concat(encodePoint(c1), encodePoint(c2)))
  const shares = new Map(
    [...contest.shares.keys()].map((g) => [g, means.map(({ c1 }) => encodePoint(multiply(c1, of.share(g))))]),
  )
  return decryptSums(of.election, { ...contest, aggregate, shares })
}

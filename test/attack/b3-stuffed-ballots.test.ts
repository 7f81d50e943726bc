// B3: a server that stuffs the ballot box. With the real prover: without a credential of the frozen roll there is no
// proof, and a credential gives one nullifier, so that no more ballots count than the roll has members (SPEC 4.2, 8.3).
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureArtifacts } from '#circuits/build/artifacts.ts'
import { releaseCurve } from '#circuits/curve.ts'
import { commitment, nullifier } from '#circuits/credential.ts'
import { leaf, rollPath, rollRoot } from '#circuits/roll.ts'
import type { Act } from '#protocol/act.ts'
import { type Ballot, ballotContent, type BallotContext } from '#protocol/ballot.ts'
import { proveBallot } from '#protocol/cast.ts'
import { seal } from '#protocol/seal.ts'
import { rootOf } from '#tally/rolls.ts'
import { judge } from '../tally/judging.ts'
import { PROCESS, Scene } from '../tally/scene.ts'
import { answer, failures, inspect } from '../tally/verifying.ts'

/** Somebody who was on the roll, ahead of all, and was removed before it was frozen. */
const removed = 987654321n
const scene = new Scene({ guardians: 1, removed: [removed] })
let files: { witnessCode: Uint8Array; provingKey: Uint8Array }
const stranger = 123456789n

beforeAll(async () => {
  const { S } = (await ensureArtifacts(undefined, {})).circuits
  files = { witnessCode: await readFile(S.wasm.path), provingKey: await readFile(S.zkey.path) }
  scene.prepare()
  scene.keygen()
  scene.open()
})
afterAll(releaseCurve)

const leaves = () => scene.voters.map((v) => leaf(commitment(v.secret), v.weight))

/** A ballot with a real proof, or a rejection where there is no witness for it. */
function prove(
  secret: bigint,
  index: number,
  roll: bigint[],
  changes: Partial<BallotContext> = {},
  weight = 1n,
): Promise<Ballot> {
  const { context } = scene.contestState()
  const own = nullifier(secret, context.scope)
  const sequence = scene.contestState().voters.get(own)?.ballots ?? 0
  const sealing = seal(context, { nullifier: own, weight }, sequence, [1n, 0n])
  const voter = { secret, nullifier: own, weight, index, path: rollPath(roll, index, 10) }
  return proveBallot({ ...context, ...changes }, sealing, voter, files)
}

test('a voter of the roll has a proof, which the observer accepts', async () => {
  const ballot = await prove(scene.voter(1).secret, 1, leaves())
  expect(judge(scene, ballot)).toBe('accepted')
  scene.offer(['ballot', ballotContent(ballot)])
  expect(failures(await inspect(scene.entries))).toEqual([])
  // Once more is the same voter: it replaces, and adds nobody.
  const again = await prove(scene.voter(1).secret, 1, leaves())
  expect(again.envelope.nullifier).toBe(ballot.envelope.nullifier)
  expect(again.body.sequence).toBe(1)
})

test('a stranger has none, at no place and with no weight of another', async () => {
  await expect(prove(stranger, 0, leaves())).rejects.toThrow()
  await expect(prove(stranger, 3, [...leaves(), 0n])).rejects.toThrow()
  await expect(prove(scene.voter(1).secret, 0, leaves())).rejects.toThrow()
  await expect(prove(scene.voter(1).secret, 1, leaves(), {}, 2n)).rejects.toThrow()
})

test('a proof in a roll with one member more is none in the frozen roll, for the server and for the observer', async () => {
  const stuffed = [...leaves(), leaf(commitment(stranger), 1n)]
  const ballot = await prove(stranger, 3, stuffed, { root: rollRoot(stuffed, 10) })
  expect(judge(scene, ballot)).toBe('ballot-proof-invalid')
  const at = scene.offer(['ballot', ballotContent(ballot)])
  expect(failures(await inspect(scene.entries))).toEqual([`V8@${at} ballot-proof-invalid`])
})

test('who was removed has none in the frozen roll, and one in the roll of before is none', async () => {
  const before = [leaf(commitment(removed), 1n), ...leaves()]
  await expect(prove(removed, 0, before)).rejects.toThrow()
  await expect(prove(removed, 0, leaves())).rejects.toThrow()
  const ballot = await prove(removed, 0, before, { root: rollRoot(before, 10) })
  expect(judge(scene, ballot)).toBe('ballot-proof-invalid')
})

test('nobody joins a frozen roll, and no election opens on another', () => {
  const added: Act = {
    type: 'add-to-roll',
    roll: 'residents',
    credentials: [{ commitment: commitment(stranger), weight: 1n, row: new Uint8Array(32) }],
  }
  expect(answer(scene.state, ['act', scene.signed(added)])).toBe('roll-frozen')
  expect(answer(scene.state, ['act', scene.signed({ ...added, roll: 'others' })])).toBe('accepted')

  const other = new Scene({ guardians: 1 })
  other.prepare()
  other.keygen()
  const opening = other.opening()
  const roll = other.state.processes.get(PROCESS)?.rolls.get('residents')
  if (roll === undefined) throw new Error('there is a roll')
  const credentials = [
    ...roll.credentials,
    { commitment: commitment(stranger), weight: 1n, row: new Uint8Array(32) },
  ]
  const root = rootOf({ ...roll, credentials })
  expect(answer(other.state, ['act', other.signed(opening)])).toBe('accepted')
  const contests = opening.contests.map((c) => ({ ...c, root }))
  expect(answer(other.state, ['act', other.signed({ ...opening, contests })])).toBe('roll-mismatch')
})

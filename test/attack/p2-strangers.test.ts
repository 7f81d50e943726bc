// P2: somebody who is not on the roll takes part, with a credential of their own or one that was struck from it. The circuit
// proves for members of the very roll alone, and the gate takes no other roll than the plan's. SPEC 4.2, 12.2.
import { beforeAll, expect, test } from 'vitest'
import { commitment, nullifier } from '#circuits/credential.ts'
import { leaf, rollRoot, rollTree, treePath } from '#circuits/roll.ts'
import { signalAssignment } from '#circuits/signal.ts'
import { type Deed, type Signal, signalScope, signalStatement } from '#protocol/signal.ts'
import { circuit, provable } from '../circuits/harness.ts'
import { People, planOf, textOf } from '../tally/people.ts'
import { PROCESS, Scene } from '../tally/scene.ts'

const [STRANGER, STRUCK] = [77n, 78n]
const LEVELS = 12
const deed: Deed = { type: 'propose', text: textOf('A pond') }

const scene = new Scene({ removed: [STRUCK] })
let people: People
beforeAll(() => {
  scene.enrol()
  people = new People(scene, planOf())
})

/** A proposal under a secret's own pseudonym. */
function signalOf(secret: bigint): Omit<Signal, 'proof'> {
  const own = nullifier(secret, signalScope(scene.log, PROCESS, deed))
  return { process: PROCESS, deed, sequence: 0, nullifier: own }
}

test('has no proof to give, whichever place on the roll they claim', async () => {
  const tree = rollTree(
    scene.voters.map(({ secret, weight }) => leaf(commitment(secret), weight)),
    LEVELS,
  )
  const signal = await circuit('signal')
  const proves = (secret: bigint, index: number) =>
    provable(
      signal,
      signalAssignment(signalStatement(scene.log, people.participation.root, signalOf(secret)), {
        ...{ secret, weight: 1n, index, path: treePath(tree, index) },
      }),
    )
  const places = scene.voters.map((_, i) => i)
  for (const { secret } of scene.voters)
    expect(places.filter((i) => proves(secret, i))).toEqual([
      scene.voters.findIndex((v) => v.secret === secret),
    ])
  for (const secret of [STRANGER, STRUCK, 0n]) expect(places.some((i) => proves(secret, i))).toBe(false)
})

test('is refused with a proof over a roll of their own, or one for somebody else', () => {
  const { root } = people.participation
  const own = rollRoot([leaf(commitment(STRANGER), 1n)], LEVELS)
  people.process.participation = { ...people.participation, root: own }
  const forged = people.proof(signalOf(STRANGER))
  people.process.participation = { ...people.participation, root }
  expect(people.judge({ ...signalOf(STRANGER), proof: forged })).toBe('signal-proof-invalid')
  const member = people.signal(0, deed)
  expect(people.judge(member)).toBe('accepted')
  expect(people.judge({ ...signalOf(STRANGER), proof: member.proof })).toBe('signal-proof-invalid')
})

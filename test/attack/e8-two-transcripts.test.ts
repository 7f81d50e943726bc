// E8: a server shows guardians different ledgers, with the help of one who deals twice. Each confirms the hash of all
// that it saw: a confirmation fits one transcript only, and its fingerprint differs for people who compare (SPEC 5.4).
import { beforeAll, expect, test } from 'vitest'
import { fingerprint } from '#client/guardian/keygen.ts'
import { decodeEntry, type Entry } from '#protocol/entry.ts'
import type { GuardianMessageOf } from '#protocol/guardian.ts'
import { type AttemptSecrets, commitMessage, dealMessage, judgeDeals } from '#tally/guardian.ts'
import { attemptTranscript } from '#tally/keygen.ts'
import { Scene } from '../tally/scene.ts'
import { answer, flip } from '../tally/verifying.ts'

const TRAITOR = 3

let secrets: Map<number, AttemptSecrets>
let seen: Scene
let hidden: Scene

beforeAll(() => {
  seen = new Scene()
  seen.prepare()
  secrets = seen.startKeygen()
  const { state, election, attempt } = seen
  for (const [g, s] of secrets) seen.say(g, commitMessage(state, election, attempt, g, s))
  for (const [g, s] of secrets) seen.say(g, s.reveal)
  for (const [g, s] of secrets) if (g !== TRAITOR) seen.say(g, dealMessage(state, election, attempt, g, s))
  hidden = new Scene()
  for (const entry of seen.entries) hidden.offer(decodeEntry(entry))
  // The traitor's share for guardian 2 differs between the two worlds; guardian 1 sees nothing odd in either.
  const own = secrets.get(TRAITOR)
  if (own === undefined) throw new Error('no secrets')
  const deal = dealMessage(state, election, attempt, TRAITOR, own) as GuardianMessageOf<'deal'>
  const [first, second] = deal.shares
  if (first === undefined || second === undefined) throw new Error('too few shares')
  seen.say(TRAITOR, deal)
  hidden.say(TRAITOR, { type: 'deal', shares: [first, flip(second)] })
})

function confirmation(scene: Scene, guardian: number): Entry {
  const own = secrets.get(guardian)
  if (own === undefined) throw new Error('no secrets')
  const { message } = judgeDeals(scene.state, scene.election, scene.attempt, guardian, own)
  return scene.guardianEntry(guardian, message)
}

const shown = (scene: Scene) => fingerprint(attemptTranscript(scene.state, scene.election, scene.attempt))

test('a confirmation is accepted where it was made, and refused on the other ledger', () => {
  expect(answer(seen.state, confirmation(seen, 1))).toBe('accepted')
  expect(answer(hidden.state, confirmation(hidden, 1))).toBe('accepted')
  expect(answer(hidden.state, confirmation(seen, 1))).toBe('keygen-transcript-mismatch')
  expect(answer(seen.state, confirmation(hidden, 1))).toBe('keygen-transcript-mismatch')
})

test('people who compare fingerprints see the difference in 160 bits', () => {
  expect(shown(seen)).not.toBe(shown(hidden))
  expect(shown(seen).replaceAll('-', '')).toHaveLength(32)
})

test('a message signed for one ledger is nobody’s on a ledger of another identity', () => {
  const other = new Scene()
  other.found({ logId: new Uint8Array(32) })
  expect(other.log.genesis).not.toEqual(seen.log.genesis)
  const foreign = new Scene()
  // The same history, told on the other ledger.
  foreign.found = () => Scene.prototype.found.call(foreign, { logId: new Uint8Array(32) })
  foreign.prepare()
  foreign.startKeygen()
  const [g, s] = [1, secrets.get(1)]
  if (s === undefined) throw new Error('no secrets')
  const commit = commitMessage(seen.state, seen.election, seen.attempt, g, s)
  expect(answer(foreign.state, foreign.guardianEntry(g, commit))).toBe('accepted')
  expect(answer(foreign.state, seen.guardianEntry(g, commit))).toBe('guardian-signature-invalid')
})

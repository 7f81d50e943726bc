// B10: an election whose words or rules are changed after it was defined. Every letter of the manifest, in every
// language, is under the hash that the opening names, and that under E in every ballot. SPEC 8.1, 8.2.
import { beforeAll, describe, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { ballotContent } from '#protocol/ballot.ts'
import { decodeEntry, encodeEntry, type Entry } from '#protocol/entry.ts'
import type { Contest, Manifest } from '#protocol/manifest.ts'
import { contest, Scene } from '../tally/scene.ts'
import { attachmentsOf } from '../tally/setup.ts'
import { answer, failedChecks, inspect } from '../tally/verifying.ts'

const PICTURE = new TextEncoder().encode('a tree')
const PICTURE_HASH = sha256(PICTURE)
const attachments = [...attachmentsOf('S'), PICTURE]
const both = (en: string, fi: string) => ({ en, fi })
const plan = {
  contests: [
    contest({
      title: both('Which?', 'Kumpi?'),
      options: [
        {
          ...{ id: 'a', title: both('Park', 'Puisto'), description: both('Trees.', 'Puita.') },
          ...{ picture: { hash: PICTURE_HASH, alt: both('A tree', 'Puu') }, point: { lat: 1, lon: 2 } },
        },
        { id: 'b', title: both('Road', 'Tie') },
      ],
    }),
  ],
  manifest: { title: both('Budget', 'Budjetti'), description: both('-', '-'), languages: ['en', 'fi'] },
}
const before = new Scene(plan)
const scene = new Scene(plan)
let definedAt: number
let finished: Scene

beforeAll(async () => {
  finished = new Scene(plan)
  await finished.run([[[1n, 0n]], [[0n, 1n]]])
  before.prepare()
  before.keygen()
  scene.prepare()
  definedAt = scene.entries.length - 1
  scene.keygen()
  scene.open()
})

const [first] = plan.contests
if (first === undefined) throw new Error('a contest')
const picture = { hash: PICTURE_HASH, alt: both('A tree', 'Puu') }
/** Changes what is said of the option of which most is said. */
const shown =
  (changes: Partial<Contest['options'][number]>) =>
  (m: Manifest): Manifest => {
    const [park, ...others] = first.options
    if (park === undefined) throw new Error('an option')
    return { ...m, contests: [{ ...first, options: [{ ...park, ...changes }, ...others] }] }
  }
const EDITS: Record<string, (manifest: Manifest) => Manifest> = {
  'a translation': (m) => ({
    ...m,
    contests: [
      { ...first, options: first.options.map((o) => ({ ...o, title: both(o.title['en'] ?? '', 'Muu') })) },
    ],
  }),
  'a description': shown({ description: both('Trees.', 'Pensaita.') }),
  'a picture': shown({ picture: { ...picture, hash: sha256(PICTURE_HASH) } }),
  'what a picture shows': shown({ picture: { ...picture, alt: both('A tree', 'Kanto') } }),
  'a place': shown({ point: { lat: 1, lon: 3 } }),
  'how lists begin': (m) => ({ ...m, contests: [{ ...first, order: 'rotated' }] }),
  'the order of options': (m) => ({ ...m, contests: [{ ...first, options: first.options.toReversed() }] }),
  'the rule': (m) => ({
    ...m,
    contests: [
      { ...first, rule: { type: 'approval', min: 1n, max: 1n }, count: { name: 'approval', seats: 1 } },
    ],
  }),
  seats: (m) => ({ ...m, contests: [{ ...first, count: { name: 'plurality', seats: 2 } }] }),
  'the minimum of ballots': (m) => ({ ...m, minBallots: 2 }),
  practice: (m) => ({ ...m, practice: !m.practice }),
  'closing time': (m) => ({ ...m, closesAt: m.closesAt + 1 }),
  revoting: (m) => ({ ...m, revoting: 'first' }),
}

function edited(entry: Uint8Array, edit: (manifest: Manifest) => Manifest): Entry {
  const [type, content] = decodeEntry(entry)
  if (type !== 'act' || content.act.type !== 'define-election') throw new Error('not a definition')
  return ['act', { ...content, act: { ...content.act, manifest: edit(content.act.manifest) } }]
}

describe.each(Object.entries(EDITS))('editing %s', (_, edit) => {
  test('gives another definition, which the opening does not name', () => {
    const entry = scene.entries[definedAt] ?? new Uint8Array()
    const other = encodeEntry(edited(entry, edit))
    expect(toHex(sha256(other))).not.toBe(toHex(sha256(entry)))
    // Even signed by the official, an opening of the other definition is refused.
    const act = { ...before.opening(), definition: sha256(other) }
    expect(answer(before.state, ['act', before.signed(act)])).toBe('manifest-invalid')
    expect(answer(before.state, ['act', before.signed(before.opening())])).toBe('accepted')
  })
  test('in a finished record is found', async () => {
    const entries = finished.entries.map((entry, i) =>
      i === definedAt ? encodeEntry(edited(entry, edit)) : entry,
    )
    expect(failedChecks(await inspect(entries, { attachments }))).toContain('V4')
  })
})

test('positive control: the finished record passes', async () =>
  expect(failedChecks(await inspect(finished.entries, { attachments }))).toEqual([]))

test('an election is defined once and opened once', () => {
  const again = scene.signed({ type: 'define-election', election: 'budget', manifest: scene.manifest })
  expect(answer(scene.state, ['act', again])).toBe('already-exists')
  expect(answer(scene.state, ['act', scene.signed(scene.opening())])).toBe('already-exists')
})

test('a ballot made for another opening counts nowhere', () => {
  const { ballot } = scene.ballot(0, [1n, 0n])
  for (const at of [0, 15, 31]) {
    const election = ballot.body.election.with(at, (ballot.body.election[at] ?? 0) ^ 1)
    const elsewhere = ballotContent({ ...ballot, body: { ...ballot.body, election } })
    expect(answer(scene.state, ['ballot', elsewhere])).toBe('ballot-wrong-election')
  }
  expect(answer(scene.state, ['ballot', ballotContent(ballot)])).toBe('accepted')
})

// P10: a verified name that is not its person's, or leads from its person to what they say and vote otherwise. Whoever has the whole
// record tries to tell which pseudonym, supporter and speaker are one; somebody tries to speak as another. SPEC 4.3, 12.12.
import { expect, test } from 'vitest'
import { bigintToBytes, toHex } from '#crypto/encoding.ts'
import { encodeBase64 } from '#ledger/base64.ts'
import { decodeEntry } from '#protocol/entry.ts'
import { type Deed, signalOf } from '#protocol/signal.ts'
import { isName } from '#protocol/name.ts'
import { Correspondence } from '../server/correspondence.ts'
import { asked, credentialOf, introduction, register, send, shown } from '../server/naming.ts'
import { refusal } from '../server/stage.ts'
import { People, planOf, textOf } from '../tally/people.ts'
import { Scene } from '../tally/scene.ts'

const PEOPLE = 6

/** A record of people who each speak under a pseudonym and under a name and support, in these orders. */
function recordOf(
  pseudonyms: readonly number[],
  names: readonly number[],
  voice: { as?: 'speaker' } = { as: 'speaker' },
): People {
  const scene = new Scene({ weights: Array.from({ length: PEOPLE }, () => 1n) })
  scene.enrol()
  const people = new People(scene, planOf({}, { daily: 20 }))
  const proposal = people.propose(pseudonyms[0] ?? 0)
  for (const person of pseudonyms) people.comment(person, proposal, `pseudonym of ${person}`)
  for (const [i, person] of names.entries()) {
    const introduction = people.introduce(person, `name ${i}`)
    scene.act({ type: 'vouch-name', introduction, holds: true, number: 1 })
    const deed = {
      type: 'comment',
      about: proposal,
      stance: 'for',
      text: textOf(`named ${i}`),
      ...voice,
    } as const
    people.act(person, deed)
    people.act(person, { type: 'support', proposal, on: true })
  }
  return people
}

/** All that the record says of signals but for their proofs and nullifiers, which are random to whoever has no secret. */
function visible({ scene }: People): unknown[] {
  return scene.entries.flatMap((bytes) => {
    const [type, content] = decodeEntry(bytes)
    return type === 'signal' ? [{ ...signalOf(content), nullifier: 0, proof: 0 }] : []
  })
}

/** Nullifiers of what the record has of a kind of deed. */
function nullifiersOf({ scene }: People, type: Deed['type']): Set<bigint> {
  const found = scene.entries.flatMap((bytes) => {
    const entry = decodeEntry(bytes)
    return entry[0] === 'signal' ? [signalOf(entry[1])] : []
  })
  return new Set(found.flatMap(({ deed, nullifier }) => (deed.type === type ? [nullifier] : [])))
}

const STRAIGHT = [0, 1, 2, 3, 4, 5]
const CROSSED = [3, 5, 1, 0, 2, 4]

test('the record is the same whichever speaker is which pseudonym, but for numbers that no two scopes share', () => {
  const record = recordOf(STRAIGHT, STRAIGHT)
  expect(visible(record)).toEqual(visible(recordOf(STRAIGHT, CROSSED)))
  const [commented, supported] = [nullifiersOf(record, 'comment'), nullifiersOf(record, 'support')]
  expect([commented.size, supported.size]).toEqual([2 * PEOPLE, PEOPLE])
  expect(new Set([...commented, ...supported]).size).toBe(3 * PEOPLE)
  expect(new Set([...commented, ...nullifiersOf(record, 'introduce')])).toEqual(commented)
})

test('the measures see a link where there is one: people who speak under their pseudonym again', () => {
  const record = recordOf(STRAIGHT, STRAIGHT, {})
  expect(visible(record)).not.toEqual(visible(recordOf(STRAIGHT, CROSSED, {})))
  expect(nullifiersOf(record, 'comment').size).toBe(PEOPLE)
})

test('nobody introduces themselves as somebody else on the roll, or hands on what another has sent', async () => {
  await using at = await Correspondence.begin(3, { daily: 20 })
  const { people, server } = at
  await register(server, people, ['Jane Doe', 'Eve'])
  const jane = toHex(bigintToBytes(credentialOf(people, 0), 32))
  const forged = [
    // Eve's nullifier, Jane's credential, with every proof that Eve can make.
    { commitment: jane },
    {
      commitment: jane,
      proof: encodeBase64(shown(people, introduction(people, 1, 'Jane Doe'), credentialOf(people, 1))),
    },
    {
      commitment: jane,
      proof: encodeBase64(people.signal(1, introduction(people, 1, 'Jane Doe').deed).proof),
    },
    // What Jane's device has sent, under Eve's entry.
    { commitment: jane, proof: asked(people, 0, 'Jane Doe').proof },
  ]
  for (const changes of forged)
    expect(await refusal(await send(server, asked(people, 1, 'Jane Doe', changes)))).toEqual([
      422,
      'signal-proof-invalid',
    ])
  expect((await send(server, asked(people, 0, 'Jane Doe'))).status).toBe(201)
})

test('nobody speaks under a name before officials have found it to hold', () => {
  const scene = new Scene()
  scene.enrol()
  const people = new People(scene, planOf({}, { daily: 20 }))
  const deed: Deed = { type: 'propose', text: textOf('A pond'), as: 'speaker' }
  const introduction = people.introduce(0, 'Jane Doe')
  expect(people.asked(0, deed)).toBe('name-not-vouched')
  scene.act({ type: 'vouch-name', introduction, holds: true, number: 1 })
  expect(people.asked(0, deed)).toBe('accepted')
  expect(people.asked(1, deed)).toBe('name-not-vouched')
})

test('no name looks as if it were verified, numbered or turned', () => {
  for (const name of [
    'Jane Doe \u2713',
    'Jane Doe (2)',
    'Jane Doe, verified',
    '\u202eeoD enaJ',
    'J\u0430ne Doe',
  ])
    expect(isName(name)).toBe(false)
  expect(isName('Jane Doe')).toBe(true)
})

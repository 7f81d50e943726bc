// The examples of docs/protocol.md on comments that are sealed and names that are verified, recomputed as the others are.
import { createCipheriv, createHash, createHmac, hkdfSync } from 'node:crypto'
import { commitment, nullifier } from '#circuits/credential.ts'
import { leaf, rollRoot } from '#circuits/roll.ts'
import { decodeKey, encodeField, encodePoint, G, multiply } from '#crypto/babyjubjub.ts'
import { bytesToBigint, concat, fromHex, toHex } from '#crypto/encoding.ts'
import { hashToBytes, hashToField } from '#crypto/hash.ts'
import { type Act } from '#protocol/act.ts'
import { encodeCbor } from '#protocol/codec.ts'
import { checkSeal, openBox, type SealedComment } from '#protocol/sealed-comment.ts'
import { type Deed, signalContent } from '#protocol/signal.ts'
import { approvedBy, naming, Passkey } from '../tally/passkey.ts'
import { People, planOf, textOf } from '../tally/people.ts'
import { ELECTION, PROCESS, Scene } from '../tally/scene.ts'
import { Sealing, sealingPlan } from '../tally/sealing.ts'
import { attachmentsOf } from '../tally/setup.ts'
import { failures, inspect } from '../tally/verifying.ts'
import { answersOf } from './answers.ts'
import { LOG, type Recipe } from './spec-examples.ts'

export const SEALS_AND_NAMES: Record<string, Recipe> = {
  '12.11': (given) => {
    const bytesOf = (name: string) => fromHex(given(name))
    const joint = bytesOf('Y')
    const [about, until] = [Number(given('about')), Number(given('until'))]
    const [r, key] = [BigInt(given('r')), bytesOf('key of the commitment')]
    const names = [LOG.origin, LOG.genesis, given('process'), given('election'), joint]
    const c1 = encodePoint(multiply(G, r))
    const commitment = createHmac('sha256', key).update(given('text')).digest()
    const shared = multiply(decodeKey(joint), r)
    const info = hashToBytes('sealed-comment-box', encodeCbor([...names, c1, commitment]), 32)
    const salt = 'comitia/v1/comment-sealing/babyjubjub'
    const keys = Buffer.from(hkdfSync('sha256', encodePoint(shared), salt, info, 44))
    const cipher = createCipheriv('chacha20-poly1305', keys.subarray(0, 32), keys.subarray(32), {
      authTagLength: 16,
    })
    const plaintext = encodeCbor({ key, text: given('text') })
    const box = concat(cipher.update(plaintext), cipher.final(), cipher.getAuthTag())
    const boxHash = createHash('sha256').update(box).digest()
    const bound = [...names, bytesOf('N'), about, until, commitment, boxHash]
    const context = hashToBytes('sealed-comment', encodeCbor(bound), 32)
    const place = { log: LOG, process: given('process'), election: given('election'), joint }
    const deed: SealedComment = {
      ...{ type: 'sealed-comment', about, until, text: commitment, box: boxHash, key: c1 },
      proof: bytesOf('proof'),
    }
    return {
      c1: toHex(c1),
      commitment: commitment.toString('hex'),
      'r Y': toHex(encodePoint(shared)),
      info: toHex(info),
      box: toHex(box),
      'box hash': boxHash.toString('hex'),
      context: toHex(context),
      'proof holds': String(checkSeal(place, bytesToBigint(bytesOf('N')), deed)),
      'what the box holds': openBox(place, deed, shared, box)?.text ?? 'nothing',
      ...sealedBefore(given('text')),
    }
  },
  '12.12': async (given) => {
    const scene = new Scene({ officials: ['ada', 'ben'] })
    scene.enrol()
    const owners = naming(['ada', 'ben'])
    const others = (['mia', 'reg'] as const).map((id) => {
      const role = id === 'mia' ? ('moderator' as const) : ('registrar' as const)
      return { id, name: id, role, key: new Passkey(id).key }
    })
    scene.act({ ...owners, officials: [...owners.officials, ...others] })
    const people = new People(scene, planOf({}, { daily: 20 }))
    const said = answersOf(scene)
    const deed = (person: number, what: Deed) => said(['signal', signalContent(people.signal(person, what))])
    const scope = hashToField('scope', encodeCbor([LOG.origin, LOG.genesis, 'speaker', given('process')]))
    const s = bytesToBigint(fromHex(given('s')))
    const alone = rollRoot([leaf(commitment(s), BigInt(given('weight')))], 12)
    const proposal = people.propose(0)
    const introduction = scene.entries.length
    const find = (by: string) => {
      const act: Act = { type: 'vouch-name', introduction, holds: true, number: 1 }
      const place = { process: PROCESS, stateCounter: people.process.counter }
      return said([
        'act',
        approvedBy(scene.founded, { ...place, expiry: scene.state.time + 60_000, act }, [by]),
      ])
    }
    const comment = (text: string): Deed => {
      return { type: 'comment', about: proposal, stance: 'for', text: textOf(text), as: 'speaker' }
    }
    const answers = {
      scope: toHex(encodeField(scope)),
      N: toHex(encodeField(nullifier(s, scope))),
      C: toHex(encodeField(commitment(s))),
      'root of a roll of C alone': toHex(encodeField(alone)),
      introduced: deed(1, { type: 'introduce', text: textOf('Jane Doe') }),
      'a comment under the name before': deed(1, comment('Mine')),
      'found to hold by a moderator': find('mia'),
      'found to hold by a registrar': find('reg'),
      'found to hold again': find('reg'),
    }
    const target = scene.entries.length
    const then = {
      'a comment under the name then': deed(1, comment('Mine')),
      'edited under the pseudonym': deed(1, { type: 'edit', comment: target, text: textOf('Ours') }),
      'another name beside it': deed(1, { type: 'introduce', text: textOf('Jane Roe') }),
      'the name erased under the pseudonym': deed(1, { type: 'erase', target: introduction }),
      'the name erased': deed(1, { type: 'erase', target: introduction, as: 'speaker' }),
      'a comment under the name afterwards': deed(1, comment('Also mine')),
      'the comment erased': deed(1, { type: 'erase', target, as: 'speaker' }),
      'another name now': deed(1, { type: 'introduce', text: textOf('Jane Roe') }),
    }
    const found = failures(await inspect(scene.entries, { attachments: attachmentsOf('signal') }))
    return { ...answers, ...then, 'the record': found.length === 0 ? 'sound' : found.join() }
  },
}

/** What the gate says from the plan on, until a comment of this text is open. */
function sealedBefore(text: string): Record<string, string> {
  const scene = new Scene()
  scene.prepare()
  const said = answersOf(scene)
  const act = (one: Act) => said(['act', scene.signed(one)])
  const again: Act = { type: 'start-keygen', election: ELECTION, attempt: 2, guardians: [1, 2, 3] }
  const phases = planOf().phases.map((phase) => ({ ...phase, allows: ['sealed-comment' as const] }))
  const sealedTo = { election: ELECTION, key: encodePoint(G) }
  const plans = {
    'a plan that seals them to nobody': act(planOf({ phases })),
    'one that seals them to a key that is not made': act(planOf({ phases }, { sealedTo })),
  }
  scene.keygen()
  const made = { 'a plan that seals them to guardians': act(sealingPlan(scene)) }
  const at = new Sealing(scene, sealingPlan(scene))
  const deed = (person: number, what: Deed) => said(['signal', signalContent(at.people.signal(person, what))])
  const open = (guardian: number) => said(scene.guardianEntry(guardian, at.unsealing(guardian)))
  const { deed: mine, box } = at.seal(1, text)
  const { deed: theirs } = at.seal(2, 'Another')
  const reply = { type: 'comment', stance: 'remark', text: textOf('How large?') } as const
  const answers = {
    'another key for these guardians': act(again),
    'a sealed comment': deed(1, mine),
    'the same by somebody else': deed(2, { ...mine, text: textOf('Its text') }),
    'with the c1 of another': deed(2, { ...theirs, key: mine.key }),
    'an answer to it': deed(2, { ...reply, about: scene.entries.length - 1 }),
    'opened before its time': open(1),
  }
  const index = scene.entries.length - 1
  at.people.passTo(10)
  const opened = { 'opened by the first guardian': open(1) }
  scene.act(sealingPlan(scene, {}, 15))
  return {
    ...{ ...plans, ...made, ...answers, ...opened },
    'one more sealed comment': deed(2, at.seal(2, 'Late').deed),
    'opened by the second guardian': open(2),
    'what it says': at.read([box]).join(),
    'an answer to it then': deed(2, { ...reply, about: index }),
  }
}

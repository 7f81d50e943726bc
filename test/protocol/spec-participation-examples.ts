// The examples of docs/protocol.md on taking part beside voting, recomputed. Each recipe takes what its section gives and
// returns what the section says follows.
import { createCipheriv, createHash, createHmac, hkdfSync } from 'node:crypto'
import { commitment, nullifier } from '#circuits/credential.ts'
import { leaf, rollRoot } from '#circuits/roll.ts'
import { decodeKey, encodeField, encodePoint, G, multiply } from '#crypto/babyjubjub.ts'
import { bytesToBigint, concat, fromHex, toHex } from '#crypto/encoding.ts'
import { hashToBytes, hashToField } from '#crypto/hash.ts'
import { type Act, actCodec } from '#protocol/act.ts'
import { decodeCbor, encodeCbor } from '#protocol/codec.ts'
import type { Entry } from '#protocol/entry.ts'
import type { Contest } from '#protocol/manifest.ts'
import type { Measure } from '#protocol/moderation.ts'
import { seedName } from '#protocol/opinion.ts'
import { checkSeal, openBox, type SealedComment } from '#protocol/sealed-comment.ts'
import { type Deed, signalContent } from '#protocol/signal.ts'
import { approvedBy, naming, Passkey } from '../tally/passkey.ts'
import { People, planOf, textOf } from '../tally/people.ts'
import { promiseOf } from '../tally/promises.ts'
import { assessmentOf, electionOf } from '../tally/assessing.ts'
import { ELECTION, PROCESS, Scene } from '../tally/scene.ts'
import { Sealing, sealingPlan } from '../tally/sealing.ts'
import { questionOf, sealedElection, statementPlan } from '../tally/questions.ts'
import { attachmentsOf } from '../tally/setup.ts'
import { failures, inspect } from '../tally/verifying.ts'
import { answersOf } from './answers.ts'
import { LOG, type Recipe } from './spec-examples.ts'

/** A process in which people take part, and what its gate says to an entry. */
function begun(plan = planOf({}, { daily: 20 })) {
  const scene = new Scene()
  scene.enrol()
  return { scene, people: new People(scene, plan), said: answersOf(scene) }
}

export const PARTICIPATION: Record<string, Recipe> = {
  '12.1': (given) => {
    const act = actCodec.decode(fromHex(given('act')))
    if (act.type !== 'plan-process' || act.participation === undefined) throw new Error('not such a plan')
    const { phases, participation } = act
    const scene = new Scene()
    scene.enrol()
    const said = answersOf(scene)
    const entry = (plan: typeof act): Entry => ['act', scene.signed(plan)]
    return {
      phases: phases.map(({ title, allows }) => `${title['en'] ?? ''} (${allows.join()})`).join(', '),
      'answer owed at': `${participation.threshold}, within ${participation.answerDays} days`,
      'with a roll that is not there': said(entry(planOf({}, { roll: 'nobody' }))),
      'with the roll': said(entry(planOf())),
    }
  },
  '12.2': (given) => {
    const deed = { type: 'support', proposal: Number(given('proposal')), on: true }
    const process = given('process')
    const body = encodeCbor([1, process, deed, Number(given('sequence number'))])
    const log = [LOG.origin, LOG.genesis]
    const under = hashToField('scope', encodeCbor([...log, 'support', process, deed.proposal]))
    const own = nullifier(bytesToBigint(fromHex(given('s'))), under)
    return {
      body: toHex(body),
      scope: toHex(encodeField(under)),
      N: toHex(encodeField(own)),
      message: toHex(encodeField(hashToField('signal-message', encodeCbor([...log, body])))),
      hash: toHex(hashToBytes('signal', concat(body, encodeField(own)), 32)),
    }
  },
  '12.3': () => {
    const scene = new Scene()
    scene.enrol()
    const people = new People(scene, planOf({}, { threshold: 2 }))
    const said = answersOf(scene)
    const deed = (person: number, what: Deed) => said(['signal', signalContent(people.signal(person, what))])
    const proposal = scene.entries.length
    const support = { type: 'support', proposal, on: true } as const
    const given = people.signal.bind(people)
    const answers = {
      'a proposal': deed(0, { type: 'propose', text: textOf('A pond') }),
      'revised by somebody else': deed(1, { type: 'revise', proposal, text: textOf('A lake') }),
      'supported by its author': deed(0, support),
      'supported by the same again': deed(0, support),
    }
    const first = given(1, support)
    const again = {
      'supported by another': said(['signal', signalContent(first)]),
      'the same bytes again': said(['signal', signalContent(first)]),
      'revised now': deed(0, { type: 'revise', proposal, text: textOf('A lake') }),
    }
    const owed = people.proposal(proposal).reached !== undefined
    return { ...answers, ...again, support: String(people.proposal(proposal).support), owed: String(owed) }
  },
  '12.4': (given) => ({
    commitment: createHmac('sha256', fromHex(given('key')))
      .update(given('text'))
      .digest('hex'),
  }),
  '12.5': () => {
    const { scene, people, said } = begun()
    const deed = (person: number, what: Deed) => said(['signal', signalContent(people.signal(person, what))])
    const comment = (about: number, text: string): Deed => {
      return { type: 'comment', about, stance: 'question', text: textOf(text) }
    }
    const proposal = people.propose(0)
    const index = scene.entries.length
    const answers = {
      'a comment on a proposal': deed(1, comment(proposal, 'How large?')),
      'an answer to it': deed(0, comment(index, 'An acre')),
      'edited by somebody else': deed(0, { type: 'edit', comment: index, text: textOf('How deep?') }),
      'edited by its author': deed(1, { type: 'edit', comment: index, text: textOf('How deep?') }),
      'with a text from before': deed(2, comment(index, 'How large?')),
      'on what is not there': deed(2, comment(0, 'Who?')),
      'on an act that promises nothing': deed(2, comment(people.participation.frozen, 'Who?')),
    }
    scene.act({
      ...{ type: 'answer-proposal', proposal, decision: 'partly' },
      ...{ office: { en: 'Parks' }, reasons: { en: 'A small one.' } },
    })
    const promise = scene.act(promiseOf({ proposal }))
    const more = {
      'on a promise': deed(1, comment(promise, 'When?')),
      'on a comment on the promise': deed(2, comment(scene.entries.length - 1, 'In May')),
    }
    let last = index
    for (let depth = 2; depth <= 8; depth++) last = people.comment(2, last, `${depth}`)
    return {
      ...answers,
      ...more,
      'deepest comment': String(people.participation.comments.get(last)?.depth),
      'one below it': deed(2, comment(last, '9')),
      'comments in all': String(people.proposal(proposal).thread),
    }
  },
  '12.6': async () => {
    const { scene, people, said } = begun()
    const deed = (person: number, what: Deed) => said(['signal', signalContent(people.signal(person, what))])
    const proposal = people.propose(0)
    const target = people.comment(1, proposal, 'I live there')
    const again = { type: 'comment', about: proposal, stance: 'for', text: textOf('I live there') } as const
    const answers = {
      'erased by somebody else': deed(0, { type: 'erase', target }),
      'erased by its author': deed(1, { type: 'erase', target }),
      'erased again': deed(1, { type: 'erase', target }),
      'edited afterwards': deed(1, { type: 'edit', comment: target, text: textOf('Nobody does') }),
      'its text sent by another': deed(2, again),
    }
    const found = failures(await inspect(scene.entries, { attachments: attachmentsOf('signal') }))
    return { ...answers, 'the record': found.length === 0 ? 'sound' : found.join() }
  },
  '12.7': () => {
    const scene = new Scene({ officials: ['ada', 'ben'] })
    scene.enrol()
    const owners = naming(['ada', 'ben'])
    const moderators = ['mia', 'max'].map((id) => {
      return { id, name: id, role: 'moderator' as const, key: new Passkey(id).key }
    })
    scene.act({ ...owners, officials: [...owners.officials, ...moderators] })
    const people = new People(scene, planOf({}, { daily: 20 }))
    const said = answersOf(scene)
    const deed = (person: number, what: Deed) => said(['signal', signalContent(people.signal(person, what))])
    const target = people.comment(1, people.propose(0), 'You fool')
    const decide = (by: string, decision: Measure): string => {
      const earlier = people.contribution(target).moderation?.decisions.length ?? 0
      const reason = decision === 'restore' ? 'within-policy' : 'insult'
      const act = { type: 'moderate', target, earlier, decision, reason, note: { en: 'Read.' } } as const
      const { process, stateCounter, expiry } = scene.signed(act)
      return said(['act', approvedBy(scene.founded, { process, stateCounter, expiry, act }, [by])])
    }
    const report = { type: 'report', target, reason: 'insult' } as const
    const appeal = { type: 'appeal', target, text: textOf('A joke') } as const
    return {
      reported: deed(0, report),
      'reported by the same again': deed(0, report),
      'hidden by mia': decide('mia', 'hide'),
      'answered while hidden': deed(2, {
        type: 'comment',
        about: target,
        stance: 'remark',
        text: textOf('No'),
      }),
      'appealed by somebody else': deed(0, appeal),
      appealed: deed(1, appeal),
      'restored by mia': decide('mia', 'restore'),
      'restored by max': decide('max', 'restore'),
      'hidden again by mia': decide('mia', 'hide'),
      'reported again': deed(0, report),
      edited: deed(1, { type: 'edit', comment: target, text: textOf('You old fool') }),
      'reported now': deed(0, report),
    }
  },
  '12.8': (given) => {
    const { scene, people, said } = begun()
    const deed = (person: number, what: Deed) => said(['signal', signalContent(people.signal(person, what))])
    const under = hashToField('scope', encodeCbor([LOG.origin, LOG.genesis, 'opinion', given('process')]))
    const words = decodeCbor(fromHex(given('words'))) as Record<string, string>
    const name = hashToBytes('statement', fromHex(given('words')), 32)
    scene.act({ type: 'seed-statements', statements: [words] })
    const opinion = (statement: Uint8Array, position: 'agree' | 'disagree'): Deed => {
      return { type: 'opinion', statement, position }
    }
    const first = people.signal(0, opinion(name, 'agree'))
    const answers = {
      scope: toHex(encodeField(under)),
      'name of an official statement': toHex(name),
      'an opinion on it': said(['signal', signalContent(first)]),
      'the same again': deed(0, opinion(name, 'agree')),
      'another in its place': deed(0, opinion(name, 'disagree')),
      'the first once more': said(['signal', signalContent(first)]),
    }
    const target = people.act(1, { type: 'statement', text: textOf('Swings') })
    const through = { type: 'moderate', target, earlier: 0, decision: 'restore' } as const
    const { agree, disagree, pass } = people.statement(name).totals
    const asked = questionOf({ statement: name, title: words })
    const sealed = () => {
      const other = begun(statementPlan())
      other.scene.act({ type: 'seed-statements', statements: [words] })
      const act = (one: Act) => other.said(['act', other.scene.signed(one)])
      const define = (changes: Partial<Contest> = {}) => {
        other.scene.slug = `vote-${other.scene.entries.length}`
        return act(sealedElection(other.scene, [{ ...asked, ...changes }]))
      }
      return {
        'elsewhere, under a plan that takes no opinions': define(),
        'in other words': define({ title: { en: 'Frogs need a pond' } }),
        'without a way to pass': define({ blank: false }),
        'words that nobody has put there, put to a vote': define({ statement: seedName({ en: 'Slides' }) }),
        'a plan that takes opinions then': act(statementPlan(['opinion'])),
      }
    }
    return {
      ...answers,
      'on a statement that waits': deed(0, opinion(textOf('Swings'), 'agree')),
      'let through': said([
        'act',
        scene.signed({ ...through, reason: 'within-policy', note: { en: 'Yes.' } }),
      ]),
      'on it then': deed(0, opinion(textOf('Swings'), 'agree')),
      'on words that nobody has put there': deed(0, opinion(seedName({ en: 'Slides' }), 'agree')),
      'people who think something of the first': String(agree + disagree + pass),
      'put to a vote beside': said(['act', scene.signed(sealedElection(scene, [asked]))]),
      ...sealed(),
    }
  },
  '12.9': (given) => {
    const { scene, people, said } = begun()
    const proposal = people.propose(0, given('proposal'))
    const act = (one: Act) => said(['act', scene.signed(one)])
    const option = (cost: bigint, currency = 'EUR', entries = [proposal]) =>
      act(electionOf(scene, entries, { cost, currency }))
    const revise: Deed = { type: 'revise', proposal, text: textOf('A lake') }
    return {
      'an option of it before': option(5n),
      'found not feasible': act(assessmentOf(proposal, undefined)),
      'an option of it then': option(5n),
      'found feasible at 5 EUR': act(assessmentOf(proposal, 5n)),
      'revised by its author': people.asked(0, revise),
      'an option at 6 EUR': option(6n),
      'an option at 5 SEK': option(5n, 'SEK'),
      'two options at 5 EUR': option(5n, 'EUR', [proposal, proposal]),
      'an option of an entry that is no proposal': option(5n, 'EUR', [0]),
      'an option at 5 EUR': option(5n),
      'assessed once more': act(assessmentOf(proposal, 5n)),
    }
  },
  '12.10': async () => {
    const { scene, people, said } = begun()
    const deed = (person: number, what: Deed) => said(['signal', signalContent(people.signal(person, what))])
    const act = (one: Act) => said(['act', scene.signed(one)])
    const ended = (outcome: Record<string, string>): Act => {
      return { type: 'archive-process', outcome, contributions: { en: 'The plan of the park says it.' } }
    }
    const done = { en: 'There will be a pond.' }
    const proposal = people.propose(0)
    for (const person of [0, 1]) people.act(person, { type: 'support', proposal, on: true })
    const early = act(ended(done))
    people.passTo(20)
    const owed = act(ended(done))
    const office = { office: { en: 'Parks' }, reasons: { en: 'There is room.' } }
    scene.act({ type: 'answer-proposal', proposal, decision: 'adopted', ...office })
    const answers = {
      'before the last phase is over': early,
      'afterwards, while an answer is owed': owed,
      "once it is given, in another language than the plan's": act(ended({ fi: 'Lampi tulee.' })),
      'in the languages of the plan': act(ended(done)),
      'once more': act(ended(done)),
      'another plan': act(planOf()),
      'a proposal': deed(1, { type: 'propose', text: textOf('A lake') }),
      support: deed(2, { type: 'support', proposal, on: true }),
      'a report': deed(1, { type: 'report', target: proposal, reason: 'spam' }),
      'a proposal erased by its author': deed(0, { type: 'erase', target: proposal }),
    }
    const found = failures(await inspect(scene.entries, { attachments: attachmentsOf('signal') }))
    return { ...answers, 'the record': found.length === 0 ? 'sound' : found.join() }
  },
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

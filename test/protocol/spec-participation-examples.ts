// The examples of docs/protocol.md on taking part beside voting, recomputed. Each recipe takes what its section gives and
// returns what the section says follows.
import { createHmac } from 'node:crypto'
import { nullifier } from '#circuits/credential.ts'
import { encodeField } from '#crypto/babyjubjub.ts'
import { bytesToBigint, concat, fromHex, toHex } from '#crypto/encoding.ts'
import { hashToBytes, hashToField } from '#crypto/hash.ts'
import { type Act, actCodec } from '#protocol/act.ts'
import { decodeCbor, encodeCbor } from '#protocol/codec.ts'
import type { Entry } from '#protocol/entry.ts'
import type { Contest } from '#protocol/manifest.ts'
import type { Measure } from '#protocol/moderation.ts'
import { seedName } from '#protocol/opinion.ts'
import { type Deed, signalContent } from '#protocol/signal.ts'
import { approvedBy, naming, Passkey } from '../tally/passkey.ts'
import { People, planOf, textOf } from '../tally/people.ts'
import { promiseOf } from '../tally/promises.ts'
import { assessmentOf, electionOf } from '../tally/assessing.ts'
import { Scene } from '../tally/scene.ts'
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
    const state = { support: String(people.proposal(proposal).support), owed: String(owed) }
    const other = people.propose(1, 'A park with a pond')
    const withdraw = { type: 'withdraw', proposal } as const
    const merged = {
      'merged into itself': deed(0, { ...withdraw, into: proposal }),
      'into what is not there': deed(0, { ...withdraw, into: 0 }),
      'into another': deed(0, { ...withdraw, into: other }),
      'another merged into it': deed(1, { type: 'withdraw', proposal: other, into: proposal }),
    }
    return { ...answers, ...again, ...state, ...merged }
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
}

// The examples of docs/protocol.md on promises and published spending, recomputed.
import { createHash } from 'node:crypto'
import { toHex } from '#crypto/encoding.ts'
import { type Act, actCodec } from '#protocol/act.ts'
import { encodeCbor } from '#protocol/codec.ts'
import { standingOf } from '#tally/accountability.ts'
import { canonicalBytes, canonicalJson, checkPublication, publicationOf } from '#tally/formats/ocds.ts'
import { People, textOf } from '../tally/people.ts'
import { changeOf, promiseOf, publishing, reportOn } from '../tally/promises.ts'
import { ELECTION, Scene, START } from '../tally/scene.ts'
import { refusalOf } from '../tally/verifying.ts'
import { answersOf } from './answers.ts'
import type { Recipe } from './spec-examples.ts'

export const ACCOUNTABILITY: Record<string, Recipe> = {
  '13.1': () => {
    const scene = new Scene()
    scene.prepare()
    const people = new People(scene)
    const said = answersOf(scene)
    const act = (one: Act) => said(['act', scene.signed(one)])
    const proposal = people.act(0, { type: 'propose', text: textOf('A pond') })
    const answer = { office: { en: 'Parks' }, reasons: { en: 'There is room.' } }
    scene.act({ type: 'answer-proposal', proposal, decision: 'adopted', ...answer })
    const own = promiseOf({ proposal })
    const uncounted = act(promiseOf({ election: ELECTION, contest: 0 }))
    const number = scene.state.size
    const accepted = act(own)
    const changed = changeOf(number, { cost: { ...own.cost, currency: 'SEK' } })
    const early = {
      'on a contest without a result': uncounted,
      'on a proposal that was adopted': accepted,
      'due in the past': act({ ...own, due: START }),
      'changed to another currency': act(changed),
      'a report': act(reportOn(number)),
      'dropped for no reason': refusalOf(() =>
        actCodec.decode(encodeCbor({ ...reportOn(number), state: 'dropped' })),
      ),
    }
    const promise = people.process.accountability.promises.get(number)
    if (promise === undefined) throw new Error('no promise')
    const stands = [own.due, own.due + 1].map((time) => standingOf(promise, time))
    people.passTo(11)
    act(reportOn(number, { state: 'done' }))
    return {
      ...early,
      'stands when it is due': stands[0] ?? '',
      'stands after that': stands[1] ?? '',
      'done then': standingOf(promise, scene.state.time),
      'a report on what is done': act(reportOn(number)),
      'a report on no promise': act(reportOn(0)),
    }
  },
  '13.2': (given) => {
    const document: unknown = JSON.parse(given('document'))
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    const [release] = publicationOf(document).releases
    const act = publishing(document)
    const judged = (file: Uint8Array | undefined, said = act) => refusalOf(() => checkPublication(said, file))
    const file = canonicalBytes(document)
    const altered: unknown = JSON.parse(given('document').replace('400000.0', '500000.0'))
    return {
      canonical: canonicalJson(document),
      file: sha256(canonicalJson(document)),
      release: `${release?.ocid ?? ''} ${release?.id ?? ''} ${toHex(release?.hash ?? new Uint8Array())}`,
      'as it is': judged(file),
      'without the file': judged(undefined),
      'with another amount': judged(canonicalBytes(altered)),
      'under an act that names another release': judged(file, {
        ...act,
        releases: act.releases.map((one) => ({ ...one, id: 'b' })),
      }),
    }
  },
}

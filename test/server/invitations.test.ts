// Officials and guardians get their links by mail through a real SMTP server, or by hand where it takes none.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { LANGUAGES } from '#server/data/schema.ts'
import { writeLink } from '#server/mail/links.ts'
import type { AccountView, Invitation, Me } from '#server/officials/people.ts'
import { PROCESS, Scene } from '../tally/scene.ts'
import { Mailbox } from './mailbox.ts'
import { Browser } from './official-browser.ts'
import { refusal, stage, type Stage } from './stage.ts'

const FROM = 'Sailing Club <votes@club.example>'
const BEN = 'ben@club.example'
const scene = new Scene()
const box = new Mailbox()
let server: Stage
const browser = (name: string) => new Browser(() => server, name)
const ada = browser('ada')
const mail = { address: BEN, language: 'en' }

beforeAll(async () => {
  scene.enrol()
  scene.act({ type: 'define-election', election: scene.slug, manifest: scene.manifest })
  await box.open()
  server = await stage(scene, {
    ...{ workers: 0, database: true },
    mail: { url: box.url, from: FROM, perMinute: 60 },
  })
  await ada.first(server.parts.officials.first ?? '')
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await box.close()
})
beforeEach(() => {
  box.received.length = 0
  box.answers.clear()
})

describe('an official', () => {
  const ben = { id: 'ben', name: 'Ben', role: 'owner', mail }
  const known = async () => (await ada.get<{ officials: AccountView[] }>('')).officials.map(({ id }) => id)

  test('is not invited at an address that is none', async () => {
    const wrong = { ...ben, mail: { ...mail, address: 'ben@club.example, eve@evil.example' } }
    expect(await refusal(await ada.send('POST', '/api/officials/invitations', wrong))).toEqual([
      422,
      'address-invalid',
    ])
    expect(await known()).toEqual(['ada'])
  })

  test('gets a link that works, which nobody else sees', async () => {
    expect(await ada.get<Me>('/me')).toMatchObject({ mail: true })
    const answer = await ada.post<Invitation>('/invitations', ben)
    expect(answer).toEqual({ code: null, reason: null })
    const [received] = box.received
    expect(received?.to).toBe(BEN)
    expect(received?.text).toContain('ada invites you')
    const [, place = '', code = ''] =
      /(https:\S+)\/officials\/join#([\w-]{27})\s/.exec(received?.text ?? '') ?? []
    expect(ada.place.webOrigins).toContain(place)
    await browser('ben').join(code)
    expect(server.journal()).not.toContain(BEN)
  })

  test('whose mail is refused gets the link by hand', async () => {
    box.answers.set(BEN, [550, 'No such mailbox'])
    const answer = await ada.post<Invitation>('/invitations', { ...ben, id: 'bea' })
    expect(answer.reason).toContain('No such mailbox')
    await browser('bea').join(answer.code ?? '')
  })
})

describe('a guardian', () => {
  const invited = { process: PROCESS, election: scene.slug, guardian: 2, mail }
  const inviting = (change: object) => ada.send('POST', '/api/officials/guardians', { ...invited, ...change })

  test('gets the link to their page of the election', async () => {
    expect(await (await inviting({})).json()).toEqual({ reason: null })
    const [received] = box.received
    expect(received?.to).toBe(BEN)
    expect(received?.text).toContain(`/guardian/${PROCESS}/${scene.slug}\n`)
    expect(received?.text).toContain(scene.manifest.title['en'])
    const { deeds } = await ada.get<{ deeds: object[] }>('/deeds')
    expect(deeds).toContainEqual(
      expect.objectContaining({ what: 'guardian-invited', detail: `${PROCESS}/${scene.slug} 2` }),
    )
  })

  test('of an election that is still being written gets the link to where keys are made', async () => {
    const coming = { title: 'Board 2027', mail }
    const answer = await ada.send('POST', '/api/officials/guardians', coming)
    expect(await answer.json()).toEqual({ reason: null })
    expect(box.received[0]?.text).toMatch(/\/guardian\n/)
    expect(box.received[0]?.text).toContain('Board 2027')
    const both = await ada.send('POST', '/api/officials/guardians', { ...invited, ...coming })
    expect(await refusal(both)).toEqual([400, 'malformed'])
  })

  test('is one of the election', async () => {
    expect(await refusal(await inviting({ guardian: 0 }))).toEqual([404, 'not-found'])
    expect(await refusal(await inviting({ guardian: 9 }))).toEqual([404, 'not-found'])
    expect(await refusal(await inviting({ election: 'other' }))).toEqual([404, 'unknown-election'])
    expect(box.received).toEqual([])
  })
})

test.each(LANGUAGES)('both mails say it all in %s', (language) => {
  for (const title of [undefined, 'Budget']) {
    const asking = { by: 'Ada', link: 'https://vote.example/x#y', ...(title !== undefined && { title }) }
    const { subject, text } = writeLink(language, FROM, asking)
    expect(subject).toContain(title ?? 'Ada')
    for (const part of ['Ada', asking.link, FROM]) expect(text).toContain(part)
    if (language === 'en') continue
    const english = writeLink('en', FROM, asking).text.split('\n')
    const lines = english.filter((line) => line !== '' && line !== asking.link)
    expect(lines.filter((line) => text.includes(line))).toEqual([])
  }
})

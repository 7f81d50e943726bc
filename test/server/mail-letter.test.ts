// What mails to voters say in each language, and how the operator says where they go out.
import { describe, expect, test } from 'vitest'
import { LANGUAGES } from '#server/data/schema.ts'
import { writeLetter } from '#server/mail/letter.ts'
import { readMailSettings, serverOf } from '#server/mail/settings.ts'
import { SettingsError } from '#server/settings.ts'
import { PROCESS, Scene } from '../tally/scene.ts'

const FROM = 'Sailing Club <votes@club.example>'
const RESIDENTS = { process: PROCESS, roll: 'residents' }
const scene = new Scene()
scene.prepare()

describe('settings', () => {
  const url = 'smtps://clerk:p%40ss@mail.example'
  test('come from the environment, or not at all', () => {
    expect(readMailSettings({})).toBeUndefined()
    const given = { COMITIA_SMTP_URL: url, COMITIA_MAIL_FROM: FROM }
    expect(readMailSettings(given)).toEqual({ url, from: FROM, perMinute: 120 })
    expect(readMailSettings({ ...given, COMITIA_MAIL_RATE: '600' })).toMatchObject({ perMinute: 600 })
  })
  test.each([
    { COMITIA_SMTP_URL: url },
    { COMITIA_MAIL_FROM: FROM },
    { COMITIA_SMTP_URL: 'mail.example', COMITIA_MAIL_FROM: FROM },
    { COMITIA_SMTP_URL: 'smtps://clerk:p%40ss%@mail.example', COMITIA_MAIL_FROM: FROM },
    { COMITIA_SMTP_URL: url, COMITIA_MAIL_FROM: 'the club' },
    { COMITIA_SMTP_URL: url, COMITIA_MAIL_FROM: FROM, COMITIA_MAIL_RATE: '0' },
  ])('are refused without a word of the password: %o', (environment) => {
    expect(() => readMailSettings(environment)).toThrow(SettingsError)
    expect(() => readMailSettings(environment)).not.toThrow(/p%40ss/)
  })
  test('encrypt what goes over a network', () => {
    const auth = { user: 'clerk', pass: 'p@ss' }
    expect(serverOf(url)).toEqual({ host: 'mail.example', port: 465, secure: true, requireTLS: false, auth })
    expect(serverOf('smtp://mail.example')).toMatchObject({ port: 587, secure: false, requireTLS: true })
    expect(serverOf('smtp://localhost:25')).toMatchObject({ port: 25, secure: false, requireTLS: false })
  })
})

describe.each(LANGUAGES)('a letter in %s', (language) => {
  test.each(['invitation', 'reminder'] as const)('%s says it all', (kind) => {
    const write = (as: typeof language) =>
      writeLetter(scene.state, RESIDENTS, {
        kind,
        language: as,
        code: 'CODE',
        from: FROM,
        now: scene.state.time,
      })
    const { subject, text } = write(language)
    expect(subject).toContain('Budget')
    const opening = new Date(scene.manifest.opensAt)
    for (const part of ['/join#CODE', FROM, String(opening.getFullYear())]) expect(text).toContain(part)
    expect(text.includes('City')).toBe(kind === 'invitation')
    if (language === 'en') return
    const english = write('en')
      .text.split('\n')
      .filter((line) => line !== '' && !line.includes('#CODE'))
    expect(english.filter((line) => text.includes(line))).toEqual([])
  })
})

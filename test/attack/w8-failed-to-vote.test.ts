// W8: voters who mean to vote do not succeed (58 % of ballots in a study of 2014, Acemyan et al.). A newcomer's tasks, done
// with what is in sight and nothing else, mistakes included: on a phone's width, by pointer and by keyboard alone, within a
// bounded number of actions. Beside the first page no address is typed.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, visit } from '../browser/app.ts'
import { trackerOn } from '../browser/booth-visitor.ts'
import { DeviceStage } from '../browser/device-stage.ts'
import { type Hands, Keyboard, Pointer } from '../browser/hands.ts'

const WAYS = {
  pointer: (page: Page): Hands => new Pointer(page),
  keyboard: (page: Page): Hands => new Keyboard(page),
}
/** Up to two of four. */
const CONTEST = {
  options: ['A pond', 'Benches', 'Cherry trees', 'Dance floor'].map((en, i) => ({
    id: `${i + 1}`,
    title: { en },
  })),
  rule: { type: 'approval', min: 0n, max: 2n },
  count: { name: 'approval', seats: 1 },
} as const

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

describe.each(['pointer', 'keyboard'] as const)('by %s', (way) => {
  /** What each task may take at most. */
  const within = (pointer: number, keyboard: number) => (way === 'pointer' ? pointer : keyboard)
  const opened = new AsyncDisposableStack()
  let stage: DeviceStage
  let hands: Hands
  let words: string[]

  beforeAll(async () => {
    stage = opened.use(await DeviceStage.open(1, CONTEST))
    hands = await device()
    await hands.page.goto('/')
  })
  afterAll(() => opened.disposeAsync())
  /** A device of its own. */
  async function device(): Promise<Hands> {
    return WAYS[way](opened.use(await visit(browser, stage.url)).page)
  }

  test('registers with a code, mistyped at first', async () => {
    const code = stage.code()
    await hands.link('I have a code', 'Invitation code')
    await hands.field('Invitation code', code.slice(0, -1))
    await hands.button('Continue', 'Yours has 16.')
    await hands.hear('Yours has 16.')
    await hands.field('Invitation code', code.replace(/.$/, code.endsWith('7') ? '8' : '7'))
    await hands.button('Continue', 'There is a typing error in this code.')
    await hands.hear('There is a typing error in this code.')
    await hands.field('Invitation code', code)
    await hands.button('Continue', 'Register')
    await hands.button('Register', 'Your code was accepted')
    expect(hands.count()).toBeLessThanOrEqual(within(9, 30))
  })

  test('keeps a backup on paper', async () => {
    await hands.button('Show the words', 'I have them on paper')
    words = await hands.page
      .getByRole('listitem')
      .filter({ hasText: /^[a-z]+$/ })
      .allInnerTexts()
    expect(words).toHaveLength(24)
    await hands.button('I have them on paper', /^Word \d+$/)
    const fields = await hands.page.getByRole('textbox', { name: /^Word \d+$/ }).all()
    const asked = await Promise.all(
      fields.map((field) => field.evaluate((one) => (one as HTMLInputElement).labels?.[0]?.innerText ?? '')),
    )
    for (const label of asked) await hands.field(label, 'zoo')
    await hands.button('Compare', 'Not yet the same')
    for (const label of asked) await hands.field(label, words[Number(label.slice(5)) - 1] ?? '')
    await hands.button('Compare', 'Done on')
    await hands.link('Go to my votes', 'Registered, not yet certain')
    expect(hands.count()).toBeLessThanOrEqual(within(11, 35))
  })

  test('fills in a ballot, with too many marks at first', async () => {
    await stage.freeze()
    await stage.openVoting()
    await hands.page.goto('/')
    await hands.link('My votes', 'Open now')
    await hands.link('Vote: Harbour park', 'Start voting')
    await hands.link('Start voting', 'A pond')
    await hands.box('A pond', '1 chosen')
    await hands.box('Benches', '2 chosen')
    await hands.box('Dance floor', 'That is one more than you can choose.')
    await hands.button('Look over my ballot', 'Please put this right first')
    await hands.hear('That is one more than you can choose.')
    await hands.box('Benches', '2 chosen')
    await hands.button('Look over my ballot', 'Encrypt my ballot')
    await hands.button('Encrypt my ballot', 'Your ballot is encrypted')
    expect(hands.count()).toBeLessThanOrEqual(within(10, 38))
  })

  test('checks the device', async () => {
    const tracker = await trackerOn(hands.page)
    const phone = await device()
    await phone.page.goto('/')
    await hands.link('Check this device first', 'Show the name')
    await phone.link('Check another device', 'Or type the tracker')
    await phone.field('Or type the tracker of the ballot', tracker.slice(1))
    await phone.button('Take it', 'This is no tracker and no link of a ballot.')
    await phone.hear('This is no tracker and no link of a ballot.')
    await phone.field('Or type the tracker of the ballot', tracker)
    await phone.button('Take it', 'Name taken')
    await hands.button(/open the ballot/, 'Show the content')
    const opening = await hands.saved('Save as a file')
    await phone.file(
      'Or choose the file of an opened ballot',
      opening,
      'It is not on the public record, as it must be.',
    )
    await phone.see('Dance floor')
    await hands.button('Encrypt my ballot again', 'Your ballot is encrypted')
    expect(await trackerOn(hands.page)).not.toBe(tracker)
    expect(hands.count() + phone.count()).toBeLessThanOrEqual(within(10, 40))
  })

  test('casts it', async () => {
    await hands.button('Cast my vote', 'Your vote is in')
    expect(hands.count()).toBeLessThanOrEqual(within(1, 4))
  })

  test('finds out whether it is recorded: at home, and anywhere with the file', async () => {
    const tracker = await trackerOn(hands.page)
    const receipt = await hands.saved('Save the receipt file')
    await hands.link('My votes', 'Counts')
    await hands.see(tracker)
    expect(hands.count()).toBeLessThanOrEqual(within(2, 20))

    const elsewhere = await device()
    await elsewhere.page.goto('/')
    await elsewhere.link('Check a receipt', 'Choose a receipt file, or drop it here')
    await elsewhere.file(
      'Choose a receipt file, or drop it here',
      receipt,
      'It is the newest ballot of its voter',
    )
    await elsewhere.see(tracker)
    expect(elsewhere.count()).toBeLessThanOrEqual(within(2, 16))
  })

  test('changes the vote', async () => {
    await hands.page.goto('/')
    await hands.link('My votes', 'Counts')
    await hands.link('Change your vote: Harbour park', 'You can vote again until it ends.')
    await hands.link('Vote again', 'Cherry trees')
    await hands.box('Cherry trees', '1 chosen')
    await hands.button('Look over my ballot', 'You can choose one more.')
    await hands.button('Look over my ballot', 'Encrypt my ballot')
    await hands.button('Encrypt my ballot', 'Your ballot is encrypted')
    await hands.button('Cast my vote', 'Your vote is in')
    await hands.link('My votes', 'Replaced by a later ballot')
    await hands.see('Counts')
    expect(hands.count()).toBeLessThanOrEqual(within(9, 50))
  })

  test('replaces a lost device from the backup, and votes with the new one', async () => {
    const anew = await device()
    await anew.page.goto('/')
    await anew.link('My votes', 'This device has no credential yet')
    await anew.link('I have a backup from another device', 'Your 24 words')
    await anew.field('Your 24 words', words.with(4, 'zzzz').join(' '))
    await anew.button('Restore from words', 'Word 5, “zzzz”')
    await anew.hear('Word 5, “zzzz”')
    await anew.field('Your 24 words', words.join(' '))
    await anew.button('Restore from words', 'The credential is on this device again.')
    await anew.link('See where you can vote', 'Open now')
    expect(anew.count()).toBeLessThanOrEqual(within(7, 24))
    await anew.link('Vote: Harbour park', 'Start voting')
    await anew.link('Start voting', 'A pond')
    await anew.box('A pond', '1 chosen')
    await anew.box('Benches', '2 chosen')
    await anew.button('Look over my ballot', 'Encrypt my ballot')
    await anew.button('Encrypt my ballot', 'Your ballot is encrypted')
    await anew.button('Cast my vote', 'Your vote is in')
    expect(anew.count()).toBeLessThanOrEqual(within(7, 24))
    const answer = await fetch(new URL('/api/elections', stage.url))
    const { elections } = (await answer.json()) as { elections: { contests: { turnout: unknown }[] }[] }
    expect(elections[0]?.contests[0]?.turnout).toMatchObject({ voters: 1, ballots: 3 })
  })
})

// The voting booth in real Chromium: every kind of contest, from the first page to the receipt, then another ballot, and one
// that is blank. Pages are looked at by axe after every step (product.md's checklist for voters' pages).
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, overflow, visit } from './app.ts'
import { type BoothStage, HEAVY, serveBooth } from './booth-stage.ts'
import {
  ALL,
  BLANK,
  expectSound,
  heading,
  keptMarks,
  markOne,
  NO_MARKS,
  ONE,
  press,
  sealOne,
  trackerOn,
  voterAt,
} from './booth-visitor.ts'

let browser: Browser
let booth: BoothStage

beforeAll(async () => {
  browser = await openBrowser()
  booth = await serveBooth()
})
afterAll(async () => {
  await browser.close()
  await booth[Symbol.asyncDispose]()
})

async function next(page: Page, to: number): Promise<void> {
  await expectSound(page)
  await press(page, /^(Next contest|Look over my ballot)$/)
  await page.getByText(`Contest ${to} of 8`).waitFor()
}

test('all kinds of contests: marks, problems said at once, review, tracker before cast, receipt', async () => {
  await using visitor = await voterAt(browser, booth.url, 0)
  const { page } = visitor
  await page.goto(ALL)
  await heading(page, 'Eight questions to the harbour district')
  await page.getByText('Practice vote', { exact: true }).waitFor()
  await expectSound(page)
  await page.getByRole('link', { name: 'Start voting' }).click()

  // One: nothing marked is told once, and allowed.
  await heading(page, /Choose one/)
  await press(page, 'Next contest')
  await page.getByText('You have not marked anything here.').waitFor()
  await page.getByLabel('Market Square').check()
  await next(page, 2)

  // Approval: too many is said at once, nothing is taken away, and it does not go on.
  for (const name of ['Aino Koivu', 'Bengt Lind', 'Chidi Okafor', 'Eun-ji Park'])
    await page.getByLabel(name).check()
  await page.getByRole('alert').getByText('That is one more than you can choose.').waitFor()
  await press(page, 'Next contest')
  await page.getByRole('heading', { name: 'Please put this right first' }).waitFor()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('alert')
  await expectSound(page)
  await expect.poll(() => page.getByRole('checkbox', { checked: true }).count()).toBe(4)
  await page.getByLabel('Eun-ji Park').uncheck()
  await next(page, 3)

  // Score, on a scale.
  await page.getByRole('group', { name: 'Points for Noon' }).getByLabel('3').check()
  await page.getByRole('group', { name: 'Points for Late evening' }).getByLabel('5').check()
  await next(page, 4)

  // Cumulative: what is left is said, more than there is not given.
  for (let i = 0; i < 5; i++) await press(page, 'One more for Parks')
  await page.getByLabel('Points for Housing').fill('7')
  await page.getByText('Housing has more than the 6 points that one option can have.').first().waitFor()
  await page.getByLabel('Points for Housing').fill('5')
  await page.getByText('0 of 10 points left').waitFor()
  await page.getByLabel('One more for Schools').click({ force: true })
  await page.getByText('No points are left.').first().waitFor()
  await next(page, 5)

  // Quadratic: the next point's price is shown.
  await press(page, 'One more for Trams')
  await page.getByText('The next point costs 3 credits').waitFor()
  await press(page, 'One more for Trams')
  await page.getByText('12 of 16 credits left').waitFor()
  await next(page, 6)

  // Places with points.
  await press(page, 'Place 1 (5 points) to Blueberry Pie')
  await press(page, 'Place 2 (3 points) to Nightingale')
  await press(page, 'Next contest')
  await page.getByRole('heading', { name: 'Please put this right first' }).waitFor()
  await page.locator('#contest').getByText('Give one more place').waitFor()
  await press(page, 'Place 3 (one point) to Long Evenings')
  await press(page, 'Move Long Evenings up')
  await page.getByText('Long Evenings now has place 2.').waitFor()
  await next(page, 7)

  // Free ranking; a blank vote beside it is a contradiction, solved by the voter.
  await press(page, 'Place 1 to Hilda Niemi')
  await press(page, 'Place 2 to Ivan Petrov')
  await page.getByLabel('Blank vote').check()
  await page.getByText('A ballot cannot hold both').first().waitFor()
  await expectSound(page)
  await press(page, 'Keep my other marks')
  await next(page, 8)

  // Knapsack: search keeps marked options in sight; what does not fit says why.
  await page.getByLabel('Floating sauna').check()
  await page.getByLabel('Skate bowl').check()
  await page.getByLabel('Search', { exact: true }).fill('library')
  await page.getByText('3 of 14 options are shown.').waitFor()
  await page.getByLabel('Ramp to the library').check()
  await page.getByLabel('Search', { exact: true }).fill('')
  await page.getByText('€7,500 of €300,000 left to spend').waitFor()
  await page.getByText('Cannot be added: it costs €40,500 more than is left.').waitFor()
  await page.getByLabel('Lime trees').click({ force: true })
  expect(await page.getByLabel('Lime trees').isChecked()).toBe(false)
  await page.locator('li', { hasText: 'Lime trees' }).locator('summary').click()
  await page.getByAltText('A drawing of it, number 1').waitFor()
  await page.getByRole('img', { name: /^Map of the 12 options/ }).waitFor()
  await expectSound(page)
  await press(page, 'Look over my ballot')

  await heading(page, 'Your ballot')
  for (const words of ['Market Square', 'Noon', '3 points', 'place 2 · 3 points', 'Ramp to the library'])
    await page.getByText(words, { exact: true }).first().waitFor()
  await expectSound(page)
  await page.getByRole('link', { name: 'Change: Song of the summer' }).click()
  await press(page, 'Take the place from Nightingale')
  // It was said once that a place is missing; the review says it again, and the ballot waits for it.
  await press(page, 'Back to my ballot')
  await heading(page, 'Your ballot')
  await press(page, 'Encrypt my ballot')
  await page.getByRole('link', { name: /^Song of the summer: Give one more place/ }).click()
  await press(page, 'Place 3 (one point) to Rain on the Tent')
  await press(page, 'Back to my ballot')
  await page.getByText('Everything that is needed for casting is on this device.').waitFor()
  const sent: string[] = []
  page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()))
  await press(page, 'Encrypt my ballot')
  await heading(page, 'Your ballot is encrypted')
  const trackers = await page.locator('.tracker').allInnerTexts()
  expect(new Set(trackers).size).toBe(8)
  for (const tracker of trackers) expect(tracker).toMatch(/^([0-9A-Z]{4}-){4}[0-9A-Z]{4}$/)
  expect(sent).toEqual([])
  await expectSound(page)
  await press(page, 'Cast my vote')
  await heading(page, 'Your vote is in')
  expect(await page.locator('.tracker').allInnerTexts()).toEqual(trackers)
  expect(sent).toHaveLength(8)
  await expectSound(page)

  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save the receipt file')])
  await page.goto('/receipt')
  await page.locator('input[type=file]').setInputFiles(await download.path())
  await page.getByText('It is the newest ballot of its voter').nth(7).waitFor()
  await expectSound(page)
  expect(visitor.complaints).toEqual([])
}, 900_000)

test('a later ballot replaces the first; its receipt says so', async () => {
  await using visitor = await voterAt(browser, booth.url, 2, { width: 320 })
  const { page } = visitor
  const first = await sealOne(page)
  await expectSound(page)
  await press(page, 'Cast my vote')
  await heading(page, 'Your vote is in')
  await page.getByRole('link', { name: 'Vote again' }).click()
  await page.getByText('You can vote again until it ends.').waitFor()
  await expectSound(page)
  const second = await sealOne(page, 'Willow Square')
  expect(second).not.toBe(first)
  await press(page, 'Cast my vote')
  await heading(page, 'Your vote is in')
  expect(await trackerOn(page)).toBe(second)
  await page.locator('#content').getByRole('link', { name: 'Check a receipt' }).click()
  await press(page, 'Check: Name of the square')
  await page.getByText(`tracker ${second}`).waitFor()
  await page.getByText('It is the newest ballot of its voter').waitFor()
  await page.getByText('Real vote: its result counts.').nth(1).waitFor()
  await expectSound(page)
  await page.goto('/votes')
  await page.getByText('Harbour District Association · Real vote').waitFor()
  expect(visitor.complaints).toEqual([])
})

test('where the first ballot counts, contests that were left out stay open, and no other', async () => {
  await using visitor = await voterAt(browser, booth.url, 6)
  const { page } = visitor
  await page.goto('/elections/city/once/vote')
  await page.getByRole('link', { name: 'Start voting' }).click()
  await page.getByLabel('Market Square').check()
  await press(page, 'Next contest')
  await press(page, 'Look over my ballot')
  await press(page, 'Look over my ballot')
  await press(page, 'Encrypt my ballot')
  await press(page, 'Cast my vote')
  await heading(page, 'Your vote is in')
  await page.goto('/votes')
  await page.getByRole('link', { name: 'Vote in the other contests: Square and board' }).click()
  await page.getByText('You have not voted in one contest yet.').waitFor()
  await expectSound(page)
  await page.getByRole('link', { name: 'Vote in the other contests' }).click()
  await page.getByLabel('Aino Koivu').check()
  await press(page, 'Look over my ballot')
  await press(page, 'Look over my ballot')
  await expect.poll(() => page.getByRole('link', { name: /^Change:/ }).count()).toBe(1)
  await press(page, 'Encrypt my ballot')
  await press(page, 'Cast my vote')
  await heading(page, 'Your vote is in')
  await expect.poll(() => page.locator('.tracker').count()).toBe(2)
  expect(await page.getByRole('link', { name: /^Vote/ }).count()).toBe(0)
  await page.goto('/elections/city/once/vote?contest=1')
  await page.getByText('Each voter has one ballot here, so it cannot be changed.').waitFor()
  expect(await page.getByRole('link', { name: /^(Vote|Start|Go on)/ }).count()).toBe(0)
  await page.goto('/votes')
  await page.getByRole('heading', { name: 'Square and board' }).waitFor()
  expect(await page.getByRole('link', { name: /: Square and board$/ }).allInnerTexts()).toEqual([
    'Check these receipts',
    'Verify',
  ])
  expect(visitor.complaints).toEqual([])
})

describe('marks stay', () => {
  test('over a reload, back and forth, another language, and on a narrow screen at 400 %', async () => {
    // 1280 pixels at 400 %.
    await using visitor = await voterAt(browser, booth.url, 3, { width: 320, height: 256 })
    const { page } = visitor
    await page.goto(`${ALL}?contest=7`)
    await press(page, 'Place 1 to Hilda Niemi')
    await expect.poll(() => keptMarks(page)).not.toBe(NO_MARKS)
    const one = await keptMarks(page)
    await press(page, 'Place 2 to Fatima Haddad')
    await expect.poll(() => keptMarks(page)).not.toBe(one)
    await page.reload()
    await page.getByText('2 of 4 places given').waitFor()
    await page.getByLabel('Language').selectOption('Suomi')
    await page.getByText('Hilda Niemi').first().waitFor()
    expect(await page.locator('ol .name').allInnerTexts()).toEqual(['Hilda Niemi', 'Fatima Haddad'])
    await page.getByLabel(/Language|Kieli/).selectOption('English')
    expect(await overflow(page)).toBe(0)
    await page.goBack()
    await page.goto(`${ALL}/review`)
    await page.getByText('place 1 · 2 points').waitFor()
    await expectSound(page)
  })

  test('a list that begins elsewhere for each voter begins there again for the same', async () => {
    await using visitor = await voterAt(browser, booth.url, 4)
    const { page } = visitor
    await page.goto(`${ALL}?contest=2`)
    const names = page.locator('.options .name')
    await names.nth(4).waitFor()
    const before = await names.allInnerTexts()
    await page.reload()
    await names.nth(4).waitFor()
    expect(await names.allInnerTexts()).toEqual(before)
    const all = ['Aino Koivu', 'Bengt Lind', 'Chidi Okafor', 'Dolores Prieto', 'Eun-ji Park']
    const start = all.indexOf(before[0] ?? '')
    expect(before).toEqual([...all.slice(start), ...all.slice(0, start)])
  })
})

test('blank on purpose, taken back, with a rare weight: said before, and counted so', async () => {
  await using visitor = await voterAt(browser, booth.url, HEAVY)
  const { page } = visitor
  await page.goto(BLANK)
  await page.getByText('your vote counts 3 times').waitFor()
  await page.getByText('and nobody else has yours. The result can show how you voted.').waitFor()
  await expectSound(page)
  await page.getByRole('link', { name: 'Start voting' }).click()
  await page.getByLabel('Market Square').check()
  await press(page, 'Take back my choice')
  await press(page, 'Next contest')
  await page.getByText('You have not marked anything here.').waitFor()
  await press(page, 'Next contest')
  await page.getByLabel('None of these').check()
  await expectSound(page)
  await press(page, 'Look over my ballot')
  await page.getByText('No choice', { exact: true }).waitFor()
  await page.getByText('An empty ballot', { exact: true }).waitFor()
  await page.getByRole('link', { name: /^Change: What shall the new square/ }).click()
  await page.getByLabel('Blank vote').check()
  await press(page, 'Back to my ballot')
  await page.getByText('Blank vote', { exact: true }).waitFor()
  await press(page, 'Encrypt my ballot')
  await press(page, 'Cast my vote')
  await heading(page, 'Your vote is in')

  const { contests } = await booth.finish()
  expect(contests).toMatchObject([
    { status: 'counted', ballots: 1, blank: 1n, sums: [0n, 0n, 0n] },
    { status: 'counted', ballots: 1, blank: 0n, sums: [0n, 0n, 0n, 0n, 0n] },
  ])
  await page.goto(BLANK.replace('/vote', ''))
  await page.getByText('1 of them was blank.').waitFor()
  await expectSound(page)
  expect(visitor.complaints).toEqual([])
})

test('who has no credential, or one that is on no roll, is shown the way', async () => {
  await using nobody = await visit(browser, booth.url)
  await nobody.page.goto(ONE)
  await nobody.page.getByRole('link', { name: 'I have an invitation' }).waitFor()
  await expectSound(nobody.page)
  await using stranger = await voterAt(browser, booth.url, 200)
  await stranger.page.goto(ONE)
  await stranger.page.getByText('Your credential is not on the electoral roll').waitFor()
  await expectSound(stranger.page)
})

test('a sealed ballot can still be changed; its tracker then is another', async () => {
  await using visitor = await voterAt(browser, booth.url, 5)
  const { page } = visitor
  const before = await sealOne(page)
  await page.reload()
  await heading(page, 'Your ballot is encrypted')
  expect(await trackerOn(page)).toBe(before)
  await page.getByRole('link', { name: 'Change my marks' }).click()
  await page.getByRole('link', { name: /^Change/ }).click()
  await page.getByLabel('Willow Square').check()
  // Back within the app, for a page that is left takes with it what is not yet kept.
  await page.goBack()
  await heading(page, 'Your ballot')
  await page.goBack()
  await page.waitForURL('**/review')
  await heading(page, 'Your ballot')
  await markOne(page, 'Willow Square')
  await press(page, 'Encrypt my ballot')
  await heading(page, 'Your ballot is encrypted')
  expect(await trackerOn(page)).not.toBe(before)
})

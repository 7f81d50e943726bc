// The booth where it is hard to vote: a slow line, a page magnified to 400 %, and a page that is loaded again in the middle
// of each step.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from './app.ts'
import { type BoothStage, CONTESTS, serveBooth } from './booth-stage.ts'
import {
  ALL,
  expectSound,
  heading,
  keptMarks,
  NO_MARKS,
  ONE,
  press,
  sealOne,
  trackerOn,
  voterAt,
} from './booth-visitor.ts'
import { Line } from './line.ts'

/** A bad mobile connection. */
const SLOW = { rate: 400, latency: 400 }

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

function ballots(): number {
  return booth.stage.parts.board.state.bodies.size
}

test('on a slow line: how far the proving key is, in words and by the bar, and the voter goes on meanwhile', async () => {
  await using line = await Line.open()
  await using visitor = await voterAt(browser, booth.url, 0, { proxy: line.url })
  const { page } = visitor
  await page.goto(`${ONE}?contest=1`)
  await page.getByLabel('Market Square').check()
  line.speed = SLOW
  await press(page, 'Look over my ballot')
  await heading(page, 'Your ballot')
  const loading = page.getByRole('progressbar', { name: /^Loading what your device needs to prove/ })
  await loading.waitFor()
  await expect.poll(() => far(page)).toBeGreaterThan(0)
  const before = await far(page)
  await expect.poll(() => far(page)).toBeGreaterThan(before)
  expect(await far(page)).toBeLessThan(1)
  await expectSound(page)

  // Sealing needs none of it; casting waits for it, and says so.
  await press(page, 'Encrypt my ballot')
  await heading(page, 'Your ballot is encrypted')
  const tracker = await trackerOn(page)
  await press(page, 'Cast my vote')
  await page.getByText('Getting what is needed for the proof…').waitFor()
  await expectSound(page)
  line.mend()
  await heading(page, 'Your vote is in')
  expect(await trackerOn(page)).toBe(tracker)
  expect(line.heard.filter((address) => address.includes('/api/artifacts/'))).toHaveLength(2)
  expect(visitor.complaints).toEqual([])
})

test('at 400 %: every kind of contest, review, ballot and receipt fit a page of 320 by 256', async () => {
  await using visitor = await voterAt(browser, booth.url, 1, { width: 320, height: 256 })
  const { page } = visitor
  await page.goto(ALL)
  await heading(page, 'Eight questions to the harbour district')
  await expectSound(page)
  for (const number of CONTESTS.keys()) {
    await page.goto(`${ALL}?contest=${number + 1}`)
    await page.getByText(`Contest ${number + 1} of 8`).waitFor()
    await expectSound(page)
    // The first thing that can be marked, which begins most lists.
    await page
      .locator('main')
      .locator(
        'input[type=radio], input[type=checkbox], button[aria-label^="One more"], button[aria-label^="Place 1"]',
      )
      .first()
      .click()
    await expectSound(page)
  }
  await page.goto(`${ALL}/review`)
  await heading(page, 'Your ballot')
  await expectSound(page)
  await sealOne(page)
  await expectSound(page)
  await page.getByRole('link', { name: 'Check this device first' }).click()
  await page.getByRole('heading', { name: /Show the name/ }).waitFor()
  await expectSound(page)
  await page.goBack()
  await press(page, 'Cast my vote')
  await heading(page, 'Your vote is in')
  await expectSound(page)
})

test('loaded again in the middle of each step: nothing is lost, and nothing is cast twice', async () => {
  await using visitor = await voterAt(browser, booth.url, 2)
  const { page } = visitor
  const before = ballots()
  const again = async (name: string | RegExp): Promise<void> => {
    await page.reload()
    await heading(page, name)
  }
  await page.goto(ONE)
  await heading(page, 'Name of the square')
  await again('Name of the square')
  await page.getByRole('link', { name: 'Start voting' }).click()
  await page.getByLabel('Market Square').check()
  await expect.poll(() => keptMarks(page)).not.toBe(NO_MARKS)
  await again(/Choose one/)
  expect(await page.getByLabel('Market Square').isChecked()).toBe(true)
  await press(page, 'Look over my ballot')
  await heading(page, 'Your ballot')
  await again('Your ballot')
  await page.getByText('Market Square').waitFor()
  await press(page, 'Encrypt my ballot')
  await heading(page, 'Your ballot is encrypted')
  const opened = await trackerOn(page)
  await again('Your ballot is encrypted')
  expect(await trackerOn(page)).toBe(opened)

  await page.getByRole('link', { name: 'Check this device first' }).click()
  await heading(page, 'Check this device first')
  await again('Check this device first')
  await press(page, /open the ballot/)
  await page.getByRole('heading', { name: /Show the content/ }).waitFor()
  await again('Check this device first')
  await page.getByRole('heading', { name: /Show the content/ }).waitFor()
  await press(page, 'Encrypt my ballot again')
  await heading(page, 'Your ballot is encrypted')
  const tracker = await trackerOn(page)

  // While the proof is made, nobody else has the ballot yet: it is the voter's word again.
  await press(page, 'Cast my vote')
  await page.getByText(/^(Getting what is needed for|Proving that)/).waitFor()
  await again('Your ballot is encrypted')
  expect(await trackerOn(page)).toBe(tracker)
  expect(ballots()).toBe(before)

  // While it is sent, it goes on by itself.
  const sent = page.waitForRequest((request) => request.url().endsWith('/api/entries'))
  await press(page, 'Cast my vote')
  await sent
  await again('Your vote is in')
  expect(await trackerOn(page)).toBe(tracker)
  await again('Your vote is in')
  expect(await trackerOn(page)).toBe(tracker)
  await expectSound(page)
  expect(ballots()).toBe(before + 1)
})

/** How much of the proving files has come, from 0 to 1. */
function far(page: Page): Promise<number> {
  return page.getByRole('progressbar').evaluate((bar) => (bar as HTMLProgressElement).position)
}

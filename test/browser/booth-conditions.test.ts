// The booth where it is hard to vote: a slow line, a page magnified to 400 %, no pointer, a page that is loaded again in the
// middle of each step, other languages in the dark, and an app that is updated meanwhile.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kept, openBrowser } from './app.ts'
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
import { PROCESS } from '../tally/scene.ts'
import { Keyboard } from './hands.ts'
import { Line } from './line.ts'

/** A bad mobile connection. */
const SLOW = { rate: 400, latency: 400 }

/** What can be marked, and begins most lists. */
const FIRST_MARK =
  'input[type=radio]:not(:checked), input[type=checkbox], button[aria-label^="One more"], button[aria-label^="Place 1"]'

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
    await page.locator('main').locator(FIRST_MARK).first().click()
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

test('by keyboard alone: every kind of contest, review, seal, then cast', async () => {
  await using visitor = await voterAt(browser, booth.url, 5, { width: 1280, height: 900, scheme: 'dark' })
  const { page } = visitor
  const hands = new Keyboard(page)
  const enter = (role: 'link' | 'button', name: string | RegExp) =>
    hands.on(page.getByRole(role, { name, exact: true }), 'Enter')
  const on = async (number: number) => {
    await page.getByText(`Contest ${number} of 8`).waitFor()
    await hands.walk()
  }
  const times = (count: number, key: string) => Array.from({ length: count }, () => key)
  await page.goto(ALL)
  await heading(page, 'Eight questions to the harbour district')
  await page.getByRole('link', { name: 'Start voting' }).waitFor()
  await hands.walk()
  await enter('link', 'Start voting')

  // Buttons of one group are gone through by arrows, to the blank vote and back to none.
  await page.getByText('Contest 1 of 8').waitFor()
  await hands.on(page.getByLabel('Willow Square'), 'Space', ...times(3, 'ArrowDown'))
  expect(await page.getByLabel('Blank vote').isChecked()).toBe(true)
  await on(1)
  await enter('button', 'Next contest')
  await on(2)
  for (const name of ['Aino Koivu', 'Bengt Lind', 'Eun-ji Park'])
    await hands.on(page.getByLabel(name), 'Space')
  await page.getByText('3 chosen of at most 3').waitFor()
  await enter('button', 'Next contest')
  await on(3)
  const noon = page.getByRole('group', { name: 'Points for Noon' })
  await hands.on(noon.getByLabel('0'), ...times(3, 'ArrowRight'))
  expect(await noon.getByLabel('3').isChecked()).toBe(true)
  await enter('button', 'Next contest')
  await on(4)
  await hands.on(page.getByLabel('One more for Parks'), ...times(4, 'Enter'), 'Space')
  await hands.on(page.getByLabel('One less for Parks'), 'Enter')
  await hands.on(page.getByLabel('Points for Housing'), 'ControlOrMeta+a', '6')
  await page.getByText('0 of 10 points left').waitFor()
  await enter('button', 'Next contest')
  await page.getByText('Contest 5 of 8').waitFor()
  await hands.on(page.getByLabel('One more for Trams'), 'Enter', 'Enter')
  await page.getByText('12 of 16 credits left').waitFor()
  await on(5)
  await enter('button', 'Next contest')

  // What moves keeps the focus.
  await page.getByText('Contest 6 of 8').waitFor()
  for (const place of ['Place 1 (5 points) to Nightingale', 'Place 2 (3 points) to Blueberry Pie'])
    await enter('button', place)
  await enter('button', 'Place 3 (one point) to Long Evenings')
  await hands.on(page.getByLabel('Move Long Evenings up'), 'Enter', 'Enter')
  await page.getByText('Long Evenings now has place 1.').waitFor()
  await hands.on(page.getByLabel('Place of Nightingale'), 'ArrowDown')
  expect(await page.locator('ol .name').allInnerTexts()).toEqual([
    ...['Long Evenings', 'Blueberry Pie', 'Nightingale'],
  ])
  await on(6)
  await enter('button', 'Next contest')
  await page.getByText('Contest 7 of 8').waitFor()
  await hands.on(page.getByLabel('Blank vote'), 'Space')
  await on(7)
  await enter('button', 'Next contest')
  await page.getByText('Contest 8 of 8').waitFor()
  await hands.on(page.getByLabel('Floating sauna'), 'Space')
  await hands.on(page.getByLabel('Search', { exact: true }), ...['a', 'm', 'p'])
  await hands.on(page.getByLabel('Ramp to the library'), 'Space')
  await hands.on(page.getByLabel('Search', { exact: true }), 'ControlOrMeta+a', 'Delete')
  await hands.on(page.locator('li', { hasText: 'Lime trees' }).locator('summary'), 'Enter')
  await page.getByAltText('A drawing of it, number 1').waitFor()
  await on(8)
  await enter('button', 'Look over my ballot')
  await heading(page, 'Your ballot')
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  await page.getByText('Blank vote').nth(1).waitFor()
  await hands.walk()
  await enter('button', 'Encrypt my ballot')
  await heading(page, 'Your ballot is encrypted')
  await hands.walk()

  await page.goto(ONE)
  await enter('link', 'Start voting')
  await hands.on(page.getByLabel('Willow Square'), 'Space', 'ArrowDown')
  await enter('button', 'Look over my ballot')
  await enter('button', 'Encrypt my ballot')
  await enter('link', 'Check this device first')
  await page.getByRole('heading', { name: /Show the name/ }).waitFor()
  await hands.walk()
  await enter('link', 'Back')
  await enter('button', 'Cast my vote')
  await heading(page, 'Your vote is in')
  await hands.walk()
  expect(visitor.complaints).toEqual([])
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

test('in the dark and in other languages: changed at each step, nothing is left in English, no mark is lost', async () => {
  await using visitor = await voterAt(browser, booth.url, 3, { scheme: 'dark' })
  const { page } = visitor
  const content = contentOf(
    [...(booth.scene.state.processes.get(PROCESS)?.elections.values() ?? [])].map(({ manifest }) => manifest),
  )
  const speak = async (language: string, tag: string): Promise<void> => {
    await page.locator('footer select').selectOption(language)
    await page.locator(`html[lang="${tag}"]`).waitFor()
  }
  const look = async (): Promise<void> => {
    const english = new Set(await wordsOn(page))
    const marks = await keptMarks(page)
    const left = async () =>
      (await wordsOn(page))
        .filter((words) => english.has(words) && /\p{Ll}{3}/u.test(without(words, content)))
        .join('; ')
    for (const [language, tag] of [
      ['Suomi', 'fi'],
      ['Deutsch', 'de'],
    ] as const) {
      await speak(language, tag)
      await expect.poll(left, { timeout: 20_000 }).toBe('')
    }
    // In the language with the longest words.
    await expectSound(page)
    await speak('English', 'en')
    await page.getByRole('link', { name: 'Elections', exact: true }).first().waitFor()
    expect(await keptMarks(page)).toBe(marks)
  }
  await page.goto(ALL)
  await heading(page, 'Eight questions to the harbour district')
  // Where each list begins is kept as soon as it is drawn.
  await expect.poll(() => keptMarks(page)).not.toBe(NO_MARKS)
  await look()
  for (const number of CONTESTS.keys()) {
    await page.goto(`${ALL}?contest=${number + 1}`)
    await page.getByText(`Contest ${number + 1} of 8`).waitFor()
    const before = await keptMarks(page)
    await page.locator('main').locator(FIRST_MARK).first().click()
    await expect.poll(() => keptMarks(page)).not.toBe(before)
    // One point too many, where points run out: the reason is read in each language too.
    const points = page.locator('main .stepper input').first()
    while ((await points.count()) > 0 && (await page.locator('main .told').count()) === 0)
      await points.press('ArrowUp')
    await look()
  }
  await page.goto(`${ALL}/review`)
  await heading(page, 'Your ballot')
  await page.getByText('Everything that is needed for casting is on this device.').waitFor()
  await look()
  await sealOne(page)
  await look()
  await page.getByRole('link', { name: 'Check this device first' }).click()
  await page.getByRole('heading', { name: /Show the name/ }).waitFor()
  await look()
  await press(page, /open the ballot/)
  await page.getByRole('heading', { name: /Show the content/ }).waitFor()
  await look()
  await press(page, 'Encrypt my ballot again')
  await press(page, 'Cast my vote')
  await heading(page, 'Your vote is in')
  await look()
})

test('a newer version of the app waits until the voter takes it, and no mark is lost', async () => {
  await using visitor = await voterAt(browser, booth.url, 4)
  const { page } = visitor
  await page.goto(`${ONE}?contest=1`)
  await page.getByLabel('Market Square').check()
  await expect.poll(() => keptMarks(page)).not.toBe(NO_MARKS)
  await kept(page)
  const versions = () =>
    page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('comitia-app-')))
  const [version = ''] = await versions()
  booth.worker = (script) => script.replaceAll(version.replace('comitia-app-', ''), 'newer')
  await page.reload()
  await page.getByText('A newer version of this app is ready.').waitFor()
  await expectSound(page)
  expect(await page.getByLabel('Market Square').isChecked()).toBe(true)
  await Promise.all([page.waitForEvent('load'), press(page, 'Load it now')])
  await page.getByLabel('Market Square').waitFor()
  expect(await page.getByLabel('Market Square').isChecked()).toBe(true)
  expect(await page.getByText('A newer version of this app is ready.').count()).toBe(0)
  // Pages of the version before may still be open.
  expect(await versions()).toEqual([version, 'comitia-app-newer'])
  booth.worker = (script) => script
})

/** All that can be read on the page or heard of it, line by line, but for the names of languages, and what was said when the
 *  page was opened. */
function wordsOn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const said: string[] = []
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      const { parentElement } = text
      if (parentElement?.closest('script, noscript, footer select, #svelte-announcer') === null)
        said.push(parentElement.checkVisibility() ? (text.textContent ?? '') : '')
    }
    for (const one of document.querySelectorAll('[aria-label], [alt], [placeholder], [title]'))
      for (const name of ['aria-label', 'alt', 'placeholder', 'title'])
        said.push(one.getAttribute(name) ?? '')
    return [...said, document.title].map((words) => words.trim()).filter(Boolean)
  })
}

/** Every text of elections, and of whoever runs them, that no app translates; the longest first. */
function contentOf(manifests: readonly object[]): string[] {
  const texts = new Set(['Comitia'])
  const visit = (value: unknown): void => {
    if (typeof value === 'string' && value.length > 3) texts.add(value)
    else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array))
      Object.values(value).forEach(visit)
  }
  manifests.forEach(visit)
  return [...texts].sort((a, b) => b.length - a.length)
}

function without(words: string, content: readonly string[]): string {
  return content.reduce((rest, text) => rest.replaceAll(text, ''), words)
}

/** How much of the proving files has come, from 0 to 1. */
function far(page: Page): Promise<number> {
  return page.getByRole('progressbar').evaluate((bar) => (bar as HTMLProgressElement).position)
}

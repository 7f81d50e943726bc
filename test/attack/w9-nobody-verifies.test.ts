// W9: voters do not verify. The device does it for them, unasked: a cast ends only with a receipt that holds for the very
// ballot that was sent, and the voter's own page asks again each time what became of it (SPEC 7.5).
import type { Browser, BrowserContext, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leafHash } from '#ledger/merkle.ts'
import { signCheckpoint } from '#ledger/checkpoint.ts'
import { formatReceipt, parseReceipt } from '#ledger/proof.ts'
import { askAsPage, letThrough, openBrowser } from '../browser/app.ts'
import { type BoothStage, serveBooth } from '../browser/booth-stage.ts'
import { expectSound, heading, ONE, press, sealOne, trackerOn, voterAt } from '../browser/booth-visitor.ts'
import { ballotEntry } from '../server/stage.ts'
import { LOG_KEY } from '../tally/record.ts'

/** Where the server is asked what became of a ballot. */
const ASKED = '**/api/ballots/*'

/** What the server says of an entry that it has. */
interface Said {
  readonly index: number
  readonly receipt: string
}

let browser: Browser
let booth: BoothStage
/** Somebody else's ballot, recorded as it should be. */
let other: Said

beforeAll(async () => {
  browser = await openBrowser()
  booth = await serveBooth()
  other = (await (
    await booth.stage.post(ballotEntry(booth.scene.ballot(30, [0n, 1n, 0n, 0n]).ballot))
  ).json()) as Said
})
afterAll(async () => {
  await browser.close()
  await booth[Symbol.asyncDispose]()
})

/** Ways to acknowledge a ballot with something that proves nothing of it. */
const LIES: Readonly<Record<string, (said: Said) => Said | Promise<Said>>> = {
  'the receipt of another entry': () => other,
  'the right place, the receipt of another entry': ({ index }) => ({ ...other, index }),
  'an altered signature': ({ index, receipt }) => ({
    index,
    receipt: receipt.replace(
      /(.)(.{20}\n*)$/,
      (_, one: string, end: string) => (one === 'A' ? 'B' : 'A') + end,
    ),
  }),
  'an altered inclusion proof': ({ index, receipt }) => {
    const { path, ...rest } = parseReceipt(receipt)
    return {
      index,
      receipt: formatReceipt({ ...rest, path: path.map((hash, i) => (i === 0 ? hash.toReversed() : hash)) }),
    }
  },
  'an inclusion proof without its last hash': ({ index, receipt }) => {
    const { path, ...rest } = parseReceipt(receipt)
    return { index, receipt: formatReceipt({ ...rest, path: path.slice(0, -1) }) }
  },
  'the place before': ({ index, receipt }) => ({
    index: index - 1,
    receipt: formatReceipt({ ...parseReceipt(receipt), index: index - 1 }),
  }),
  'a log of its own, signed with another key': async ({ index }) => {
    const stranger = { name: LOG_KEY.name, secret: new Uint8Array(32).fill(3) }
    const entry = await fetch(new URL(`/log/entries/${index}`, booth.url))
    const root = leafHash(new Uint8Array(await entry.arrayBuffer()))
    const checkpoint = signCheckpoint({ origin: LOG_KEY.name, size: 1, root }, stranger)
    return { index: 0, receipt: formatReceipt({ index: 0, path: [], checkpoint }) }
  },
  'no receipt': ({ index }) => ({ index, receipt: '' }),
}

/** A forged receipt, or one of a log that this device has never met. */
const REFUSED = /receipt that does not hold|a key that this device does not trust/

test('a ballot that is acknowledged with a false receipt is said not to be confirmed, until one holds', async () => {
  await using visitor = await voterAt(browser, booth.url, 1)
  const { page, context } = visitor
  const before = booth.stage.parts.board.state.bodies.size
  const tracker = await sealOne(page)
  let begun = false
  for (const [name, lie] of Object.entries(LIES)) {
    await answering(context, '**/api/entries', async (said) => {
      const told = await lie(said)
      expect(told, name).not.toEqual(said)
      return told
    })
    await press(page, begun ? 'Try again' : 'Cast my vote')
    begun = true
    const alarm = page.getByRole('alert').filter({ hasText: REFUSED })
    await alarm.waitFor()
    expect(await alarm.innerText(), name).toContain('not confirmed that your ballot is on the record')
    expect(await page.getByText(/Your vote is in|Nothing was cast/).count(), name).toBe(0)
    expect(await page.evaluate(() => document.activeElement?.textContent), name).toMatch(REFUSED)
    await letThrough(context)
  }
  await expectSound(page)
  await page.goto('/votes')
  await page.getByText('it is not known yet whether it is in').waitFor()
  expect(await page.getByText(tracker).count()).toBe(0)

  // With an honest server the same ballot is confirmed by itself, whichever page of the booth is opened.
  await page.goto(`${ONE}?contest=1`)
  await heading(page, 'Your vote is in')
  await page.getByText('This device has checked it: the receipt is signed').waitFor()
  expect(await trackerOn(page)).toBe(tracker)
  expect(booth.stage.parts.board.state.bodies.size).toBe(before + 1)
})

test('the voter’s own page asks again without a click, and raises an alarm at what does not hold', async () => {
  await using visitor = await voterAt(browser, booth.url, 2)
  const { page, context } = visitor
  await sealOne(page)
  await press(page, 'Cast my vote')
  await heading(page, 'Your vote is in')
  await votes(page)
  await page.getByText('Counts', { exact: true }).waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)

  for (const [name, lie] of Object.entries(LIES)) {
    await answering(context, ASKED, async (said) => ({ ...said, ...(await lie(said)) }))
    await votes(page)
    const alarm = page
      .getByRole('alert')
      .filter({ hasText: /does not hold|does not trust|Denied by the server/ })
    await alarm.waitFor()
    expect(await page.getByText('Counts', { exact: true }).count(), name).toBe(0)
    await letThrough(context)
  }
  await expectSound(page)

  await answering(context, ASKED, () => ({ status: 'counted', ...other }))
  await votes(page)
  await page.getByRole('alert').filter({ hasText: 'Denied by the server' }).waitFor()
  await letThrough(context)

  await answering(context, ASKED, (said) => ({ ...said, status: 'superseded', by: other.index }))
  await votes(page)
  await page.getByRole('alert').filter({ hasText: 'makes no sense' }).waitFor()
  await letThrough(context)

  await context.route(ASKED, (route) =>
    route.fulfill({ status: 404, json: { code: 'not-found', message: 'No such ballot.' } }),
  )
  await votes(page)
  await page.getByRole('alert').filter({ hasText: 'against its own signature' }).waitFor()
  await expectSound(page)
  await letThrough(context)

  // No answer is no alarm, and no word that the ballot counts either.
  await context.route(ASKED, (route) => route.abort())
  await votes(page)
  await page.getByText('Cannot be looked up now').waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  await letThrough(context)
  await votes(page)
  await page.getByText('Counts', { exact: true }).waitFor()
})

function votes(page: Page): Promise<unknown> {
  return page.goto('/votes')
}

/** Lets the server do what it is asked, and alters its answer. */
function answering(context: BrowserContext, path: string, lie: (said: Said) => unknown): Promise<unknown> {
  return context.route(path, async (route: Route) => {
    const response = await askAsPage(route)
    await route.fulfill({ response, json: await lie((await response.json()) as Said) })
  })
}

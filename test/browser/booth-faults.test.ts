// The voting booth when things go wrong: connections that break, reloads, two tabs, double clicks, damaged files. There
// must never be doubt about whether a vote is in, nor two of them.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { letThrough, openBrowser } from './app.ts'
import { backupOf, type BoothStage, serveBooth } from './booth-stage.ts'
import {
  ALL,
  breakCasting,
  expectSound,
  heading,
  markOne,
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

/** Ballots on the ledger. */
function ballots(): number {
  return booth.stage.parts.board.state.bodies.size
}

describe('no answer to a cast', () => {
  for (const [voter, how] of [
    [10, 'lost'],
    [11, 'answer lost'],
  ] as const) {
    test(`${how}: said so, sent again by itself, one ballot`, async () => {
      await using visitor = await voterAt(browser, booth.url, voter)
      const { page, context } = visitor
      const before = ballots()
      const tracker = await sealOne(page)
      const mend = await breakCasting(context, how)
      await press(page, 'Cast my vote')
      await page.getByText('it is not known yet whether your ballot is in').waitFor()
      await expectSound(page)
      await mend()
      await heading(page, 'Your vote is in')
      expect(await trackerOn(page)).toBe(tracker)
      expect(ballots()).toBe(before + 1)
    })
  }

  test('a reload meanwhile: it goes on with the same ballot, wherever the voter comes back', async () => {
    await using visitor = await voterAt(browser, booth.url, 12)
    const { page, context } = visitor
    const before = ballots()
    const tracker = await sealOne(page)
    const mend = await breakCasting(context, 'answer lost')
    await press(page, 'Cast my vote')
    await page.getByText('it is not known yet').waitFor()
    await page.goto(`${ONE}?contest=1`)
    await page.getByText('it is not known yet').waitFor()
    await page.goto('/votes')
    await page.getByText('A ballot of yours was sent').waitFor()
    await expectSound(page)
    await mend()
    await page.getByRole('link', { name: /^Go on/ }).click()
    await heading(page, 'Your vote is in')
    expect(await trackerOn(page)).toBe(tracker)
    expect(ballots()).toBe(before + 1)
  })
})

test('pressed twice, and in two tabs: one ballot', async () => {
  await using visitor = await voterAt(browser, booth.url, 13)
  const { page, context } = visitor
  const before = ballots()
  await sealOne(page)
  const other = await context.newPage()
  await other.goto(`${ONE}/sealed`)
  await heading(other, 'Your ballot is encrypted')
  await Promise.all([
    page.getByRole('button', { name: 'Cast my vote' }).dblclick(),
    press(other, 'Cast my vote'),
  ])
  await heading(page, 'Your vote is in')
  await heading(other, 'Your vote is in')
  expect(await trackerOn(page)).toBe(await trackerOn(other))
  expect(ballots()).toBe(before + 1)
})

test('a ballot that another tab has replaced is not cast', async () => {
  await using visitor = await voterAt(browser, booth.url, 14)
  const { page, context } = visitor
  await sealOne(page)
  const other = await context.newPage()
  const tracker = await sealOne(other, 'Willow Square')
  // The first tab learns of it as soon as it is looked at again; here it is not.
  await press(page, 'Cast my vote')
  await page.getByText('has been cast, opened or replaced meanwhile').waitFor()
  await expectSound(page)
  await press(other, 'Cast my vote')
  await heading(other, 'Your vote is in')
  expect(await trackerOn(other)).toBe(tracker)
})

test('without a network from the first contest on: everything but the cast', async () => {
  await using visitor = await voterAt(browser, booth.url, 15)
  const { page, context } = visitor
  await page.goto(`${ONE}?contest=1`)
  await page.getByLabel('Market Square').waitFor()
  await page.waitForLoadState('networkidle')
  await page.getByLabel('Market Square').check()
  await press(page, 'Look over my ballot')
  await page.getByText('Everything that is needed for casting is on this device.').waitFor()
  await context.setOffline(true)
  await press(page, 'Encrypt my ballot')
  await heading(page, 'Your ballot is encrypted')
  await page.getByRole('link', { name: 'Change my marks' }).click()
  await heading(page, 'Your ballot')
  await page.goBack()
  await page.getByRole('link', { name: 'Check this device first' }).click()
  await press(page, /open the ballot/)
  await page.getByRole('heading', { name: /Show the content/ }).waitFor()
  await press(page, 'Encrypt my ballot again')
  await heading(page, 'Your ballot is encrypted')
  await press(page, 'Cast my vote')
  await page.getByText('it is not known yet').waitFor()
  await context.setOffline(false)
  await heading(page, 'Your vote is in')
})

describe('proving files', () => {
  test('damaged in the cache: noticed and fetched again', async () => {
    await using visitor = await voterAt(browser, booth.url, 16)
    const { page } = visitor
    await markOne(page)
    await page.getByText('Everything that is needed for casting is on this device.').waitFor()
    const damaged = await page.evaluate(async () => {
      const cache = await caches.open('comitia-artifacts')
      const keys = await cache.keys()
      for (const key of keys) await cache.put(key, new Response('damaged'))
      return keys.length
    })
    expect(damaged).toBe(2)
    const fetched = requests(page, '/api/artifacts/')
    await page.reload()
    await page.getByText('Everything that is needed for casting is on this device.').waitFor()
    expect(fetched()).toBe(2)
    await press(page, 'Encrypt my ballot')
    await press(page, 'Cast my vote')
    await heading(page, 'Your vote is in')
    expect(fetched()).toBe(2)
  })

  test('damaged by the server: refused in words, nothing is cast, and it goes on when they are whole', async () => {
    await using visitor = await voterAt(browser, booth.url, 17)
    const { page, context } = visitor
    const before = ballots()
    await context.route('**/api/artifacts/*', async (route) => {
      const response = await route.fetch()
      const body = await response.body()
      body.writeUInt8(body.readUInt8(100) ^ 1, 100)
      await route.fulfill({ response, body })
    })
    await markOne(page)
    await page.getByText('could not be loaded. You can go on').waitFor()
    await expectSound(page)
    await press(page, 'Encrypt my ballot')
    const tracker = await trackerOn(page)
    await press(page, 'Cast my vote')
    await page.getByText('The server sent a damaged file for proving your ballot.').waitFor()
    await expectSound(page)
    expect(ballots()).toBe(before)
    await letThrough(context)
    await press(page, 'Try again')
    await heading(page, 'Your vote is in')
    expect(await trackerOn(page)).toBe(tracker)
  })
})

/** A browser's threads that never answer. */
const DEAF = 'globalThis.Worker = class extends EventTarget { postMessage() {} terminate() {} };'

test('a prover that stops for ever is given up in words, and proves once it is let', async () => {
  await using visitor = await voterAt(browser, booth.url, 26)
  const { page, context } = visitor
  const before = ballots()
  // Threads that never answer, and less patience with them than a slow device needs.
  await context.route('**/workers/**', async (route) => {
    // What is kept for later is whole, and what is no script.
    const request = route.request()
    if (request.serviceWorker() !== null || !request.url().endsWith('.js')) return route.continue()
    const response = await route.fetch()
    const script = await response.text()
    const isProver = script.includes('the prover has stopped')
    const body = isProver ? `${DEAF}${script.replace(/\b(6e4|60000)\b/g, '1000')}` : script
    return route.fulfill({ response, body, headers: { ...response.headers(), 'cache-control': 'no-store' } })
  })
  const tracker = await sealOne(page)
  await press(page, 'Cast my vote')
  await page.getByText('This device has stopped in the middle of the proof.').waitFor()
  await expectSound(page)
  expect(ballots()).toBe(before)
  await letThrough(context)
  await page.reload()
  await heading(page, 'Your ballot is encrypted')
  expect(await trackerOn(page)).toBe(tracker)
  await press(page, 'Cast my vote')
  await heading(page, 'Your vote is in')
})

test('a damaged vault: what is lost is said, and voting goes on', async () => {
  await using visitor = await voterAt(browser, booth.url, 18)
  const { page } = visitor
  await sealOne(page)
  await damage(page, 'drafts', 'ballots')
  await page.goto(ONE)
  await page.getByText('What you had marked on this device cannot be read any more.').waitFor()
  await page.getByText('A ballot that was encrypted on this device').waitFor()
  await expectSound(page)
  await sealOne(page, 'Willow Square')
  await press(page, 'Cast my vote')
  await heading(page, 'Your vote is in')

  // A credential that cannot be read comes back from its backup, and has its receipts again; another one that would take
  // them away asks first.
  const tracker = await trackerOn(page)
  await damage(page, 'credential/own')
  const restore = async (voter: number) => {
    await page.goto('/credential')
    await page.getByLabel('Your 24 words').fill(backupOf(voter))
    await press(page, 'Restore from words')
  }
  await restore(25)
  await page.getByText('its receipts go with it').waitFor()
  await expectSound(page)
  await restore(18)
  await page.getByText('The credential is on this device again.').waitFor()
  await page.goto('/votes')
  await page.getByText(tracker).waitFor()
})

/** Makes records of the vault unreadable: all of a drawer, or one. */
async function damage(page: Page, ...places: string[]): Promise<void> {
  await page.evaluate(async (places) => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('comitia')
      opening.onsuccess = () => resolve(opening.result)
    })
    for (const place of places) {
      const [drawer = '', name] = place.split('/')
      const writing = db.transaction(drawer, 'readwrite')
      const store = writing.objectStore(drawer)
      store.getAllKeys(name).onsuccess = ({ target }) => {
        for (const key of (target as IDBRequest<IDBValidKey[]>).result) store.put(new Uint8Array(64), key)
      }
      await new Promise((resolve) => (writing.oncomplete = resolve))
    }
    db.close()
  }, places)
}

test('one of two ballots is refused: it is said that the other is in, and the marks of this one stay', async () => {
  await using visitor = await voterAt(browser, booth.url, 24)
  const { page, context } = visitor
  for (const [contest, option] of [
    [1, 'Market Square'],
    [2, 'Bengt Lind'],
  ] as const) {
    await page.goto(`${ALL}?contest=${contest}`)
    await page.getByLabel(option).check()
  }
  await page.getByText('1 chosen of at most 3').waitFor()
  await page.goto(`${ALL}/review`)
  await press(page, 'Encrypt my ballot')
  let sent = 0
  await context.route('**/api/entries', (route) =>
    (sent += 1) === 1
      ? route.continue()
      : route.fulfill({ status: 422, json: { code: 'ballot-proof-invalid', message: '' } }),
  )
  await press(page, 'Cast my vote')
  await page.getByText('The server does not accept this ballot as valid.').waitFor()
  await page.getByText('Some of your ballots are in').waitFor()
  await expectSound(page)
  await page.getByRole('link', { name: 'Look over my ballot' }).click()
  await page.getByText('Bengt Lind', { exact: true }).waitFor()
  await letThrough(context)
  await press(page, 'Encrypt my ballot')
  await press(page, 'Cast my vote')
  await heading(page, 'Your vote is in')
  await expect.poll(() => page.locator('.tracker').count()).toBe(2)
})

test('a server that shows another roll or manifest is not voted on', async () => {
  await using visitor = await voterAt(browser, booth.url, 19)
  const { page, context } = visitor
  await context.route('**/api/rolls/**', async (route) => {
    const response = await route.fetch()
    const body = await response.body()
    await route.fulfill({ response, body: Buffer.concat([body.subarray(34), body.subarray(0, 34)]) })
  })
  await page.goto(ONE)
  await page.getByText('The electoral roll is not the one that was frozen.').waitFor()
  await expectSound(page)
  await letThrough(context)
  await context.route('**/log/entries/*', async (route) => {
    const response = await route.fetch()
    const body = await response.body()
    body.writeUInt8(body.readUInt8(40) ^ 1, 40)
    await route.fulfill({ response, body })
  })
  await page.reload()
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('link', { name: 'Start voting' }).count()).toBe(0)
})

/** Counts requests to paths with this part from now on. */
function requests(page: Page, part: string): () => number {
  let count = 0
  page.context().on('request', (request) => (count += request.url().includes(part) ? 1 : 0))
  return () => count
}

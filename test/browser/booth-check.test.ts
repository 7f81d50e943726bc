// The second device of a challenge, and receipts, in real Chromium: an honest device is borne out, a dishonest one is told
// of loudly, and nothing of a challenge reaches the server (SPEC 6.6, 7.5).
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { noteLink, openingLink, readNoted } from '#protocol/challenge.ts'
import { decodeOpening, encodeOpening, openingOf } from '#protocol/seal.ts'
import { formatTracker } from '#protocol/tracker.ts'
import { ballotEntry } from '../server/stage.ts'
import { kept, openBrowser, visit } from './app.ts'
import { type BoothStage, serveBooth } from './booth-stage.ts'
import { ALL, expectSound, heading, press, sealOne, trackerOn, voterAt } from './booth-visitor.ts'
import { codeOn } from './codes.ts'

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

/** Saves what the button saves. */
async function saved(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, button)])
  return download.path()
}

async function sealedAndChallenged(page: Page): Promise<string> {
  const tracker = await sealOne(page)
  await page.getByRole('link', { name: 'Check this device first' }).click()
  await page.getByRole('heading', { name: /Show the name/ }).waitFor()
  await expectSound(page)
  return tracker
}

test('an honest device: name first, then content; the marks are found, the ballot is sealed anew and cast', async () => {
  await using visitor = await voterAt(browser, booth.url, 20)
  await using second = await visit(browser, booth.url, { width: 320, scheme: 'dark' })
  const { page } = visitor
  const phone = second.page
  const tracker = await sealedAndChallenged(page)

  await phone.goto('/check')
  await heading(phone, 'Check another device')
  await expectSound(phone)
  await phone.getByLabel('Or type the tracker').fill(tracker.replace(/.$/, tracker.endsWith('0') ? '1' : '0'))
  await press(phone, 'Take it')
  await phone.getByText('This is no tracker and no link of a ballot.').waitFor()
  await expectSound(phone)
  await phone.getByLabel('Or type the tracker').fill(tracker.toLowerCase().replaceAll('-', ' '))
  await press(phone, 'Take it')
  await phone.getByText('Name taken').waitFor()
  await expectSound(phone)

  const heard: string[] = []
  for (const { context } of [visitor, second])
    context.on('request', (request) => heard.push(`${request.url()} ${request.postData() ?? ''}`))
  await press(page, /open the ballot/)
  await page.getByRole('heading', { name: /Show the content/ }).waitFor()
  await expectSound(page)
  const opening = await saved(page, 'Save as a file')
  await phone.locator('input[type=file]').setInputFiles(opening)
  await phone.getByText('It is not on the public record, as it must be.').waitFor()
  await phone.getByText('Market Square', { exact: true }).waitFor()
  await phone.getByText('Its tracker is the one that you typed').waitFor()
  await expectSound(phone)

  // A reload shows the opened ballot again, and there is no way to cast it.
  await page.goto('/elections/city/one/vote/sealed')
  await page.getByRole('heading', { name: /Show the content/ }).waitFor()
  expect(await page.getByRole('button', { name: 'Cast my vote' }).count()).toBe(0)
  await press(page, 'Encrypt my ballot again')
  await heading(page, 'Your ballot is encrypted')
  expect(await trackerOn(page)).not.toBe(tracker)
  const name = decodeOpening(await readFile(opening)).bodyHash
  for (const said of heard) {
    expect(said).not.toContain(toHex(name))
    expect(said).not.toContain(tracker)
  }
  await press(page, 'Cast my vote')
  await heading(page, 'Your vote is in')
  for (const { complaints } of [visitor, second]) expect(complaints).toEqual([])
})

describe('by the codes that are shown', () => {
  test('before casting the code names the ballot by its whole hash, which is compared and leaves the address', async () => {
    await using visitor = await voterAt(browser, booth.url, 21)
    await using second = await visit(browser, booth.url)
    const { page } = visitor
    const tracker = await sealOne(page)
    const note = await codeOn(page)
    const name = readNoted(note)
    if (!(name instanceof Uint8Array)) throw new Error('the code has no hash')
    expect(note).toBe(noteLink(booth.url, name))
    expect(formatTracker(name)).toBe(tracker)
    await page.getByRole('link', { name: 'Check this device first' }).click()
    await page.getByRole('heading', { name: /Show the name/ }).waitFor()
    expect(await codeOn(page)).toBe(note)
    await press(page, /open the ballot/)
    await page.getByRole('heading', { name: /Show the content/ }).waitFor()
    const open = await codeOn(page)
    const opening = await readFile(await saved(page, 'Save as a file'))
    expect(open).toBe(openingLink(booth.url, opening))
    expect(decodeOpening(opening).bodyHash).toEqual(name)
    const phone = second.page
    await phone.goto(note)
    await phone.getByText('Name taken').waitFor()
    await expect.poll(() => phone.url()).toBe(`${booth.url}/check`)
    const later = await second.context.newPage()
    await later.goto(open)
    await later.getByText('It is the very ballot whose name this device took').waitFor()
    await expect.poll(() => later.url()).toBe(`${booth.url}/check`)
    await expectSound(later)
    await press(later, 'Start over')
    await later.goto(open)
    await later.getByText('This device had not taken the ballot’s name').waitFor()
    await expectSound(later)
  })

  test('several contests: the voter says which is opened, the others stay as they are', async () => {
    await using visitor = await voterAt(browser, booth.url, 22)
    const { page } = visitor
    for (const [contest, option] of [
      [1, 'Willow Square'],
      [2, 'Bengt Lind'],
    ] as const) {
      await page.goto(`${ALL}?contest=${contest}`)
      await page.getByLabel(option).check()
    }
    await page.getByText('1 chosen of at most 3').waitFor()
    await page.goto(`${ALL}/review`)
    await press(page, 'Encrypt my ballot')
    await heading(page, 'Your ballot is encrypted')
    const before = await page.locator('.tracker').allInnerTexts()
    await page.getByRole('link', { name: 'Check this device first' }).click()
    await page.getByLabel('Board of the society').check()
    await expectSound(page)
    await press(page, /open the ballot/)
    await page.getByRole('heading', { name: /Show the content/ }).waitFor()
    const open = await codeOn(page)
    const other = await visitor.context.newPage()
    await other.goto(open)
    await other.getByText('Bengt Lind', { exact: true }).waitFor()
    await other.close()
    await press(page, 'Encrypt my ballot again')
    await heading(page, 'Your ballot is encrypted')
    const after = await page.locator('.tracker').allInnerTexts()
    expect(after[0]).toBe(before[0])
    expect(after[1]).not.toBe(before[1])
  })
})

describe('a dishonest device is told of loudly', () => {
  const values = [0n, 1n, 0n, 0n]

  async function verdict(noted: Uint8Array | undefined, opening: Uint8Array): Promise<string> {
    await using second = await visit(browser, booth.url)
    const { page } = second
    if (noted !== undefined) {
      await page.goto(noteLink(booth.url, noted))
      await page.getByText('Name taken').waitFor()
      await page.goto('/help')
    }
    await page.goto(openingLink(booth.url, opening))
    const alert = page.getByRole('alert').filter({ hasText: 'Something is wrong' })
    await alert.waitFor()
    await expectSound(page)
    return await alert.innerText()
  }

  test('other marks than are sealed', async () => {
    const opening = openingOf(booth.scene.ballot(30, values).sealing)
    const lie = encodeOpening({ ...opening, values: [0n, 0n, 1n, 0n] })
    expect(await verdict(opening.bodyHash, lie)).toContain('is not what is in the encrypted ballot')
  })

  test('another ballot than was named', async () => {
    const [named, shown] = [booth.scene.ballot(30, values), booth.scene.ballot(30, values)].map(
      ({ sealing }) => openingOf(sealing),
    )
    if (named === undefined || shown === undefined) throw new Error('two ballots')
    expect(await verdict(named.bodyHash, encodeOpening(shown))).toContain('has opened another ballot')
  })

  test('a ballot that was cast all the same', async () => {
    const { sealing, ballot } = booth.scene.ballot(31, values)
    expect((await booth.stage.post(ballotEntry(ballot))).status).toBe(201)
    expect(await verdict(undefined, encodeOpening(openingOf(sealing)))).toContain(
      'yet it is on the public record',
    )
  })

  test('of an election that is not open here, or no opening at all', async () => {
    const opening = openingOf(booth.scene.ballot(30, values).sealing)
    const elsewhere = encodeOpening({ ...opening, election: new Uint8Array(32) })
    expect(await verdict(undefined, elsewhere)).toContain('belongs to no election')
    expect(await verdict(undefined, encodeOpening(opening).subarray(1))).toContain('This is no opened ballot')
  })
})

describe('receipts', () => {
  test('one that was altered proves nothing; a server that denies the ballot is told of', async () => {
    await using visitor = await voterAt(browser, booth.url, 23)
    const { page } = visitor
    await sealOne(page)
    await press(page, 'Cast my vote')
    await heading(page, 'Your vote is in')
    const receipt = await readFile(await saved(page, 'Save the receipt file'), 'utf8')
    await using anybody = await visit(browser, booth.url)
    const check = async (text: string): Promise<Page> => {
      await anybody.page.goto('/receipt')
      const file = { name: 'receipt.json', mimeType: 'application/json', buffer: Buffer.from(text) }
      await anybody.page.locator('input[type=file]').setInputFiles(file)
      return anybody.page
    }
    const good = await check(receipt)
    await good.getByText('It is the newest ballot of its voter').waitFor()
    const other = (_: string, head: string, one: string) => `${head}${one === 'A' ? 'B' : 'A'}`
    const altered = receipt.replace(/("entry": ".{60})(.)/, other)
    expect(altered).not.toBe(receipt)
    await (await check(altered)).getByText('This receipt proves nothing.').waitFor()
    await expectSound(anybody.page)
    await (await check('{}')).getByRole('alert').waitFor()
    await expectSound(anybody.page)

    // Offline the proof still holds; what became of the ballot is not known.
    await (await check(receipt)).getByText('the one that counts').waitFor()
    await anybody.page.goto('/receipt')
    await anybody.page.getByText('What a receipt does not prove').waitFor()
    await kept(anybody.page)
    await anybody.context.setOffline(true)
    await anybody.page
      .locator('input[type=file]')
      .setInputFiles({ name: 'r.json', mimeType: 'application/json', buffer: Buffer.from(receipt) })
    await anybody.page.getByText('This ballot is on the public record').waitFor()
    await anybody.page.getByText('Whether it counts is not known now.').waitFor()
    await anybody.context.setOffline(false)

    await anybody.context.route('**/api/ballots/*', (route) =>
      route.fulfill({ status: 404, json: { code: 'not-found', message: 'No such ballot.' } }),
    )
    await (await check(receipt)).getByText('The server denies this ballot.').waitFor()
    await expectSound(anybody.page)
  })
})

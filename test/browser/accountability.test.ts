// From a proposal to a result, and from that to the money: two officials promise, report and publish a real contract, everybody sees it at both
// sizes, and an altered payment shows as broken. SPEC 13.1, 13.2.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { publicationOf } from '#tally/formats/ocds.ts'
import { toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { ocdsText } from '../tally/promises.ts'
import { PROCESS } from '../tally/scene.ts'
import { type City, contracts, serveCity } from './accountability-stage.ts'
import { audit, openBrowser, overflow, visit, type Visitor } from './app.ts'
import { fill, fine, invite, official, press, row } from './officials-room.ts'

const DAY = 86_400_000

let city: City
let browser: Browser

beforeAll(async () => {
  city = await serveCity()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await city[Symbol.asyncDispose]()
})

test('a promise is made, reported on and paid for, in front of everybody', async () => {
  const { url, server, proposal } = city
  await using anybody = await visit(browser, url)
  await looks(anybody, `proposals/${proposal}`, async (page) => {
    await page.getByText('Feasible at US$400,000').waitFor()
    await page.getByText('A pond of an acre.').waitFor()
    await page.getByText('It won.').waitFor()
  })
  await anybody.page.getByRole('link', { name: 'Project 1 of the vote “Which?”' }).click()
  const result = anybody.page.getByRole('row', { name: /^Cycle way/ })
  await result.getByRole('link', { name: 'The proposal that it came from' }).click()
  await anybody.page.getByRole('heading', { level: 1, name: 'A way for bicycles' }).waitFor()

  await using ada = await official(browser, url, { width: 1280 })
  await ada.page.goto(`/officials/first#${server.parts.officials.first ?? ''}`)
  await fill(ada.page, { Name: 'Ada Lovelace', Short: 'ada' })
  await press(ada.page, 'Make both passkeys')
  await row(ada.page, 'Ada Lovelace', 'On the record')
  const invitation = await invite(ada.page, 'Ben Okri', 'ben', 'owner')
  await using ben = await official(browser, url)
  await ben.page.goto(invitation)
  await press(ben.page, 'Make both passkeys')
  await ben.page.getByText('You are signed in as Ben Okri, owner.').waitFor()
  await ada.page.reload()
  await press(ada.page, 'Propose to name all who have joined')
  await row(ada.page, 'Ben Okri', 'On the record')

  await ada.page.goto('/officials/accountability')
  const making = ada.page.getByRole('form', { name: 'Make a promise' })
  await making.getByLabel('What it follows from').selectOption('Which?: Cycle way')
  await making.getByLabel('What is promised').fill('A cycle way to the harbour')
  await making.getByLabel('Office that answers').fill('Roads')
  await making.getByLabel('Due').fill(new Date(Date.now() + 30 * DAY).toISOString().slice(0, 16))
  await making.getByLabel('Cost').fill('450000.50')
  await making.getByLabel('Currency').fill('USD')
  await making.getByLabel('Why').fill('The vote decided so.')
  await fine(ada)
  await making.getByRole('button', { name: 'Propose and sign with my passkey' }).click()
  await signed(ada, ben)

  await ada.page.goto('/officials/accountability')
  const telling = ada.page.getByRole('form', { name: 'Say how a promise stands' })
  await telling.getByLabel('What has been reached').fill('The ground is broken.')
  await telling.getByLabel('Where it can be seen').fill('https://example.org/photo')
  await telling.getByLabel('Spent so far').fill('1200')
  await telling.getByLabel('Why').fill('The site manager says so.')
  await telling.locator('input[type=file]').setInputFiles({
    ...{ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('a photo') },
  })
  await telling.getByText('photo.jpg').waitFor()
  await fine(ada)
  await telling.getByRole('button', { name: 'Propose and sign with my passkey' }).click()
  await signed(ada, ben)

  await looks(anybody, 'results', async (page) => {
    await page.getByRole('heading', { name: 'A cycle way to the harbour' }).waitFor()
    await page.getByText(/^On time: due/).waitFor()
    await page.getByText('US$1,200 of US$450,000.50 is paid.').waitFor()
    await page.getByText('The ground is broken.').waitFor()
    await page.getByText(toHex(sha256(Buffer.from('a photo')))).waitFor()
    await page.getByText('Follow this', { exact: true }).click()
    await page.getByRole('link', { name: 'News of this alone for a feed reader' }).waitFor()
    await page.getByRole('button', { name: 'Comments: 0' }).click()
    await page.getByText('Nobody has said anything yet.').waitFor()
  })

  await ben.page.goto('/officials/accountability')
  const publishing = ben.page.getByRole('form', { name: 'Publish contracts and payments' })
  const choose = (text: string) => publishing.locator('input[type=file]').setInputFiles(contracts(text))
  await choose(ocdsText('portland-record').replace('"amount": 487280.0', '"amount": "much"'))
  await publishing.getByText('/releases/0/contracts/0/value/amount').first().waitFor()
  await fine(ben)
  await choose(ocdsText('portland-record'))
  await publishing.getByText('contracts.json is sound. Releases in it: 1.').waitFor()
  await publishing.getByLabel('On which promise').selectOption('A cycle way to the harbour')
  await publishing.getByLabel('Why').fill('The quarter is over.')
  await fine(ben)
  await publishing.getByRole('button', { name: 'Propose and sign with my passkey' }).click()
  await signed(ben, ada)

  await looks(anybody, 'results', async (page) => {
    await page.getByText('US$487,280 of US$450,000.50 is paid.').waitFor()
    await page.getByRole('link', { name: /^Contracts and payments: ocds-/ }).click()
    expect(page.url()).toMatch(/#ocid-ocds-/)
    await page.getByText('Contracts are US$87,280 above what voters were told.').waitFor()
    await page.getByRole('row', { name: /Payment of 2016-06-30 MOURI Tech LLC US\$75,680/ }).waitFor()
  })
  server.clock.now += 31 * DAY
  await looks(anybody, 'results', (page) => page.getByText(/^Late: was due/).waitFor())

  const { file } = publicationOf(JSON.parse(ocdsText('portland-record')))
  const path = join(server.folder, 'attachments', toHex(file))
  writeFileSync(path, readFileSync(path, 'utf8').replace('"amount":75680,', '"amount":65680,'))
  server.clock.now += DAY
  await looks(anybody, 'results', async (page) => {
    await page.getByText(/^Broken: the file that officials signed/).waitFor()
    expect(await page.getByText('MOURI Tech').count()).toBe(0)
  })
  const complaints = [ada, ben, anybody].flatMap((visitor) => visitor.complaints)
  expect(complaints.filter((said) => !/401|pubKeyCredParams/.test(said))).toEqual([])
})

/** A public page of the process on a phone and on a desk. */
async function looks(
  { page }: Visitor,
  path: string,
  what: (page: Visitor['page']) => Promise<unknown>,
): Promise<void> {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    await page.goto(`/processes/${PROCESS}/${path}`)
    await what(page)
    expect(await audit(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
  }
}

/** What the first has proposed is signed by the second. */
async function signed(first: Visitor, second: Visitor): Promise<void> {
  await first.page.getByText('Proposed. A colleague signs it').waitFor()
  await second.page.goto('/officials')
  await press(second.page, 'Sign with my passkey')
  await second.page.getByText('No act waits for anybody.').waitFor()
  expect(await second.page.getByText('Refused by the record').count()).toBe(0)
}

// SPEC 10.2: a ceremony in real Chromium, led by an official, with two contributors in browsers of their own; the command
// line comes to the same about the key that it ends with.
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CeremonyView } from '#server/ceremony/shapes.ts'
import { comitia } from '../bench/program.ts'
import { freePort, openBrowser, type Server, startApp, visit, type Visitor } from './app.ts'
import { fill, fine, official, press } from './officials-room.ts'

const BEACON = 'Hash of block 1,000,000'
let server: Server
let browser: Browser

beforeAll(async () => {
  server = await startApp({ port: await freePort(), demo: false })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

test('two contribute, one does not come, and the end is what the command line verifies', async () => {
  await using owner = await official(browser, server.url)
  const { page } = owner
  await page.goto(server.firstOfficial ?? '')
  await fill(page, { Name: 'Aino Virtanen', Short: 'aino' })
  await press(page, 'Make both passkeys')
  await page.getByRole('link', { name: 'Ceremony of the proof system' }).click()
  for (const name of [/^S:/, /^L:/]) await page.getByRole('checkbox', { name }).uncheck()
  await page.locator('input[type=file]').setInputFiles({
    name: 'unknown.ptau',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('ptau'),
  })
  await page.getByLabel('Public value that will end it').fill(BEACON)
  await fine(owner)
  await press(page, 'Begin a ceremony')
  await page.getByText('This is not a known file of the first part.').waitFor()
  await page.reload()
  for (const name of [/^S:/, /^L:/]) await page.getByRole('checkbox', { name }).uncheck()
  await page.getByLabel('Public value that will end it').fill(BEACON)
  await press(page, 'Begin a ceremony')
  await page.getByText('For trying out only: the secrets of its first part are public.').waitFor()
  const links = new Map<string, string>()
  for (const name of ['Ada Byron', 'Ben Okri', 'Cem Karaca']) links.set(name, await invite(page, name))
  await fine(owner)

  await using ada = await visit(browser, server.url)
  await using ben = await visit(browser, server.url, { width: 1280, scheme: 'dark' })
  // While what Ada hands in is on its way, Ben has to wait.
  const { promise: held, resolve: go } = Promise.withResolvers<undefined>()
  await ada.context.route('**/api/ceremony/contributions/*', (route) => held.then(() => route.continue()))
  await ada.page.goto(links.get('Ada Byron') ?? '')
  await ada.page.getByText('Ada Byron, you were asked to contribute.').waitFor()
  await ada.page.getByLabel('Chance of your own').fill('3 1 6 2 5')
  await fine(ada)
  await press(ada.page, 'Contribute')
  await ada.page.getByText('signal: handing it in.').waitFor()
  await ben.page.goto(links.get('Ben Okri') ?? '')
  await ben.page.getByText('Somebody else is contributing now.').waitFor()
  await fine(ben)
  go(undefined)
  const [first] = await contributed(ada)
  await press(ben.page, 'Look again')
  await press(ben.page, 'Contribute')
  const [second] = await contributed(ben)

  await page.reload()
  await page.getByText('Possible as soon as somebody has contributed').waitFor()
  await page.getByLabel('Why').fill('Fell ill.')
  await press(page, 'No longer wait for Cem Karaca')
  await page.getByText('No longer waited for: Fell ill.').waitFor()
  await page.getByLabel('The value, in hexadecimal').fill('C0FFEE')
  await fine(owner)
  await press(page, 'End the ceremony')
  await page.getByText('c0ffee').waitFor()

  // A link serves once, and the transcript is everybody's.
  await ada.page.reload()
  await ada.page.getByText('Your contribution is in.').waitFor()
  await ada.page.goto('/ceremony')
  await ada.page.getByText('No longer waited for: Fell ill.').waitFor()
  await fine(ada)
  const answer = await fetch(new URL('/api/ceremonies', server.url))
  const { ceremonies } = (await answer.json()) as { ceremonies: CeremonyView[] }
  const hashes = ceremonies[0]?.keys.map(({ hash }) => hash) ?? []
  expect(hashes.slice(0, 3)).toEqual([null, first, second])

  const [download] = await Promise.all([
    ada.page.waitForEvent('download'),
    ada.page.getByRole('link', { name: 'Newest key of signal' }).click(),
  ])
  const file = join(server.data, 'final.zkey')
  await download.saveAs(file)
  const { code, stdout } = await comitia(['ceremony', 'verify', file, '--circuit', 'signal', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    passed: true,
    contributions: ['Ada Byron', 'Ben Okri', 'beacon'].map((name, i) => ({ name, hash: hashes[i + 1] })),
    summary: { contributors: ['Ada Byron', 'Ben Okri'], beacon: true, development: true },
  })
  // Nobody was signed in at first, the unknown file was refused, and acts are signed by ES256 alone.
  const expected = /401|422|pubKeyCredParams/
  const complaints = [owner, ada, ben].flatMap((visitor) => visitor.complaints)
  expect(complaints.filter((said) => !expected.test(said))).toEqual([])
})

async function invite(page: Page, name: string): Promise<string> {
  await page.getByLabel('Name, as it will stand in the keys').fill(name)
  await press(page, 'Invite a contributor')
  await page.getByText(`Give this link to ${name}.`).waitFor()
  return page.locator('.notice .mono').innerText()
}

/** The hashes that the page shows once the work is done. */
async function contributed(visitor: Visitor): Promise<string[]> {
  await visitor.page.getByText('This device has forgotten the secret.').waitFor()
  await fine(visitor)
  return visitor.page.getByRole('region', { name: 'Your contribution' }).locator('.mono').allInnerTexts()
}

// Sealed comments in real Chromium: written on a phone, nobody reads them, then guardians open them, one on their page, and
// everybody reads them. Pages are looked at by axe after every step. SPEC 12.11.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeBackup, newIdentity } from '#client/guardian/seat.ts'
import { encodeScalar } from '#crypto/babyjubjub.ts'
import { encodeEntry } from '#protocol/entry.ts'
import { unsealMessage } from '#tally/guardian.ts'
import { follow } from '../server/stage.ts'
import { POLICY } from '../tally/record.ts'
import { ELECTION, PROCESS } from '../tally/scene.ts'
import { openBrowser, visit } from './app.ts'
import { expectSound, heading, press, voterAt } from './booth-visitor.ts'
import { HOME, type ProcessStage, serveProcess } from './process-stage.ts'

const DAY = 86_400_000
const PASSPHRASE = 'correct horse battery'
const PHONE = { width: 390, height: 844 }
const WIDE = { width: 1280, height: 900 }

let browser: Browser
let process: ProcessStage
beforeAll(async () => {
  browser = await openBrowser()
  process = await serveProcess(undefined, ['propose', 'sealed-comment'])
})
afterAll(async () => {
  await browser.close()
  await process[Symbol.asyncDispose]()
})

/** The backup of a guardian of the scene, who holds a share of the key. */
async function backupOf(guardian: number): Promise<string> {
  const { scene } = process.people
  const [signingKey] = scene.guardianKeys.slice(guardian - 1)
  if (signingKey === undefined) throw new Error('no such guardian')
  const seat = {
    ...{ server: process.url, policy: POLICY, process: PROCESS, election: ELECTION, guardian },
    ...{ genesis: scene.log.genesis, definition: scene.election.definition, restored: false },
    checkpoint: scene.checkpoint(),
    attempt: { number: 1, keyShare: encodeScalar(scene.share(guardian)), messages: {} },
  }
  const identity = { ...(await newIdentity(`Guardian ${guardian}`)), signingKey }
  return encodeBackup({ identity, seats: [seat] }, { passphrase: PASSPHRASE })
}

test('sealed, waiting, opened by guardians, read by everybody', async () => {
  const proposal = await (async () => {
    await using author = await voterAt(browser, process.url, 0)
    const { page } = author
    await page.goto(`${HOME}/propose`)
    await page.getByLabel('In one line').fill('A pond')
    await press(page, 'Publish my proposal')
    await heading(page, 'A pond')
    return page.url()
  })()

  await using writer = await voterAt(browser, process.url, 1, PHONE)
  const { page } = writer
  await page.goto(proposal)
  await press(page, 'Write a sealed comment')
  await page.getByText('Nobody can read your comment before').waitFor()
  await expectSound(page)
  await press(page, 'Seal and send my comment')
  await page.getByRole('alert').getByText('Write something first.').waitFor()
  await page.getByLabel('Your comment').fill('Only with a **fence**.')
  await press(page, 'Seal and send my comment')
  await page.getByText('Nobody can read this comment yet.').waitFor()
  await page.getByText('Sealed comments in this process that wait: 1.').waitFor()
  await expectSound(page)

  await using guardian = await visit(browser, process.url, WIDE)
  // Workers have no other clock than the machine's.
  await guardian.context.route(/\/workers\/.*\.js$/, async (route) => {
    const response = await route.fetch()
    const later = `{ const now = Date.now; Date.now = () => now() + ${11 * DAY} }\n`
    await route.fulfill({ response, body: later + (await response.text()) })
  })
  process.passDays(11)
  const { scene } = process.people
  await follow(scene, process.stage.ledger)
  const other = unsealMessage(scene.state, scene.election, process.people.participation, 0, 2, scene.share(2))
  expect((await process.stage.post(encodeEntry(scene.guardianEntry(2, other)))).status).toBe(201)

  await guardian.page.goto(`/guardian/${PROCESS}/${ELECTION}`)
  const file = Buffer.from(await backupOf(1))
  await guardian.page
    .locator('input[type=file]')
    .setInputFiles({ name: 'guardian.age', mimeType: 'application/octet-stream', buffer: file })
  await guardian.page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await press(guardian.page, 'Restore')
  await guardian.page.getByRole('heading', { name: 'Sealed comments' }).waitFor()
  await expectSound(guardian.page)
  await press(guardian.page, 'Open the sealed comments')
  await guardian.page.getByText('They are open: everybody can read them.').waitFor()
  await expectSound(guardian.page)

  await page.reload()
  await page.locator('strong', { hasText: 'fence' }).waitFor()
  await page.getByText('Came sealed').waitFor()
  await expectSound(page)
  expect([...writer.complaints, ...guardian.complaints]).toEqual([])
})

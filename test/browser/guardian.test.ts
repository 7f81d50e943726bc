// Three guardians in three browsers, each in a profile of its own, from their keys to the result: the steps that run by
// themselves, those that ask, what is said at alarms, and a guardian who goes on elsewhere from a backup (SPEC 5, 9).
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ballot, ballotContent, ballotOf } from '#protocol/ballot.ts'
import { decodeEntry, encodeEntry } from '#protocol/entry.ts'
import { recordFile } from '../cli/scene-server.ts'
import { audit, openBrowser, overflow, visit, type Visitor } from './app.ts'
import { codeOn } from './codes.ts'
import { GuardianStage } from './guardian-stage.ts'
import { Keyboard } from './hands.ts'

const NAMES = ['Aino Korhonen', 'Bengt Öberg', 'Chidi Okafor']
const PASSPHRASE = 'correct horse battery'
const PLACE = '/guardian/city/budget'

let browser: Browser
let stage: GuardianStage
let guardians: Visitor[]
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comitia-guardians-'))
  browser = await openBrowser()
  stage = await GuardianStage.open(4)
  guardians = await Promise.all([
    visit(browser, stage.url, { width: 320 }),
    visit(browser, stage.url, { width: 1280, scheme: 'dark' }),
    visit(browser, stage.url),
  ])
})
afterAll(async () => {
  await browser.close()
  await stage[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** Does something in every guardian's browser at once. */
function all<T>(what: (page: Page, index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(guardians.map(({ page }, index) => what(page, index)))
}

function pageOf(index: number): Page {
  const visitor = guardians[index]
  if (visitor === undefined) throw new Error('no such guardian')
  return visitor.page
}

/** The pages as they are now: no finding of axe, nothing to scroll sideways. */
async function expectSound(): Promise<void> {
  const found = await all(async (page) => [...(await audit(page)), await overflow(page)])
  expect(found).toEqual([[0], [0], [0]])
}

/** By keyboard alone, on the first guardian's page. */
function walk(): Promise<void> {
  return new Keyboard(pageOf(0)).walk()
}

function heading(page: Page, name: string) {
  return page.getByRole('heading', { name, exact: true }).waitFor()
}

test('a key is made on each device, and the election appears to those whom it names', async () => {
  await all((page) => page.goto('/guardian'))
  await pageOf(0).getByRole('button', { name: 'Make my key' }).click()
  await pageOf(0).getByText('Give a name of at most 200 characters.').waitFor()
  await expectSound()
  const keys = await all(async (page, i) => {
    await page.getByLabel('Your name').fill(NAMES[i] ?? '')
    await page.getByRole('button', { name: 'Make my key' }).click()
    return page.locator('.key').innerText()
  })
  expect(new Set(keys).size).toBe(3)
  await expectSound()
  await pageOf(0).locator('summary').first().click()
  expect(await codeOn(pageOf(0))).toBe(keys[0])
  await walk()

  const alone = { name: 'Dolores Prieto', key: '0'.repeat(63) + '1' }
  await stage.define([alone], { threshold: 1, quorum: 1 }, 'alone')
  await pageOf(0).goto('/guardian/city/alone')
  await pageOf(0).getByText('There is only one guardian.').waitFor()
  await pageOf(0).getByText('This page keeps your part.').waitFor()
  await pageOf(0).getByText('This election names none of the guardians on this device.').waitFor()
  await expectSound()
  await pageOf(0).goto('/guardian')
  await stage.define(
    NAMES.map((name, i) => ({ name, key: keys[i] ?? '' })),
    { minBallots: 2 },
  )
  await all(async (page) => {
    await page.reload()
    await page.getByRole('link', { name: 'The district’s budget' }).click()
    await page.getByText('Any 2 of the 3 guardians can open the result.').waitFor()
    await page.getByText('If 2 keys are lost, the result can never be opened.').waitFor()
  })
  await expectSound()
})

test('key generation runs by itself up to the fingerprint, and a page that was away goes on', async () => {
  await walk()
  await all(async (page) => {
    await new Keyboard(page).on(page.getByRole('button', { name: 'Take my seat' }), 'Enter')
    await heading(page, 'Waiting for the officials')
  })
  await pageOf(2).goto('/help')
  await stage.startKeygen()
  await pageOf(0).getByText('Your part is done. Not yet: Chidi Okafor.').waitFor()
  await pageOf(0).reload()
  await pageOf(0).getByText('Your part is done. Not yet: Chidi Okafor.').waitFor()
  await expectSound()
  await pageOf(2).goto(PLACE)
  await all((page) => heading(page, 'Compare this fingerprint with the other guardians'))
  const shown = await all((page) => page.locator('ol.large').innerText())
  expect(shown[0]).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}\s*){8}$/)
  expect(new Set(shown.map((text) => text.replace(/\s+/g, ' '))).size).toBe(1)
  await expectSound()
  await walk()
})

test('who sees another fingerprint sends nothing, also after a reload, until it was compared again', async () => {
  const page = pageOf(0)
  const before = stage.server.ledger.size
  await page.getByRole('button', { name: 'It differs' }).click()
  await page.getByText('The fingerprints differ, so nothing was sent.').waitFor()
  await page.reload()
  await page.getByText('The fingerprints differ, so nothing was sent.').waitFor()
  await expectSound()
  expect(stage.server.ledger.size).toBe(before)
  await page.getByRole('button', { name: 'We compared again: it is the same' }).click()
  await heading(page, 'Make the backup of your key share')
})

test('nobody rehearses before a backup is stored; then the election is ready', async () => {
  for (const index of [1, 2])
    await pageOf(index).getByRole('button', { name: 'It is the same for all' }).click()
  await all(async (page, i) => {
    await heading(page, 'Make the backup of your key share')
    if (i === 0) await walk()
    await page.getByLabel('Passphrase', { exact: true }).fill('too short')
    await page.getByRole('button', { name: 'Make the backup file' }).click()
    await page.getByText('The passphrase is too short').waitFor()
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Make the backup file' }).click()
    await (await download).saveAs(join(folder, `${i + 1}.age`))
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByText('Tick the box once').waitFor()
  })
  await expectSound()
  await stage.follow()
  expect(stage.scene.attempt.confirmed.size).toBe(3)
  expect(stage.scene.attempt.rehearsals.size).toBe(0)
  await all(async (page) => {
    await page.getByLabel('I have stored the file and the passphrase').check()
    await page.getByRole('button', { name: 'Go on' }).click()
    await heading(page, 'Your part is ready')
  })
  await expectSound()
})

test('of two tabs one works, and the other goes on when it is closed', async () => {
  const { context } = guardians[0] ?? {}
  const second = await context?.newPage()
  await second?.goto(PLACE)
  await second?.getByText('Another tab of this browser is at work here.').waitFor()
  await pageOf(0).goto('/guardian')
  if (second !== undefined) await heading(second, 'Your part is ready')
  await second?.close()
  await pageOf(0).goto(PLACE)
  await heading(pageOf(0), 'Your part is ready')
})

test('while voting goes on there is nothing to do; after it an unsound record is refused with what is wrong', async () => {
  await stage.vote([
    [
      [1n, 0n],
      [1n, 0n],
    ],
    [[1n, 0n]],
    [[0n, 1n]],
  ])
  await all((page) => heading(page, 'Voting goes on'))
  await stage.close()
  await all(async (page) => {
    await heading(page, 'Voting has ended: open the result')
    await page.getByText('Never opened: with fewer than 2 ballots').waitFor()
  })
  await walk()
  await expectSound()

  const before = stage.server.ledger.size
  const page = pageOf(2)
  stage.shown = await recordFile(forged(stage.scene.entries))
  await page.getByRole('button', { name: 'Check the record and open the result' }).click()
  await heading(page, 'Alarm: nothing was sent')
  await page.getByText('The record is not sound, so nothing is decrypted.').waitFor()
  await page.getByText(/^V8: /).waitFor()
  await expectSound()
  stage.shown = await recordFile(stage.scene.entries.slice(0, -2))
  await page.reload()
  await page.getByText('The record does not continue the one that this device saw before.').waitFor()
  stage.shown = undefined
  expect(stage.server.ledger.size).toBe(before)
})

test('two open the result, one of them on another device from the backup; the third stays away', async () => {
  const [, absent, gone] = guardians
  await absent?.page.close()
  await gone?.page.close()
  await pageOf(0).getByRole('button', { name: 'Check the record and open the result' }).click()
  await pageOf(0).getByText('Not yet: Bengt Öberg and Chidi Okafor.').waitFor()

  await using elsewhere = await visit(browser, stage.url, { locale: 'en-GB' })
  const { page } = elsewhere
  await page.goto(PLACE)
  // What the page is for is said to whoever only has its address.
  await heading(page, 'Guardian: The district’s budget')
  await page.getByText('This page keeps your part.').waitFor()
  await page.getByText('This election names none of the guardians on this device.').waitFor()
  expect(await audit(page)).toEqual([])
  await page.getByLabel('Backup file').setInputFiles(join(folder, '3.age'))
  await page.getByLabel('Passphrase', { exact: true }).fill('a wrong passphrase')
  await page.getByRole('button', { name: 'Restore' }).click()
  await page.getByRole('alert').waitFor()
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await page.getByRole('button', { name: 'Restore' }).click()
  await heading(page, 'Voting has ended: open the result')
  await page.getByRole('button', { name: 'Check the record and open the result' }).click()
  await page.getByText('Without your word on this nothing can be decrypted.').waitFor()
  expect(await audit(page)).toEqual([])
  await page.getByLabel('I know that I have announced nothing').check()
  await page.getByRole('button', { name: 'Check the record and open the result' }).click()
  await heading(page, 'You have decrypted')
  await heading(pageOf(0), 'You have decrypted')

  await stage.publish()
  await heading(page, 'The result is public')
  await heading(pageOf(0), 'The result is public')
  expect([await audit(page), await audit(pageOf(0)), await overflow(pageOf(0))]).toEqual([[], [], 0])
  const [first, second] = stage.scene.election.result?.contests ?? []
  expect(first).toMatchObject({ status: 'counted', ballots: 3, sums: [2n, 1n] })
  expect(second).toEqual({ status: 'withheld', ballots: 1 })
  await page.getByRole('link', { name: 'All my seats as a guardian' }).click()
  await page.getByRole('button', { name: 'Remove from this device' }).click()
  await page.getByRole('button', { name: 'Remove for ever' }).click()
  await page.getByText('Tick the box first.').waitFor()
  expect(await audit(page)).toEqual([])
  await page.getByLabel('I understand that this cannot be undone.').check()
  await page.getByRole('button', { name: 'Remove for ever' }).click()
  await heading(page, 'Become a guardian')
  expect([elsewhere, ...guardians].flatMap(({ complaints }) => complaints)).toEqual([])
})

/** The entries with the proof of one ballot under another. */
function forged(entries: readonly Uint8Array[]): Uint8Array[] {
  const ballots = entries.map((bytes): Ballot | undefined => {
    const [type, content] = decodeEntry(bytes)
    return type === 'ballot' ? ballotOf(content) : undefined
  })
  const [first, second] = ballots.filter((ballot) => ballot !== undefined)
  if (first === undefined || second === undefined) throw new Error('too few ballots')
  const envelope = { ...first.envelope, proof: second.envelope.proof }
  return entries.map((bytes, i) =>
    ballots[i] === first ? encodeEntry(['ballot', ballotContent({ ...first, envelope })]) : bytes,
  )
}

// Statements and the map of opinions in real Chromium: answered by button and by key, one's own let through, who thinks alike drawn
// and told; the command line makes the very file that the page has made. On a phone and on a wide screen, looked at by axe.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeBase64 } from '#ledger/base64.ts'
import { seedName } from '#protocol/opinion.ts'
import type { Position } from '#protocol/position.ts'
import { follow } from '../server/stage.ts'
import { openBrowser, overflow, visit } from './app.ts'
import { expectSound, heading, press, voterAt } from './booth-visitor.ts'
import { HOME, type ProcessStage, serveProcess } from './process-stage.ts'

const STATEMENTS = ['Frogs need a pond', 'A pond is dangerous', 'Swings are too loud', 'Benches would do']
const seeds = STATEMENTS.map((en) => ({ en }))

let browser: Browser
let process: ProcessStage

beforeAll(async () => {
  browser = await openBrowser()
  process = await serveProcess()
  await process.act({ type: 'seed-statements', statements: seeds })
  // Two camps of six.
  await follow(process.people.scene, process.stage.ledger)
  for (let person = 20; person < 32; person++)
    for (const [i, seed] of seeds.entries())
      await say(person, seedName(seed), (i + person) % 2 === 0 ? 'agree' : 'disagree')
})
afterAll(async () => {
  await browser.close()
  await process[Symbol.asyncDispose]()
})

async function say(person: number, statement: Uint8Array, position: Position): Promise<void> {
  const { people } = process
  const signal = people.signal(person, { type: 'opinion', statement, position })
  const body = JSON.stringify({ entry: encodeBase64(people.entry(signal)) })
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(new URL('/api/signals', process.url), { method: 'POST', headers, body })
  expect(response.status).toBe(201)
  await follow(people.scene, process.stage.ledger)
}

async function answered(page: Page, count: number, all = 4): Promise<void> {
  await page.getByText(`Answered: ${count} of ${all}`).waitFor()
}

test('anybody reads the map, and makes the very same with the command line', async () => {
  await using stranger = await visit(browser, process.url, { width: 1280, height: 900 })
  const { page } = stranger
  await page.goto(`${HOME}/opinions`)
  await page.getByText('To take part you need a credential').waitFor()
  await page.getByRole('button', { name: 'Draw the map' }).click()
  await page.getByRole('heading', { name: 'Group B' }).waitFor()
  await expectSound(page)
  const folder = mkdtempSync(join(tmpdir(), 'comitia-map-'))
  try {
    const files = [
      { link: page.getByRole('link', { name: 'All answers' }), file: 'votes.csv' },
      { link: page.getByRole('button', { name: 'This map' }), file: 'map.json' },
    ]
    for (const { link, file } of files) {
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
      writeFileSync(join(folder, file), readFileSync(await download.path()))
    }
    const command = ['cli/main.ts', 'opinions', join(folder, 'votes.csv'), '--json']
    const made = execFileSync(globalThis.process.execPath, command)
    expect(made.toString()).toBe(readFileSync(join(folder, 'map.json'), 'utf8'))
    expect((JSON.parse(made.toString()) as { groups: unknown[] }).groups.length).toBeGreaterThan(1)
  } finally {
    rmSync(folder, { recursive: true })
  }
  expect(stranger.complaints).toEqual([])
})

test('the map comes however often the browser collects garbage meanwhile', async () => {
  await using stranger = await visit(browser, process.url)
  const { page, context } = stranger
  const devtools = await context.newCDPSession(page)
  await context.route('**/opinions/votes.csv', async (route) => {
    for (let i = 0; i < 3; i++) await devtools.send('HeapProfiler.collectGarbage')
    await route.continue()
  })
  await page.goto(`${HOME}/opinions`)
  await press(page, 'Draw the map')
  await page.getByRole('heading', { name: 'Group B' }).waitFor()
})

test('statements, opinions and the map, from phone to wide screen', async () => {
  await using visitor = await voterAt(browser, process.url, 0, { width: 390, height: 844 })
  const { page } = visitor
  await page.goto(HOME)
  await page.getByRole('link', { name: 'Say what you think' }).click()
  await heading(page, 'Statements')
  await page.getByText('Answers are anonymous, but in the open.').waitFor()
  await press(page, 'Draw the map')
  await page.getByText('They fall into 2 groups: Group A with 6 and Group B with 6.').waitFor()
  await answered(page, 0)
  await expectSound(page)
  expect(await overflow(page)).toBe(0)

  await press(page, /^Agree$/)
  await answered(page, 1)
  // The focus is on the next statement, where keys answer.
  await page.keyboard.press('2')
  await answered(page, 2)
  await page.keyboard.press('3')
  await answered(page, 3)
  await page.getByRole('group').getByRole('button', { name: 'Disagree', exact: true }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('You have answered all statements.').waitFor()
  await page.getByText('Out of 13 people who have answered, 13 have answered enough').waitFor()
  await expectSound(page)
  expect(await page.locator('figure svg path').count()).toBeGreaterThan(1)
  const rows = page.getByRole('table').getByRole('row')
  expect(await rows.count()).toBe(5)

  await page.getByText('What you have answered').click()
  await page.getByRole('button', { name: 'Change my answer' }).first().click()
  await page.getByRole('group').getByRole('button', { name: 'Pass', exact: true }).click()
  await page.getByText('You have answered all statements.').waitFor()
  await page.getByText('Out of 13 people').waitFor()
  await page.reload()
  await answered(page, 4)

  await press(page, 'Add a statement')
  await page.getByLabel('Your statement').fill('The oak must stay')
  await expectSound(page)
  await press(page, 'Send my statement')
  await page.getByText('It is on the record, and will be shown').waitFor()
  await page.getByText('Waiting to be let through: 1').waitFor()
  await expectSound(page)
  await follow(process.people.scene, process.stage.ledger)
  const [target = 0] = process.people.participation.sayings.keys()
  await process.act({
    ...({ type: 'moderate', target, earlier: 0, decision: 'restore', reason: 'within-policy' } as const),
    note: { en: 'A fair question.' },
  })

  await using other = await voterAt(browser, process.url, 1, { width: 1280, height: 900 })
  await other.page.goto(`${HOME}/opinions`)
  await other.page.getByRole('group').getByText('The oak must stay').waitFor()
  await expectSound(other.page)
  await press(other.page, /^Agree$/)
  await answered(other.page, 1, 5)
  for (const one of [visitor, other]) expect(one.complaints).toEqual([])
})

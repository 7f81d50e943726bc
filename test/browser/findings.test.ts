// What a verification finds, in the language of the page and of no other: every check of a sound record and of one in which
// something fails.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeEntry } from '#protocol/entry.ts'
import { Scene } from '../tally/scene.ts'
import { audit, openBrowser, overflow, visit } from './app.ts'
import { serveScene } from './observer-stage.ts'

const scene = new Scene()
let server: Awaited<ReturnType<typeof serveScene>>
let browser: Browser

beforeAll(async () => {
  await scene.run([[[1n, 0n]], [[0n, 1n]], [[0n, 1n]]])
  ;[server, browser] = await Promise.all([serveScene(scene), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

/** The words that no Finnish sentence has. */
const ENGLISH = /\b(the|is|are|was|were|of|by|and|not|no|every|there|with|from|that|has|be)\b.*/gi

async function check(page: Page, buffer: Buffer): Promise<void> {
  const file = { name: 'record.comitia', mimeType: 'application/octet-stream', buffer }
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByRole('button', { name: 'Tarkista' }).click()
}
const said = async (page: Page) => (await page.locator('main ol > li').allInnerTexts()).join('\n')

test('a Finn reads all of it in Finnish, and in English after a change of the language', async () => {
  await using visitor = await visit(browser, server.url, { locale: 'fi-FI' })
  const { page, complaints } = visitor
  await page.goto('/verify')
  const record = Buffer.from(await (await fetch(new URL('/api/record', server.url))).arrayBuffer())
  await check(page, record)
  await page.getByRole('heading', { name: 'Pöytäkirja on kunnossa' }).waitFor()
  const sound = await said(page)
  for (let number = 1; number <= 17; number++) expect(sound).toContain(`V${number}`)
  expect(sound).toContain('Mikään lippu ei ole mukana kahdesti. Lippuja: 3. Niistä lasketaan: 3.')
  expect(sound.match(ENGLISH)).toBeNull()

  // The last byte of a ballot is part of its proof.
  const at = scene.entries.findLastIndex((bytes) => decodeEntry(bytes)[0] === 'ballot')
  const ballot = Buffer.from(scene.entries[at] ?? new Uint8Array())
  const place = record.indexOf(ballot) + ballot.length - 1
  record[place] = (record[place] ?? 0) ^ 1
  await check(page, record)
  await page.getByRole('heading', { name: 'Pöytäkirja EI ole kunnossa' }).waitFor()
  const failed = await page.locator('main ol > li', { hasText: 'EPÄONNISTUI' }).allInnerTexts()
  expect(failed).toHaveLength(2)
  expect(failed[0]).toContain('Kirjaukset eivät ole ne, jotka tarkistuspiste allekirjoittaa')
  expect(failed[1]).toContain('Lipun todistus ei pidä')
  expect((await said(page)).match(ENGLISH)).toBeNull()
  expect([await audit(page), await overflow(page), complaints]).toEqual([[], 0, []])

  await page.getByRole('combobox').first().selectOption('English')
  await page.getByText('The ballot’s proof does not hold').waitFor()
  expect((await said(page)).match(ENGLISH)).not.toBeNull()
})

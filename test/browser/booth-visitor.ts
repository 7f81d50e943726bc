// A voter before the booth's pages, in a browser profile of their own: what several tests do in the same way.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { askAsPage, audit, letThrough, type Look, overflow, visit, type Visitor } from './app.ts'
import { backupOf } from './booth-stage.ts'

export const ONE = '/elections/city/one/vote'
/** The election that ends before the others. */
export const BLANK = '/elections/city/blank/vote'
export const ALL = '/elections/city/all/vote'

/** A visitor whose device has the credential of this voter, brought back from its words. */
export async function voterAt(browser: Browser, url: string, voter: number, look?: Look): Promise<Visitor> {
  const visitor = await visit(browser, url, look)
  const { page } = visitor
  await page.goto('/credential')
  await page.getByLabel('Your 24 words').fill(backupOf(voter))
  await page.getByRole('button', { name: 'Restore from words' }).click()
  await page.getByText('The credential is on this device again.').waitFor()
  return visitor
}

/** Waits for the page with this heading, which may begin as another one does. */
export function heading(page: Page, name: string | RegExp): Promise<void> {
  return page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
}

export async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name }).click()
}

/** Marks the only question of `one` and looks the ballot over. */
export async function markOne(page: Page, option = 'Market Square'): Promise<void> {
  await page.goto(`${ONE}?contest=1`)
  await page.getByLabel(option).check()
  await press(page, 'Look over my ballot')
  await heading(page, 'Your ballot')
}

/** Marks and seals it; the tracker. */
export async function sealOne(page: Page, option?: string): Promise<string> {
  await markOne(page, option)
  await press(page, 'Encrypt my ballot')
  await heading(page, 'Your ballot is encrypted')
  return trackerOn(page)
}

export async function trackerOn(page: Page): Promise<string> {
  return (await page.locator('.tracker').first().innerText()).trim()
}

/** What keptMarks says of a vault without any. */
export const NO_MARKS = '[]'

/** What the vault holds of marks, encrypted: it changes with each mark, a moment after it on a busy machine. */
export function keptMarks(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((done) => {
      const opening = indexedDB.open('comitia')
      opening.onsuccess = () => done(opening.result)
    })
    const reading = db.transaction('drafts').objectStore('drafts').getAll()
    const all = await new Promise<unknown[]>((done) => {
      reading.onsuccess = () => done(reading.result)
    })
    db.close()
    const bytes = (_: string, value: unknown) =>
      value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value
    return JSON.stringify(all, bytes)
  })
}

/** The page as it is now: nothing that axe finds, nothing to scroll sideways. */
export async function expectSound(page: Page): Promise<void> {
  expect(await audit(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
}

/** Lets entries be posted or not: `lost` before they reach the server, `answer lost` after. */
export async function breakCasting(
  context: BrowserContext,
  how: 'lost' | 'answer lost',
): Promise<() => Promise<void>> {
  await context.route('**/api/entries', async (route) => {
    if (how === 'answer lost') await askAsPage(route)
    await route.abort('connectionreset')
  })
  return () => letThrough(context)
}

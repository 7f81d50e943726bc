// What officials do in their pages in the same way in several tests.
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { audit, authenticator, type Look, overflow, visit, type Visitor } from './app.ts'

/** Somebody with an authenticator of their own. */
export async function official(browser: Browser, url: string, look?: Look): Promise<Visitor> {
  const visitor = await visit(browser, url, look)
  await authenticator(visitor.page)
  return visitor
}

/** The link of a new invitation. */
export async function invite(page: Page, name: string, short: string, role: string): Promise<string> {
  await fill(page, { Name: name, Short: short })
  await page.getByLabel('Role').selectOption(role)
  await press(page, 'Make an invitation')
  await page.getByText(`Give this link to ${name}`).waitFor()
  return page.locator('.notice .mono').innerText()
}

export async function fill(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(fields))
    await page.getByLabel(new RegExp(`^${label}`)).fill(value)
}

export function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).click()
}

export async function row(page: Page, name: string, state: string): Promise<void> {
  await page.getByRole('row', { name: new RegExp(`^${name} .*${state}`) }).waitFor()
}

/** Chooses a file with these contents as the list of voters. */
export async function choose(page: Page, list: string): Promise<void> {
  const file = { name: 'members.csv', mimeType: 'text/csv', buffer: Buffer.from(list) }
  await page.locator('input[type=file]').setInputFiles(file)
}

/** The page as it is now: nothing that axe finds, nothing to scroll sideways. */
export async function fine({ page }: Visitor): Promise<void> {
  expect(await audit(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
}

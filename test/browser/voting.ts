// A newcomer's way through the demonstration, step by step, as tests of whole journeys take it: by what is read on the
// page, never by its inner structure.
import { expect } from 'vitest'
import type { Page } from 'playwright-core'

const STEP = 'li[aria-current=step]'

/** Presses the one button of the demonstration's present step, whose title must be this. */
export async function take(page: Page, step: string): Promise<void> {
  await page.goto('/demo')
  await page.locator(STEP).getByRole('heading', { name: step }).waitFor()
  await page.locator(`${STEP} .primary`).click()
}

/** Begins the demonstration, up to its invitation. */
export async function begin(page: Page): Promise<void> {
  await page.goto('/demo')
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.locator(STEP).waitFor()
  await take(page, 'Register')
}

/** Begins the demonstration, registers with its invitation and opens the voting. */
export async function enrol(page: Page): Promise<void> {
  await begin(page)
  await page.getByRole('button', { name: 'Register', exact: true }).click()
  await page.getByRole('link', { name: 'Go to my votes' }).waitFor()
  await take(page, 'Open voting')
  await page.locator(STEP).getByRole('heading', { name: 'Vote' }).waitFor()
}

/** From the start of the booth to the review page: two points and one on the budget, one mark in the other contest. */
export async function mark(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Start voting' }).click()
  await page.getByLabel(/^Points for LED lights/).fill('2')
  await page.getByLabel(/^Points for Inline skating/).fill('1')
  await page.getByRole('button', { name: 'Next contest' }).click()
  await page.getByLabel('Notice boards in the streets').check()
  const review = page.getByRole('button', { name: 'Look over my ballot' })
  await review.click()
  // Fewer marks than allowed: said once, then taken.
  await page.getByText('You can choose one more.').waitFor()
  await review.click()
  await page.getByRole('heading', { level: 1, name: 'Your ballot' }).waitFor()
}

/** Encrypts; the trackers that are shown before anything is cast. */
export async function seal(page: Page): Promise<string[]> {
  await page.getByRole('button', { name: 'Encrypt my ballot' }).click()
  await page.getByRole('heading', { level: 1, name: 'Your ballot is encrypted' }).waitFor()
  return trackers(page)
}

/** Casts, with two clicks as impatient people do, and waits for the confirmation. */
export async function castTwice(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Cast my vote' }).dblclick()
  await page.getByRole('heading', { level: 1, name: 'Your vote is in' }).waitFor()
}

/** Trackers on the page. */
export async function trackers(page: Page): Promise<string[]> {
  const text = await page.locator('main').innerText()
  const found = text.match(/\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}\b/g) ?? []
  expect(found.length).toBeGreaterThan(0)
  return [...new Set(found)]
}

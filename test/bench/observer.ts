// Verification of a record in Chromium, as an observer does it on the page /verify: Web Workers, one for each core.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openBrowser, visit } from '../browser/app.ts'
import { serveScene } from '../browser/observer-stage.ts'
import { type Bench, rounded } from './bench.ts'
import { cast, write } from './record.ts'
import { untilHeading } from './stopwatch.ts'

/** What a run costs but for its ballots is taken off with a record of so many. */
const FEW = 20
const PATIENCE = 600_000

export const observer: Bench = {
  name: 'observer',
  what: 'verifying a record in Chromium with Web Workers: seconds, per ballot and thread; 10 options',
  async run(onProgress, { ballots = 5000 }) {
    const folder = mkdtempSync(join(tmpdir(), 'comitia-bench-'))
    const browser = await openBrowser()
    try {
      const [few, many] = [join(folder, 'few.record'), join(folder, 'many.record')]
      const small = await cast(FEW, onProgress)
      await write(few, small)
      await write(many, await cast(ballots, onProgress))
      await using server = await serveScene(small)
      await using visitor = await visit(browser, server.url)
      const { page } = visitor
      page.setDefaultTimeout(PATIENCE)
      const threads = await page.evaluate(() => navigator.hardwareConcurrency)
      onProgress(`${FEW} ballots`)
      const least = await fastest(page, few)
      onProgress(`${ballots} ballots`)
      const whole = await fastest(page, many)
      const perBallotMs = (whole - least) / (ballots - FEW)
      return {
        ballots,
        threads,
        seconds: rounded(whole / 1000),
        fewBallots: FEW,
        fewBallotsSeconds: rounded(least / 1000),
        perBallotMs: rounded(perBallotMs),
        perBallotAndThreadMs: rounded(perBallotMs * threads),
        chromium: browser.version(),
      }
    } finally {
      await browser.close()
      rmSync(folder, { recursive: true })
    }
  },
}

/** Milliseconds of the faster of two runs: the difference of two records is to be told from noise. */
async function fastest(page: Page, record: string): Promise<number> {
  await page.goto('/verify')
  await page.locator('input[type=file]').setInputFiles(record)
  const times: number[] = []
  for (const button of ['Check now', 'Check again']) {
    await page.getByText('this page works without the network now').waitFor()
    times.push(await untilHeading(page, button, 'The record is sound'))
  }
  return Math.min(...times)
}

// What a voter waits for in the demonstration's booth in Chromium: from "Encrypt my ballot" to the tracker, from "Cast my
// vote" to the receipt that the device has checked.
import type { Page } from 'playwright-core'
import { openBrowser, startApp, visit } from '../browser/app.ts'
import { enrol } from '../browser/voting.ts'
import { type Bench, median, rounded } from './bench.ts'
import { untilHeading } from './stopwatch.ts'

const TIMES = 5
/** The demonstration's contests, each with a ballot and a proof of its own. */
const CONTESTS = 2

export const booth: Bench = {
  name: 'booth',
  what: 'in Chromium, a ballot of two contests: from "Encrypt" to trackers, from "Cast" to receipts, first and again',
  async run(onProgress) {
    onProgress('starting the demonstration')
    await using server = await startApp()
    const browser = await openBrowser()
    try {
      await using visitor = await visit(browser, server.url)
      const { page } = visitor
      onProgress('registering')
      await enrol(page)
      await page.getByRole('link', { name: 'Go to the ballot' }).click()
      const [sealing, casting]: [number[], number[]] = [[], []]
      for (let i = 0; i < TIMES; i++) {
        onProgress(`voting, ${i + 1} of ${TIMES}`)
        if (i > 0) {
          // From the confirmation to the booth's door, and in.
          await page.getByRole('link', { name: 'Vote again' }).click()
          await page.getByRole('heading', { name: 'How it works' }).waitFor()
        }
        await page.getByRole('link', { name: i === 0 ? 'Start voting' : 'Vote again' }).click()
        await markAll(page)
        await page.getByText('Everything that is needed for casting is on this device.').waitFor()
        sealing.push(await untilHeading(page, 'Encrypt my ballot', 'Your ballot is encrypted'))
        casting.push(await untilHeading(page, 'Cast my vote', 'Your vote is in'))
      }
      const [firstSealing = NaN, ...sealingAgain] = sealing
      const [firstCasting = NaN, ...castingAgain] = casting
      return {
        contests: CONTESTS,
        encryptFirstSeconds: rounded(firstSealing / 1000),
        encryptAgainSeconds: rounded(median(sealingAgain) / 1000),
        castFirstSeconds: rounded(firstCasting / 1000),
        castAgainSeconds: rounded(median(castingAgain) / 1000),
        castAgainSecondsPerContest: rounded(median(castingAgain) / 1000 / CONTESTS),
        repeats: TIMES - 1,
        chromium: browser.version(),
      }
    } finally {
      await browser.close()
    }
  },
}

/** Marks as many as are allowed, so that nothing is asked again on the way to the review. */
async function markAll(page: Page): Promise<void> {
  await page.getByLabel(/^Points for LED lights/).fill('3')
  await page.getByRole('button', { name: 'Next contest' }).click()
  await page.getByText('Contest 2 of 2').waitFor()
  for (const which of [0, 1]) await page.getByRole('checkbox').nth(which).check()
  await page.getByRole('button', { name: 'Look over my ballot' }).click()
}

// Opinions that are sealed, in real Chromium: somebody's statement is let through and put to a vote with those of officials, answered
// one at a time by key and by button on a phone, counted, and shown as sums; then officials ask again in one click.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedName } from '#protocol/opinion.ts'
import type { ElectionSummary } from '#server/summary.ts'
import { ELECTION, PROCESS } from '../tally/scene.ts'
import { questionOf } from '../tally/questions.ts'
import { follow } from '../server/stage.ts'
import { openBrowser, visit } from './app.ts'
import { finish } from './booth-stage.ts'
import { expectSound, heading, press, voterAt } from './booth-visitor.ts'
import { fill, fine, official, row } from './officials-room.ts'
import { castAll, openElection } from './process-election.ts'
import { HOME, type ProcessStage, serveProcess } from './process-stage.ts'

const SEEDS = ['Frogs need a pond', 'Swings are too loud']
const OAK = 'The oak must stay'
const [PASS, AGREE, DISAGREE] = [
  [1n, 0n, 0n],
  [0n, 1n, 0n],
  [0n, 0n, 1n],
] as const

let browser: Browser
let process: ProcessStage
beforeAll(async () => {
  browser = await openBrowser()
  process = await serveProcess(undefined, ['statement'])
  await process.act({ type: 'seed-statements', statements: SEEDS.map((en) => ({ en })) })
})
afterAll(async () => {
  await browser.close()
  await process[Symbol.asyncDispose]()
})

test('from statements to sums', async () => {
  const { people, stage } = process
  await using visitor = await voterAt(browser, process.url, 0, { width: 390, height: 844 })
  const { page } = visitor
  await page.goto(HOME)
  await page.getByText('Answers are sealed in a vote: nobody learns who thinks what').waitFor()
  await page.getByRole('link', { name: 'Read the statements and say what you think' }).click()
  await heading(page, 'Statements')
  await page.getByText('Answers are sealed. Each is a ballot').waitFor()
  await page.getByText('Other processes ask in the open').waitFor()
  await page.getByText('There is no vote on the statements yet.').waitFor()
  await press(page, 'Add a statement')
  await page.getByText('its words stay on the public record for good').waitFor()
  await page.getByLabel('Your statement').fill(OAK)
  await expectSound(page)
  await press(page, 'Send my statement')
  await page.getByText('It is on the record, and will be shown').waitFor()
  await follow(people.scene, stage.ledger)
  const [said] = people.participation.sayings.values()
  await process.act({
    ...({ type: 'moderate', target: said?.index ?? 0, earlier: 0, decision: 'restore' } as const),
    ...{ reason: 'within-policy', note: { en: 'A fair one.' } },
  })

  const name = said?.texts[0]?.commitment ?? new Uint8Array()
  await openElection(process, [
    ...SEEDS.map((en) => questionOf({ statement: seedName({ en }), title: { en } })),
    questionOf({ statement: name, title: { en: OAK } }),
  ])
  await page.reload()
  await page.getByText('All statements (3)').click()
  await expectSound(page)
  await page.getByRole('link', { name: 'Answer the statements' }).click()
  await page.getByRole('link', { name: 'Start voting' }).click()
  await heading(page, /^Frogs need a pond/)
  await page.getByText('Answered: 0 of 3').waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('answers')
  await expectSound(page)
  await page.keyboard.press('1')
  await heading(page, /^Swings are too loud/)
  await page.getByText('Answered: 1 of 3').waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('answers')
  await press(page, 'Disagree')
  await heading(page, /^The oak must stay/)
  // What was answered can be seen again and changed.
  await page.getByRole('link', { name: 'Back' }).click()
  await heading(page, /^Swings are too loud/)
  await page.getByRole('button', { name: 'Disagree', pressed: true }).waitFor()
  await expectSound(page)
  await press(page, 'Disagree')
  await heading(page, /^The oak must stay/)
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('answers')
  await page.keyboard.press('3')
  await heading(page, 'Your ballot')
  const choices = page.getByRole('main').getByRole('listitem').getByRole('strong')
  await expect.poll(() => choices.allInnerTexts()).toEqual(['Agree', 'Disagree', 'Pass'])
  await expectSound(page)
  await press(page, 'Encrypt my ballot')
  await heading(page, /encrypted$/)
  await press(page, 'Cast my vote')
  await heading(page, 'Your vote is in')
  await expectSound(page)

  await castAll(process, 1, [AGREE, DISAGREE, DISAGREE])
  await castAll(process, 2, [AGREE, AGREE, PASS])
  await finish(people.scene, stage)
  await page.goto(`${HOME}/opinions`)
  const table = page.getByRole('table', { name: 'What people think' })
  const rows = () => table.getByRole('row').allInnerTexts()
  const numbers = async () => (await rows()).slice(1).map((text) => text.replaceAll(/\s+/g, ' ').trim())
  await expect.poll(numbers).toEqual([`${SEEDS[0]} 3 0 0`, `${SEEDS[1]} 1 2 0`, `${OAK} 0 1 2`])
  await page.getByText('Most agreed on: “Frogs need a pond” Agree: 3 of 3.').waitFor()
  await page.getByText('Most divided on: “Swings are too loud” Agree: 1, disagree: 2.').waitFor()
  await page.getByLabel('Order').selectOption('Most divided first')
  await expect.poll(async () => (await numbers())[0]).toContain(SEEDS[1])
  await expectSound(page)
  const csv = await page.request.get(`/api/processes/${PROCESS}/en/opinions/sums.csv`)
  expect((await csv.text()).split('\r\n')).toEqual([
    'comment-id,election,question,practice,agrees,disagrees,passes,comment-body',
    ...[`0,budget,1,0,3,0,0,${SEEDS[0]}`, `1,budget,2,0,1,2,0,${SEEDS[1]}`, `2,budget,3,0,0,1,2,${OAK}`, ''],
  ])
  expect(await page.getByRole('button', { name: 'Draw the map' }).count()).toBe(0)

  await using anybody = await visit(browser, process.url, { width: 1280, height: 900 })
  await anybody.page.goto(`/elections/${PROCESS}/${ELECTION}`)
  await anybody.page.getByRole('row', { name: `${SEEDS[0]} 3 0 0` }).waitFor()
  await expectSound(anybody.page)
  for (const one of [visitor, anybody]) expect(one.complaints).toEqual([])
})

test('officials put the statements that stand to a vote in one click', async () => {
  await using ada = await official(browser, process.url, { width: 1280 })
  const { page } = ada
  await page.goto(`/officials/first#${process.stage.parts.officials.first ?? ''}`)
  await fill(page, { Name: 'Ada Lovelace', Short: 'ada' })
  await press(page, 'Make both passkeys')
  await row(page, 'Ada Lovelace', 'On the record')
  await page.goto('/officials/setup')
  await press(page, 'Put those that stand to a vote')
  await page.getByRole('group', { name: 'Statement 3' }).waitFor()
  await expect.poll(() => page.getByLabel('Words of statement 3').inputValue()).toBe(OAK)
  const at = (days: number) =>
    new Date(process.stage.clock.now + days * 86_400_000).toISOString().slice(0, 16)
  await fill(page, {
    ...{ 'Who holds the election': 'City', 'Voting opens': at(1), 'Voting closes': at(9) },
    ...{ 'Short name of the election': 'again', 'Short name of the electoral roll': 'residents' },
  })
  for (const number of ['1', '2', '3'])
    await fill(page, {
      [`Name of guardian ${number}`]: `Guardian ${number}`,
      [`Public key of guardian ${number}`]: number.repeat(64),
    })
  await fine(ada)
  await page.getByLabel('Why', { exact: true }).fill('To ask once more')
  await press(page, 'Propose and sign with my passkey')
  await page.waitForURL(/officials$/)
  const response = await page.request.get(`/api/elections/${PROCESS}/again`)
  const { contests } = (await response.json()) as ElectionSummary
  expect(contests.map(({ title }) => title['en'])).toEqual([...SEEDS, OAK])
  expect(ada.complaints.filter((said) => !/401|pubKeyCredParams/.test(said))).toEqual([])
})

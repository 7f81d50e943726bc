// A whole election by two officials, three guardians and two voters in real Chromium, from an empty server to the result
// that anybody verifies: by what is read on the pages and nothing else.
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort, openBrowser, type Server, startApp, visit, type Visitor } from './app.ts'
import { choose, fill, fine, invite, official, press, row } from './officials-room.ts'

const GUARDIANS = ['Aino Korhonen', 'Bengt Öberg', 'Chidi Okafor']
const MINUTE = 60_000

let server: Server
let browser: Browser

beforeAll(async () => {
  // Passkeys are bound to the address, port and all, that the log's first entry names.
  server = await startApp({ port: await freePort(), demo: false })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

test('two officials run an election of two rolls from an empty server to its published result', async () => {
  await using ada = await official(browser, server.url, { width: 1280 })
  await ada.page.goto(server.firstOfficial ?? '')
  await fill(ada.page, { Name: 'Ada Lovelace', Short: 'ada' })
  await press(ada.page, 'Make both passkeys')
  await row(ada.page, 'Ada Lovelace', 'On the record')
  const invitation = await invite(ada.page, 'Ben Okri', 'ben', 'owner')
  await using ben = await official(browser, server.url)
  await ben.page.goto(invitation)
  await press(ben.page, 'Make both passkeys')
  await ben.page.getByText('You are signed in as Ben Okri, owner.').waitFor()
  await ada.page.reload()
  await press(ada.page, 'Propose to name all who have joined')
  await row(ada.page, 'Ben Okri', 'On the record')

  const guardians: Visitor[] = []
  await using stack = new AsyncDisposableStack()
  for (let i = 0; i < GUARDIANS.length; i++) guardians.push(stack.use(await visit(browser, server.url)))
  const keys = await all(guardians, async ({ page }, i) => {
    await page.goto('/guardian')
    await page.getByLabel('Your name').fill(GUARDIANS[i] ?? '')
    await press(page, 'Make my key')
    return page.locator('.key').innerText()
  })

  await ada.page.goto('/officials/setup')
  await press(ada.page, 'Elect a board')
  await define(ada.page, keys)
  await ada.page.getByLabel('Why').fill('The meeting of 3 March decided so.')
  await press(ada.page, 'Propose and sign with my passkey')
  await signed(ada, ben)

  const codes = await bring(ben, ada, 'voters', 'Number;Name\n1;Åke\n2;Birgit\n', 2)
  const voters = codes.map(() => visit(browser, server.url))
  const [first, second] = (await Promise.all(voters)).map((voter) => stack.use(voter))
  if (first === undefined || second === undefined) throw new Error('two voters were on the list')
  // The second lives at the harbour, where one question more is asked.
  const [own] = await bring(ben, ada, 'harbour', 'Number;Name;Berths\n2;Birgit;3\n', 1, 'Berths')
  for (const [voter, code] of [
    [first, codes[0]],
    [second, codes[1]],
    [second, own],
  ] as const) {
    await voter.page.goto(`/join#${code ?? ''}`)
    await press(voter.page, 'Register')
    await voter.page.getByRole('link', { name: 'Go to my votes' }).waitFor()
  }

  await decide(ada, ben, 'Closes the roll “voters”')
  await ada.page.getByText('Freeze the roll “harbour”').waitFor()
  await decide(ada, ben, 'Closes the roll “harbour”')
  await decide(ben, ada, 'Has guardians')
  await all(guardians, async ({ page }, i) => {
    await page.goto('/guardian/sailing-club/board-2027')
    await press(page, 'Take my seat')
    await press(page, 'It is the same for all')
    await page.getByLabel('Passphrase', { exact: true }).fill(`correct horse battery ${i}`)
    await press(page, 'Make the backup file')
    await page.getByLabel('I have stored the file and the passphrase').check()
    await press(page, 'Go on')
    await page.getByRole('heading', { name: 'Your part is ready', exact: true }).waitFor()
  })
  await decide(ada, ben, 'Opens the election')
  await tell(ada, 'Pause voting: no ballot is taken until it is resumed', 'We look into a complaint.')
  await signed(ada, ben)
  await cast(first, ['Bo'])
  await first.page.getByText('Voting is paused, so this ballot was not taken yet.').waitFor()
  await fine(first)
  await tell(ben, 'Resume voting', 'The complaint was a mistake.')
  await signed(ben, ada)
  await press(first.page, 'Try again')
  await isIn(first)
  await cast(second, ['Bo', 'Ceri'], 'The long pier')
  await second.page.getByText('The complaint was a mistake.').waitFor()
  await isIn(second)

  // Both want to see the end of it today.
  const soon = Math.ceil(Date.now() / MINUTE + 1) * MINUTE
  await ben.page.goto('/officials')
  // One at the harbour is too few for it to be told whether they have voted.
  await ben.page.getByRole('row', { name: 'harbour 1 not told' }).waitFor()
  await ben.page.getByRole('row', { name: 'Together 2 2 100%' }).waitFor()
  await ben.page.getByLabel('Close at').fill(inHelsinki(soon))
  const early = ben.page.locator('form', { hasText: 'Close at' })
  await early.getByLabel('Why').fill('All have voted.')
  await fine(ben)
  await early.getByRole('button').click()
  await signed(ben, ada)
  await all(guardians.slice(0, 2), async ({ page }) => {
    await press(page, 'Check the record and open the result')
    await page.getByRole('heading', { name: 'You have decrypted', exact: true }).waitFor()
  })

  // Who proposes and who signs see the result before everybody does.
  await ada.page.goto('/officials')
  const bo = (page: Page) => page.getByRole('row', { name: /Bo.*\b2\b/ }).first()
  await bo(ada.page).waitFor()
  await fine(ada)
  await proposeNext(ada, 'Announces the result')
  await ben.page.goto('/officials')
  await bo(ben.page).waitFor()
  await ben.page.getByText('Fewer than 2 people voted on this question.').first().waitFor()
  await signed(ada, ben)
  const { page } = first
  await page.goto('/elections/sailing-club/board-2027')
  await page.getByText('We look into a complaint.').waitFor()
  await bo(page).waitFor()
  await page.goto('/elections/sailing-club/board-2027/verify')
  await press(page, 'Check now')
  await page.getByText('The record is sound').waitFor()
  const complaints = [ada, ben, first, second, ...guardians].flatMap((visitor) => visitor.complaints)
  // Nobody was signed in at first, one ballot came during the pause, and acts are signed by ES256 alone.
  expect(complaints.filter((said) => !/401|409|pubKeyCredParams/.test(said))).toEqual([])
})

function all<T>(visitors: readonly Visitor[], what: (visitor: Visitor, index: number) => Promise<T>) {
  return Promise.all(visitors.map(what))
}

/** One proposes what follows from the record, the other signs. */
async function decide(first: Visitor, second: Visitor, act: string): Promise<void> {
  await proposeNext(first, act)
  await signed(first, second)
}

async function proposeNext({ page }: Visitor, act: string): Promise<void> {
  await page.goto('/officials')
  const form = page.locator('form', { hasText: act }).first()
  await form.getByLabel('Why').fill('It is time.')
  await form.getByRole('button', { name: 'Propose and sign with my passkey' }).click()
}

/** What the first has proposed is signed by the second. */
async function signed(first: Visitor, second: Visitor): Promise<void> {
  await first.page.getByRole('button', { name: 'Take it back' }).waitFor()
  await second.page.goto('/officials')
  await press(second.page, 'Sign with my passkey')
  await second.page.getByText('No act waits for anybody.').waitFor()
  expect(await second.page.getByText('Refused by the record').count()).toBe(0)
}

/** Fills in what the template leaves open. */
async function define(page: Page, keys: readonly string[]): Promise<void> {
  await fill(page, {
    'Name of the whole process': 'Sailing Club',
    'Title of the election': 'Board 2027',
    'Who holds the election': 'Sailing Club Ltd',
    'Voting opens': inHelsinki(Date.now() - 5 * MINUTE),
    'Voting closes': inHelsinki(Date.now() + 600 * MINUTE),
    'A question with fewer ballots than this': '2',
    'The question': 'Who shall be on the board?',
    'At most': '2',
    Seats: '2',
    'Option 1': 'Åsa',
    'Option 2': 'Bo',
  })
  await page.getByLabel('What voters should know').first().fill('Three of us stand.')
  await page.getByLabel('This is practice').check()
  await press(page, 'Add an option')
  await fill(page, { 'Option 3': 'Ceri' })
  await press(page, 'Add a question')
  const harbour = page.getByRole('group', { name: 'Question 2' })
  await harbour.getByLabel('The question').fill('Which pier is mended first?')
  await harbour.getByLabel('Option 1').first().fill('The long pier')
  await harbour.getByLabel('Option 2').first().fill('The short pier')
  await harbour.getByLabel('Votes weigh as much').check()
  await harbour.getByLabel('Short name of the roll').fill('harbour')
  for (const [i, key] of keys.entries())
    await fill(page, {
      [`Name of guardian ${i + 1}`]: GUARDIANS[i] ?? '',
      [`Public key of guardian ${i + 1}`]: key.trim(),
    })
}

/** Brings in a list for a roll of the process; the codes. */
async function bring(
  by: Visitor,
  second: Visitor,
  roll: string,
  list: string,
  count: number,
  weight?: string,
) {
  const { page } = by
  await propose()
  await page.getByText('waits for a colleague’s signature').waitFor()
  await fine(by)
  await page.goto('/officials')
  await signed(by, second)
  await propose()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    press(page, 'Save the codes for a mail merge'),
  ])
  const lines = (await readFile(await file.path(), 'utf8')).split('\r\n').slice(1, 1 + count)
  return lines.map((line) => line.split(',').at(-1) ?? '')

  /** The same twice: once agreed to, it is taken in. */
  async function propose() {
    await page.goto('/officials/rolls')
    await choose(page, list)
    const region = page.getByRole('region', { name: 'Bring in a list' })
    if (weight !== undefined) await region.getByLabel('Column with the weight').selectOption(weight)
    await region.getByLabel('Process and roll').selectOption(`sailing-club / ${roll}`)
    await region.getByLabel('Why').fill('The register of members.')
    await press(page, count === 1 ? 'Put one voter on the list' : `Put ${count} voters on the list`)
  }
}

/** Proposes words to voters, and with them what becomes of the voting. */
async function tell({ page }: Visitor, what: string, message: string): Promise<void> {
  await page.goto('/officials')
  const form = page.locator('form', { hasText: 'Tell voters' })
  await form.getByLabel('What').selectOption(what)
  await form.getByLabel('Message').fill(message)
  await form.getByLabel('Why').fill('A member complained.')
  await form.getByRole('button').click()
}

/** Votes for these options, and for a pier; whom that is not asked looks the ballot over right after. */
async function cast({ page }: Visitor, options: readonly string[], pier?: string): Promise<void> {
  await page.goto('/elections/sailing-club/board-2027/vote?contest=1')
  for (const option of options) await page.getByLabel(option, { exact: true }).check()
  if (pier !== undefined) {
    await press(page, 'Next contest')
    await page.getByLabel(pier).check()
  }
  await press(page, 'Look over my ballot')
  // Fewer marks than allowed: said once, then taken.
  if (options.length < 2) await press(page, 'Look over my ballot')
  await press(page, 'Encrypt my ballot')
  await press(page, 'Cast my vote')
}

function isIn({ page }: Visitor): Promise<void> {
  return page.getByRole('heading', { level: 1, name: 'Your vote is in' }).waitFor()
}

/** As `datetime-local` has it, where these visitors live. */
function inHelsinki(instant: number): string {
  return new Date(instant)
    .toLocaleString('sv-SE', { timeZone: 'Europe/Helsinki' })
    .slice(0, 16)
    .replace(' ', 'T')
}

// Officials in real Chromium: from the link that the server printed to a decision that two have signed.
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { ed25519PublicKey } from '#crypto/ed25519.ts'
import type { ElectionSummary } from '#server/summary.ts'
import { freePort, openBrowser, PATIENCE, type Server, startApp, visit, type Visitor } from './app.ts'
import { choose, fill, fine, invite, official, press, row } from './officials-room.ts'
import { Mailbox } from '../server/mailbox.ts'
import { readPdf } from '../server/reading.ts'

const box = new Mailbox()
let server: Server
let browser: Browser

beforeAll(async () => {
  // Passkeys are bound to the address, port and all, that the log's first entry names.
  await box.open()
  const env = { COMITIA_SMTP_URL: box.url, COMITIA_MAIL_FROM: 'Sailing Club <votes@club.example>' }
  server = await startApp({ port: await freePort(), played: 1, env })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
  await box.close()
})

test('the first official comes in, invites, and from two on nobody decides alone', async () => {
  const { firstOfficial = '' } = server
  // The demonstration has made a process with a roll by then; it ends when the first official comes.
  await vi.waitUntil(demoIsReady, { timeout: PATIENCE, interval: 500 })
  await using ada = await official(browser, server.url)
  await ada.page.goto(firstOfficial)
  await fill(ada.page, { Name: 'Ada Lovelace', Short: 'ada' })
  await fine(ada)
  await press(ada.page, 'Make both passkeys')
  await ada.page.getByText('You are signed in as Ada Lovelace, owner.').waitFor()
  await row(ada.page, 'Ada Lovelace', 'On the record')
  await fine(ada)

  // The link serves once.
  await using late = await official(browser, server.url)
  await late.page.goto(firstOfficial)
  await fill(late.page, { Name: 'Mallory', Short: 'mallory' })
  await press(late.page, 'Make both passkeys')
  await late.page.getByText('There is no such thing here').waitFor()

  const invitation = await invite(ada.page, 'Ben Okri', 'ben', 'owner')
  await using ben = await official(browser, server.url, { width: 1280, scheme: 'dark' })
  await ben.page.goto(invitation)
  await ben.page.getByText('Ben Okri, you were invited as owner.').waitFor()
  await fine(ben)
  await press(ben.page, 'Make both passkeys')
  await ben.page.getByText('The public record does not name you yet').waitFor()
  await fine(ben)

  await ada.page.reload()
  await row(ada.page, 'Ben Okri', 'Has joined; not yet on the record')
  await press(ada.page, 'Propose to name all who have joined')
  await row(ada.page, 'Ben Okri', 'On the record')

  // Now there are two.
  const third = await invite(ada.page, 'Cem Karaca', 'cem', 'registrar')
  await using cem = await official(browser, server.url)
  await cem.page.goto(third)
  await press(cem.page, 'Make both passkeys')
  await cem.page.getByText('You are signed in as Cem Karaca, registrar.').waitFor()
  await ada.page.reload()
  await press(ada.page, 'Propose to name all who have joined')
  await ada.page.getByRole('button', { name: 'Take it back' }).waitFor()
  expect(await ada.page.getByRole('button', { name: 'Sign with my passkey', exact: true }).count()).toBe(0)
  await fine(ada)
  await ben.page.reload()
  await ben.page.getByText('Proposed by Ada Lovelace').first().waitFor()
  await fine(ben)
  await press(ben.page, 'Sign with my passkey')
  await ben.page.getByText('No act waits for anybody.').waitFor()
  await row(ben.page, 'Cem Karaca', 'On the record')
  await ben.page
    .getByRole('link', { name: /On the public record, entry/ })
    .first()
    .click()
  await ben.page.getByText('Ada Lovelace, Ben Okri and Cem Karaca').first().waitFor()
  await ben.page.goto('/officials')

  // Whoever has joined meanwhile is not named by an act that takes somebody off.
  const fourth = await invite(ada.page, 'Dot Dash', 'dot', 'owner')
  await using dot = await official(browser, server.url)
  await dot.page.goto(fourth)
  await press(dot.page, 'Make both passkeys')
  await dot.page.getByText('The public record does not name you yet').waitFor()
  await ada.page.reload()
  await row(ada.page, 'Dot Dash', 'Has joined; not yet on the record')
  await ada.page.getByText('Propose that Cem Karaca leaves').click()
  const leaving = ada.page.getByRole('row').filter({ hasText: 'Cem Karaca' })
  await leaving.getByLabel('Why').fill('He has moved away.')
  await leaving.getByRole('button', { name: 'Propose and sign with my passkey' }).click()
  await ada.page.getByText('No longer officials: Cem Karaca.').waitFor()
  expect(await ada.page.getByText('New: Dot Dash.').count()).toBe(0)
  await ada.page.getByText('Still to sign: 1 of Ben Okri.').waitFor()
  await fine(ada)
  // A registrar has no say in it.
  await cem.page.goto('/officials')
  await cem.page.getByText('No longer officials: Cem Karaca.').waitFor()
  expect(await cem.page.getByRole('button', { name: 'Sign with my passkey', exact: true }).count()).toBe(0)
  await press(ada.page, 'Take it back')
  await ada.page.getByText('No act waits for anybody.').waitFor()

  // An act that follows from the record: a reason is all that it needs.
  const freeze = ben.page.locator('form', { hasText: 'Closes the roll' }).first()
  await freeze.getByLabel('Why').fill('All who may vote are on it.')
  await freeze.getByRole('button', { name: 'Propose and sign with my passkey' }).click()
  await ben.page.getByRole('button', { name: 'Take it back' }).waitFor()
  await fine(ben)
  await ada.page.reload()
  await press(ada.page, 'Sign with my passkey')
  await ada.page.getByText('No act waits for anybody.').waitFor()
  expect(await ada.page.getByText('Refused by the record').count()).toBe(0)
  await fine(ada)

  // A whole election from a template, tried by both, signed by both.
  await ada.page.getByRole('link', { name: 'Set up an election' }).click()
  await press(ada.page, 'Elect a board')
  await writeElection(ada.page)
  await translate(ada.page)
  await fine(ada)
  await tryAsVoter(ada)
  await ada.page.reload()
  await ada.page.getByLabel('Why').fill('The meeting of 3 March decided so.')
  await press(ada.page, 'Propose and sign with my passkey')
  await ada.page.getByRole('button', { name: 'Take it back' }).waitFor()
  await ben.page.reload()
  await ben.page.getByText('Defines the election “Board 2027”').waitFor()
  await ben.page.getByText('All that is signed', { exact: true }).click()
  await ben.page.getByText('(roll “voters”).').waitFor()
  await fine(ben)
  await tryAsVoter(ben)
  await press(ben.page, 'Sign with my passkey')
  await ben.page.getByText('No act waits for anybody.').waitFor()
  await ben.page
    .getByText(
      `nobody can change this definition any more. Its fingerprint: ${await definitionOf('board-2027')}`,
    )
    .waitFor()

  // The list of those who may vote: problems first, then codes.
  await ben.page.getByRole('link', { name: 'Electoral rolls' }).click()
  await row(ben.page, 'sailing-club / voters', 'Open')
  await choose(ben.page, 'Number;Name\n1;Åke\n1;Ola\n')
  await ben.page.getByText('Line 3: stands there twice').waitFor()
  await fine(ben)
  const chooseMembers = async () => {
    await choose(ben.page, 'Number;Name;Mail\n1;Åke;ake@club.example\n2;=1+1;\n')
    await ben.page.getByLabel('Column with mail addresses').selectOption('Mail')
    await ben.page.getByLabel('Language of mails').first().selectOption('Suomi')
    const region = ben.page.getByRole('region', { name: 'Bring in a list' })
    await region.getByLabel('Process and roll').selectOption('sailing-club / voters')
  }
  await chooseMembers()
  await ben.page.getByLabel('Why').first().fill('The register of members.')
  await fine(ben)
  await press(ben.page, 'Put 2 voters on the list')
  await ben.page.getByText('The list with 2 voters waits for a colleague’s signature').waitFor()
  await fine(ben)
  await ada.page.goto('/officials')
  await ada.page.getByText('Agrees to a list of 2 people who may register on the roll “voters”.').waitFor()
  await fine(ada)
  await press(ada.page, 'Sign with my passkey')
  await ada.page.getByText('No act waits for anybody.').waitFor()
  await chooseMembers()
  await press(ben.page, 'Put 2 voters on the list')
  const [codes] = await Promise.all([
    ben.page.waitForEvent('download'),
    press(ben.page, 'Save the codes for a mail merge'),
  ])
  const list = await readFile(await codes.path(), 'utf8')
  expect(list).toMatch(
    /^Number,Name,Mail,code\r\n1,Åke,ake@club\.example,[0-9A-Z-]+\r\n2,'=1\+1,,[0-9A-Z-]+\r\n$/,
  )
  await ben.page.getByRole('row', { name: 'sailing-club / voters 2 0 Open' }).waitFor()
  await fine(ben)

  // Who has none gets a letter.
  const [letters] = await Promise.all([ben.page.waitForEvent('download'), press(ben.page, 'Print letters')])
  expect((await readPdf(await readFile(await letters.path()))).pages).toEqual([
    expect.stringMatching(/^1 .*Kutsu äänestämään: Hallitus 2027/),
    expect.stringMatching(/^2 .*Invitation to vote: Board 2027/),
  ])
  await ben.page.getByText('The letters are with your downloads.').waitFor()
  await fine(ben)

  // Who has an address is invited by mail, after a look at what they get.
  await ben.page.getByLabel('Voters of the roll').selectOption('sailing-club / voters')
  await row(ben.page, 'Not invited yet', '1')
  await ben.page.getByText('What voters get').click()
  await press(ben.page, 'Show it')
  await ben.page.getByText('Invitation to vote: Board 2027').waitFor()
  await fine(ben)
  const mail = new Promise((resolve) => (box.onMail = resolve))
  await press(ben.page, 'Send one invitation')
  await ben.page.getByText('One mail is on its way.').waitFor()
  expect(await mail).toMatchObject({
    to: 'ake@club.example',
    text: expect.stringContaining('Sailing Club Ltd kutsuu sinut äänestämään: Hallitus 2027.') as string,
  })
  await ben.page.reload()
  await ben.page.getByLabel('Voters of the roll').selectOption('sailing-club / voters')
  await row(ben.page, 'Sent', '1')
  await press(ben.page, 'Show: Sent')
  await ben.page.getByRole('rowheader', { name: '1', exact: true }).waitFor()
  await fine(ben)

  // A lost credential: two sign that it goes, then its person gets another code.
  await register(/^2,.*,([0-9A-Z-]+)\r$/m.exec(list)?.[1] ?? '')
  await find(ben.page, '2')
  await fine(ben)
  await ben.page.getByLabel('Why').fill('The phone fell into the harbour.')
  await press(ben.page, 'Replace lost credential')
  await ben.page.getByText('An act about this voter waits for a second signature').waitFor()
  await fine(ben)
  await ada.page.goto('/officials')
  await ada.page.getByText('Takes 1 voter’s credential off the roll “voters” for good.').waitFor()
  await ada.page.getByText('its person will get a new code and register again: 2.').waitFor()
  await fine(ada)
  await press(ada.page, 'Sign with my passkey')
  await ada.page.getByText('No act waits for anybody.').waitFor()
  await find(ben.page, '2')
  await press(ben.page, 'Make a new code')
  await ben.page.getByText('The code for 2. It is shown only now:').waitFor()
  await fine(ben)
  const code = await ben.page.locator('.notice .mono').innerText()
  await register(code)

  // Who asks at the help desk is found, with a reason that they can read.
  await ben.page.goto('/officials')
  await ben.page.getByRole('link', { name: 'Help desk' }).click()
  await fill(ben.page, { 'Who is it': '2', Why: 'She asked whether it worked.' })
  await press(ben.page, 'Look up')
  await ben.page.getByRole('heading', { name: '2', exact: true }).waitFor()
  await ben.page.getByText('sailing-club / voters').waitFor()
  await fine(ben)
  await using voter = await visit(browser, server.url)
  await voter.page.goto('/my-data')
  await press(voter.page, 'Show what the roll holds')
  await voter.page.getByLabel('Code of your invitation').fill(code)
  await press(voter.page, 'Show it')
  await voter.page.getByText('by Ben Okri: She asked whether it worked.').waitFor()
  await fine(voter)
  await ben.page.goto('/officials')

  await press(ben.page, 'Sign out')
  await press(ben.page, 'Sign in with a passkey')
  await ben.page.getByText('You are signed in as Ben Okri, owner.').waitFor()
  // Nobody was signed in at first, the link was used up, and acts are signed by ES256 alone.
  const expected = /401|404|pubKeyCredParams/
  const complaints = [ada, ben, cem].flatMap((visitor) => visitor.complaints)
  expect(complaints.filter((said) => !expected.test(said))).toEqual([])
})

/** Fills in what the template leaves open. */
async function writeElection(page: Page): Promise<void> {
  await fill(page, {
    'Name of the whole process': 'Sailing Club',
    'Title of the election': 'Board 2027',
    'Who holds the election': 'Sailing Club Ltd',
    'Voting opens': '2031-03-01T09:00',
    'Voting closes': '2031-03-08T18:00',
    'The question': 'Who shall be on the board?',
    'At most': '2',
    Seats: '2',
    'Option 1': 'Åsa',
    'Option 2': 'Bo',
  })
  await page.getByLabel('What voters should know').first().fill('Three of us stand.')
  await press(page, 'Add an option')
  await fill(page, { 'Option 3': 'Ceri' })
  for (const number of [1, 2, 3]) {
    const key = toHex(ed25519PublicKey(randomBytes(32)))
    const guardian = { name: `Name of guardian ${number}`, key: `Public key of guardian ${number}` }
    await fill(page, { [guardian.name]: `Guardian ${number}`, [guardian.key]: key })
  }
}

/** Writes the same texts in a second language. */
async function translate(page: Page): Promise<void> {
  await page.getByLabel('Suomi').check()
  await fill(page, {
    'Title of the election, in Suomi': 'Hallitus 2027',
    'The question, in Suomi': 'Ketkä hallitukseen?',
    'Option 1, in Suomi': 'Åsa',
    'Option 2, in Suomi': 'Bo',
    'Option 3, in Suomi': 'Ceri',
  })
  await page.getByLabel('What voters should know, in Suomi').first().fill('Meitä on kolme ehdolla.')
}

/** From the start page to a marked ballot, in both languages; then this device speaks as before. */
async function tryAsVoter(visitor: Visitor): Promise<void> {
  const { page } = visitor
  await press(page, 'Try it as a voter')
  const dialog = page.getByRole('dialog', { name: 'Try it as a voter' })
  await dialog.getByRole('heading', { name: 'Board 2027' }).waitFor()
  await dialog.getByText(/^From .*2031.* until .*2031/).waitFor()
  await fine(visitor)
  await dialog.getByRole('button', { name: /^Who shall be on the board/ }).click()
  await dialog.getByRole('checkbox', { name: 'Bo' }).check()
  await dialog.getByText('1 chosen of at most 2').waitFor()
  await dialog.getByRole('button', { name: 'Suomi' }).click()
  const inFinnish = page.getByRole('dialog', { name: 'Kokeile äänestäjänä' })
  await inFinnish.getByRole('heading', { name: /^Ketkä hallitukseen/ }).waitFor()
  const lines = inFinnish.getByRole('listitem').filter({ has: page.getByText('Bo', { exact: true }) })
  await lines.last().waitFor()
  await fine(visitor)
  await inFinnish.getByRole('button', { name: 'Aloitussivu' }).click()
  await inFinnish.getByText('Meitä on kolme ehdolla.').waitFor()
  await press(page, 'Lopeta kokeilu')
  await page.getByRole('button', { name: 'Try it as a voter' }).waitFor()
}

/** The hash of the entry that defines an election, as the server tells everybody. */
async function definitionOf(election: string): Promise<string> {
  const response = await fetch(new URL('/api/elections', server.url))
  const { elections } = (await response.json()) as { elections: ElectionSummary[] }
  return elections.find((one) => one.election === election)?.definition.hash ?? 'unknown'
}

async function find(page: Page, row: string): Promise<void> {
  const voter = page.getByRole('region', { name: 'One voter' })
  await voter.getByLabel('Process and roll').selectOption('sailing-club / voters')
  await voter.getByLabel('Voter', { exact: true }).fill(row)
  await press(page, 'Find')
  await page.getByRole('heading', { name: row, exact: true }).waitFor()
}

/** Registers a credential that nobody had before. */
async function register(code: string): Promise<void> {
  const body = JSON.stringify({ code, commitment: toHex(randomBytes(32).fill(0, 0, 1)) })
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(new URL('/api/registrations', server.url), { method: 'POST', headers, body })
  expect(response.status).toBe(201)
}

async function demoIsReady(): Promise<boolean> {
  const response = await fetch(new URL('/api/demo', server.url))
  return ((await response.json()) as { elections: unknown[] }).elections.length > 0
}

// `npm run screenshots`: the pictures of docs/screenshots/, taken anew from the app as it is, on the demonstration's way
// from the invitation to the verified result. Every page of web/routes/ must be among them.
import { join } from 'node:path'
import { argv } from 'node:process'
import type { Browser, Page } from 'playwright-core'
import { filesIn, ROOT } from '#circuits/build/cache.ts'
import { PROCESS } from '../tally/scene.ts'
import { serveCity } from './accountability-stage.ts'
import { openBrowser, startApp, visit } from './app.ts'
import { serveBooth } from './booth-stage.ts'
import { ALL, heading, press, voterAt } from './booth-visitor.ts'
import { Camera } from './camera.ts'
import { officials } from './screenshots-officials.ts'
import { mark, seal, take } from './voting.ts'

const HEAD = `# Screenshots

Taken by \`npm run screenshots\` in Chromium from the demonstration as \`npm start\` runs it, 390 pixels wide (phone) and
1280 (desk); long pages are cut. The eight kinds of contests are those of the tests.`
const LONG = 300_000
const PASSPHRASE = 'correct horse battery staple'

const camera = await Camera.into(argv[2] ?? join(ROOT, 'docs/screenshots'))
await using server = await startApp()
const browser = await openBrowser()
const seen = new Set<string>()
try {
  await using visitor = await visit(browser, server.url)
  const { page } = visitor
  await begin(page)
  await vote(page)
  await guard(page)
  await observe(page)
  await takePart(page)
  await kinds(browser)
  await officials(browser, shoot)
  await results(browser)
  if (visitor.complaints.length > 0) throw new Error(visitor.complaints.join('\n'))
  const missing = (await routes()).filter((route) => !seen.has(route))
  if (missing.length > 0) throw new Error(`no picture of ${missing.join(', ')}`)
  await camera.list(HEAD)
} finally {
  await browser.close()
}

/** From the first page to a credential on the roll, and voting open. */
async function begin(page: Page): Promise<void> {
  await page.goto('/')
  await page.getByRole('link', { name: 'My votes' }).first().waitFor()
  await ready(page)
  await shoot(page, 'home', 'The first page', { dark: true })
  await page.goto('/demo')
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.getByRole('heading', { name: 'Register' }).waitFor()
  await shoot(page, 'demo', 'The demonstration: one button after another')
  await page.goto('/join')
  await page.getByLabel('Invitation code').waitFor()
  await shoot(page, 'join', 'An invitation’s code is typed')
  await page.goto('/sign-in')
  await page.getByText('The sign-in was broken off').waitFor()
  await shoot(page, 'sign-in', 'Back from an identity provider without having signed in')
  await page.goto('/join')
  await take(page, 'Register')
  await page.getByRole('button', { name: 'Register', exact: true }).waitFor()
  await shoot(page, 'join-invited', 'An invitation from a link, before registering')
  await press(page, /^Register$/)
  await page.getByRole('link', { name: 'Go to my votes' }).waitFor()
  await shoot(page, 'joined', 'Registered: the credential is made, and three kinds of backup are offered')
  await page.goto('/credential')
  await press(page, 'Show the words')
  await shoot(page, 'credential', 'The credential, and its backup by 24 words')
  await page.goto('/votes')
  await page.getByText('Registered, not yet certain').first().waitFor()
  await shoot(page, 'votes', 'Home of a voter: where to vote, and that a backup is missing')
  await take(page, 'Open voting')
  await page.locator('li[aria-current=step]').getByRole('heading', { name: 'Vote' }).waitFor()
}

/** Marks, seals, lets a second device check, casts, checks the receipt. */
async function vote(page: Page): Promise<void> {
  await take(page, 'Vote')
  await page.getByRole('link', { name: 'Start voting' }).waitFor()
  await shoot(page, 'vote', 'The voting booth’s door')
  await mark(page)
  await page.getByText('Everything that is needed for casting is on this device.').waitFor()
  await shoot(page, 'review', 'Looking the ballot over')
  await page.getByRole('link', { name: 'Change: Which projects should be carried out?' }).click()
  await page.getByRole('button', { name: 'Back to my ballot' }).waitFor()
  await shoot(page, 'contest-points', 'Marking: points shared out among the projects of a real budget', {
    dark: true,
  })
  await press(page, 'Back to my ballot')
  await heading(page, 'Your ballot')
  const [tracker = ''] = await seal(page)
  await page.getByText('Show its QR code').first().click()
  await shoot(page, 'sealed', 'Sealed: tracker and QR code are shown before anything is cast', { dark: true })
  await page.getByRole('link', { name: 'Check this device first' }).click()
  await page.getByRole('heading', { name: /Show the name/ }).waitFor()
  await shoot(page, 'challenge', 'The side door: a second device takes the ballot’s name first')
  await check(page, tracker)
  await press(page, 'Encrypt my ballot again')
  await heading(page, 'Your ballot is encrypted')

  const { promise: held, resolve: go } = Promise.withResolvers<undefined>()
  await page.context().route('**/api/entries', (route) => held.then(() => route.continue()))
  await press(page, 'Cast my vote')
  await page.getByText('Sending').waitFor()
  await shoot(page, 'casting', 'Casting: what happens now, in words')
  go(undefined)
  await heading(page, 'Your vote is in')
  await page.context().unroute('**/api/entries')
  await shoot(page, 'done', 'Cast: the receipt, checked by the device itself', { dark: true })
  await page.goto('/receipt')
  await page
    .getByRole('button', { name: /^Check/ })
    .first()
    .click()
  await page.getByText('Proven on this device', { exact: false }).first().waitFor()
  await shoot(page, 'receipt', 'A receipt, checked')
  await page.goto('/votes')
  await page.getByText('Tracker').first().waitFor()
  await shoot(page, 'votes-receipts', 'Home of a voter who has voted')
  await page.getByRole('main').getByRole('link', { name: 'Practise on a real budget' }).first().click()
  await page.getByRole('heading', { level: 1, name: 'Practise on a real budget' }).waitFor()
  await ready(page)
  await shoot(page, 'election-open', 'An election’s public page while voting goes on')
}

/** The second device of a challenge, in a browser of its own. */
async function check(page: Page, tracker: string): Promise<void> {
  await using second = await visit(browser, server.url)
  await second.page.goto('/check')
  await second.page.getByLabel('Or type the tracker').fill(tracker)
  await shoot(second.page, 'check', 'The second device, asked for the ballot’s name')
  await press(second.page, 'Take it')
  await press(page, /open the ballot/)
  await page.getByRole('heading', { name: /Show the content/ }).waitFor()
  await shoot(page, 'challenge-open', 'The side door: the ballot is opened, and can never be cast')
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save as a file')])
  await second.page.locator('input[type=file]').setInputFiles(await download.path())
  await second.page.getByText('Its tracker is the one that you typed').waitFor()
  await shoot(second.page, 'checked', 'The second device says what the ballot holds')
}

/** Makes a key with others, then ends the voting and decrypts. */
async function guard(page: Page): Promise<void> {
  await page.goto('/guardian')
  await page.getByRole('button', { name: 'Make my key' }).waitFor()
  await shoot(page, 'guardian', 'Becoming a guardian')
  await take(page, 'Become a guardian')
  await page.locator('li[aria-current=step]').getByRole('heading', { name: 'End voting' }).waitFor()
  await shoot(page, 'demo-guardian', 'The demonstration, most of the way')
  await press(page, 'Make a key with two others')
  await press(page, 'Take my seat')
  await page.getByRole('button', { name: 'It is the same for all' }).waitFor()
  await shoot(page, 'guardian-compare', 'Key generation: guardians compare one fingerprint by voice', {
    dark: true,
  })
  await press(page, 'It is the same for all')
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await shoot(page, 'guardian-backup', 'A guardian’s backup')
  await page.goto('/demo')
  await page.getByRole('button', { name: 'End voting now' }).click({ timeout: LONG })
  await take(page, 'Decrypt the sums')
  await page.getByRole('checkbox').waitFor()
  await shoot(
    page,
    'guardian-decrypt',
    'Before anything is decrypted, the guardian’s device checks the whole record',
  )
  await page.getByRole('checkbox').check()
  await press(page, /Check the record/)
  await page.getByRole('link', { name: 'See the result' }).waitFor({ timeout: LONG })
  await page.goto('/guardian')
  await page.getByText('The result is public.').waitFor()
  await shoot(page, 'guardian-seats', 'A guardian’s seats')
}

/** From the simulated voters' ideas to one's own. */
async function takePart(page: Page): Promise<void> {
  await page.goto('/demo')
  await page.getByRole('link', { name: 'Voting is not all' }).click()
  await page.getByText('Here you are').waitFor()
  // The simulated neighbours take their time.
  const benches = page.getByRole('link', { name: 'Benches under the lime trees' })
  while (!(await benches.isVisible())) {
    await page.waitForTimeout(5000)
    await page.reload()
    await page.getByText('Here you are').waitFor()
  }
  await shoot(page, 'process', 'A process: what is asked, and what people have proposed', { dark: true })
  await page.getByRole('link', { name: 'Propose something' }).click()
  await page.getByLabel('In one line').fill('A pond beside the old oak')
  await shoot(page, 'process-propose', 'Writing a proposal')
  await page.goBack()
  await benches.click()
  await press(page, 'I support this')
  await page.getByText('You support this.').waitFor()
  await shoot(page, 'process-proposal', 'A proposal, and its support')
  await page.goto(page.url().replace(/proposals.*$/, 'moderation'))
  await page.getByText('Nothing was decided yet.').waitFor()
  await shoot(page, 'process-moderation', 'What was hidden in a process, and by whom')
  await page.goto(page.url().replace(/moderation$/, 'name'))
  await page.getByLabel('Your name, as in the list of voters').fill('Anna Virtanen')
  await shoot(page, 'process-name', 'Speaking under one’s own name: what becomes public, and what does not')
  await page.goto(page.url().replace(/name$/, 'opinions'))
  const draw = async () => {
    await press(page, 'Draw the map')
    await page.getByText(/^(Out of|Groups can be told apart)/).waitFor()
  }
  await draw()
  while (!(await page.getByRole('heading', { name: 'Group B' }).isVisible())) {
    await page.waitForTimeout(5000)
    await page.reload()
    await draw()
  }
  await shoot(page, 'process-opinions', 'Statements to agree or disagree with, and who thinks alike', {
    dark: true,
  })
  await page.goto('/my-data')
  await page.getByRole('heading', { name: 'Your words' }).waitFor()
  await shoot(page, 'my-data', 'What is held of oneself, and the ways to erase it')
  await page.goto(`/following#confirm.${'0'.repeat(64)}`)
  await page.getByRole('button', { name: 'Yes, send me news' }).waitFor()
  await shoot(page, 'following', 'Whether news of a process are wanted by mail')
}

/** What everybody may see. */
async function observe(page: Page): Promise<void> {
  await take(page, 'See the result')
  await page.getByRole('heading', { name: 'Which projects should be carried out?' }).first().waitFor()
  await ready(page)
  await shoot(page, 'election', 'An election’s public page with its result', { dark: true })
  const from = page.getByRole('heading', { name: 'Result', exact: true })
  await shoot(page, 'result', 'The result with every round of the count', { from })
  await take(page, 'Check all of it yourself')
  await press(page, 'Check now')
  await page.getByText('The record is sound').waitFor({ timeout: LONG })
  await shoot(page, 'verified', 'The whole record, checked in the browser', { dark: true })
  await page.goto('/record')
  await ready(page)
  await shoot(page, 'record', 'The public record, entry by entry')
  await page.goto('/record/2')
  await ready(page)
  await page.getByText('This device has checked it').waitFor()
  await shoot(page, 'entry', 'One entry in words, its place in the record checked')
  await page.goto('/verify')
  const record = await page.request.get('/api/record')
  await page.locator('input[type=file]').setInputFiles({
    name: 'election.record',
    mimeType: 'application/octet-stream',
    buffer: await record.body(),
  })
  await press(page, 'Check now')
  await page.getByText('The record is sound').waitFor({ timeout: LONG })
  await page.getByText('this page works without the network now').waitFor()
  await shoot(page, 'verified-file', 'A record dropped as a file, checked without the network')
  await page.goto('/help')
  await ready(page)
  await shoot(page, 'help', 'How it works, and its limits')
  await page.goto('/nowhere')
  await ready(page)
  await shoot(page, 'not-found', 'A page that does not exist')
}

/** A contest of every kind, marked. */
async function kinds(browser: Browser): Promise<void> {
  await using booth = await serveBooth()
  await using visitor = await voterAt(browser, booth.url, 0)
  const { page } = visitor
  const contest = async (
    number: number,
    rule: string,
    says: string,
    marks: () => Promise<void>,
  ): Promise<void> => {
    await page.goto(`${ALL}?contest=${number}`)
    await page.getByText(`Contest ${number} of 8`).waitFor()
    await marks()
    await shoot(page, `contest-${rule}`, says, { dark: rule === 'knapsack' })
  }
  await contest(1, 'one', 'Marking: one of several', () => page.getByLabel('Market Square').check())
  await contest(2, 'approval', 'Marking: up to three', async () => {
    for (const name of ['Aino Koivu', 'Chidi Okafor']) await page.getByLabel(name).check()
  })
  await contest(3, 'score', 'Marking: points from 0 to 5 for each', async () => {
    for (const [name, points] of [
      ['Noon', '3'],
      ['Late evening', '5'],
    ] as const)
      await page
        .getByRole('group', { name: `Points for ${name}` })
        .getByLabel(points)
        .check()
  })
  await contest(4, 'cumulative', 'Marking: ten points shared out', async () => {
    await page.getByLabel('Points for Housing').fill('5')
    await press(page, 'One more for Parks')
  })
  await contest(5, 'quadratic', 'Marking: credits, with the price of the next point', async () => {
    for (const name of ['Trams', 'Trams', 'Ferries']) await press(page, `One more for ${name}`)
  })
  await contest(6, 'borda', 'Marking: three places with points', async () => {
    await press(page, 'Place 1 (5 points) to Blueberry Pie')
    await press(page, 'Place 2 (3 points) to Nightingale')
  })
  await contest(7, 'ranking', 'Marking: a ranking, by buttons', async () => {
    await press(page, 'Place 1 to Hilda Niemi')
    await press(page, 'Place 2 to Ivan Petrov')
  })
  await contest(8, 'knapsack', 'Marking: a budget, with what is left of the money', async () => {
    for (const name of ['Floating sauna', 'Skate bowl']) await page.getByLabel(name).check()
  })
}

/** What became of a result: promises, contracts and payments. */
async function results(browser: Browser): Promise<void> {
  await using city = await serveCity({ promised: true })
  await using visitor = await visit(browser, city.url)
  const { page } = visitor
  await page.goto(`/processes/${PROCESS}/results`)
  await page
    .getByRole('row', { name: /^Payment of/ })
    .first()
    .waitFor()
  await shoot(page, 'results', 'What became of a result: a promise, and where the money goes', { dark: true })
}

/** A picture, and a note of which page it shows. */
async function shoot(...[page, ...rest]: Parameters<Camera['shoot']>): Promise<void> {
  console.log(rest[0])
  seen.add(routeOf(page.url()))
  await camera.shoot(page, ...rest)
}

async function ready(page: Page): Promise<void> {
  await page.locator('h1').waitFor()
  await page.locator('main progress').waitFor({ state: 'detached' })
}

async function routes(): Promise<string[]> {
  return (await filesIn(join(ROOT, 'web/routes')))
    .filter((file) => file.endsWith('+page.svelte'))
    .map((file) => `/${file.replace(/\/?\+page\.svelte$/, '')}`)
}

/** The route of an address: as routes() has it. */
function routeOf(url: string): string {
  return new URL(url).pathname
    .replace(/^\/record\/\d+$/, '/record/[index]')
    .replace(/^\/processes\/[^/]+/, '/processes/[process]')
    .replace(/\/proposals\/\d+$/, '/proposals/[proposal]')
    .replace(/^(\/(?:elections|guardian))\/[^/]+\/[^/]+/, '$1/[process]/[election]')
}

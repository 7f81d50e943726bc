// The pictures of the officials' pages, for screenshots.ts.
import { setTimeout } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { contracts } from './accountability-stage.ts'
import { authenticator, freePort, startApp, visit } from './app.ts'
import { press } from './booth-visitor.ts'
import type { Camera } from './camera.ts'

type Shoot = Camera['shoot']

/** The officials' room, on a server of its own: passkeys are bound to an address, port and all. */
export async function officials(browser: Browser, shoot: Shoot): Promise<void> {
  await using own = await startApp({ port: await freePort() })
  // The demonstration makes a roll, which stays when the first official comes.
  const demo = async () =>
    (await (await fetch(new URL('/api/demo', own.url))).json()) as { elections: unknown[] }
  while ((await demo()).elections.length === 0) await setTimeout(500)
  // Passkeys are made by pages of which no picture was taken: the camera's change of size puts their maker out.
  await using onlooker = await visit(browser, own.url)
  await onlooker.page.goto(own.firstOfficial ?? '')
  await onlooker.page.getByLabel(/^Name/).fill('Aino Virtanen')
  await onlooker.page.getByLabel(/^Short/).fill('aino')
  await shoot(onlooker.page, 'officials-first', 'The first official makes two passkeys')
  const official = async () => {
    const visitor = await visit(browser, own.url)
    await authenticator(visitor.page)
    return visitor
  }
  await using first = await official()
  const { page } = first
  const invite = async (name: string, short: string): Promise<string> => {
    await page.getByLabel(/^Name/).fill(name)
    await page.getByLabel(/^Short/).fill(short)
    await press(page, 'Make an invitation')
    await page.getByText(`Give this link to ${name}`).waitFor()
    return page.locator('.notice .mono').innerText()
  }
  await page.goto(own.firstOfficial ?? '')
  await page.getByLabel(/^Name/).fill('Aino Virtanen')
  await page.getByLabel(/^Short/).fill('aino')
  await press(page, 'Make both passkeys')
  await page.getByText('You are signed in as').waitFor()
  await using second = await official()
  const link = await invite('Bengt Holm', 'bengt')
  await onlooker.page.goto(link)
  await onlooker.page.getByText('Bengt Holm, you were invited').waitFor()
  await shoot(onlooker.page, 'officials-join', 'An official who was invited')
  await second.page.goto(link)
  await press(second.page, 'Make both passkeys')
  await second.page.getByText('You are signed in as').waitFor()
  await page.reload()
  await press(page, 'Propose to name all who have joined')
  await page.getByRole('link', { name: /On the public record/ }).waitFor()
  await using third = await official()
  await third.page.goto(await invite('Chidi Okafor', 'chidi'))
  await press(third.page, 'Make both passkeys')
  await third.page.getByText('You are signed in as').waitFor()
  await page.reload()
  await press(page, 'Propose to name all who have joined')
  await page.getByRole('button', { name: 'Take it back' }).waitFor()
  await second.page.reload()
  await second.page.getByText('Proposed by').first().waitFor()
  await shoot(second.page, 'officials', 'An act waits for a second official', { dark: true })
  await prepare(second.page, shoot)
  await plan(second.page, shoot)
  await ceremony(second.page, shoot)
}

/** An election is written, and the list of its voters read. */
async function prepare(page: Page, shoot: Shoot): Promise<void> {
  await page.goto('/officials/setup')
  await press(page, 'Elect a board')
  await page.getByLabel('The question').fill('Who shall be on the board?')
  for (const [number, name] of ['Aino Koivu', 'Chidi Okafor'].entries())
    await page.getByLabel(`Option ${number + 1}`).fill(name)
  await shoot(page, 'officials-setup', 'An election is written, from a template')
  await page.goto('/officials/rolls')
  await page.locator('input[type=file]').setInputFiles({
    name: 'members.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('Number;Name;Weight\n1001;Åke Berg;1\n1002;Maire Tamm;1\n1003;Ola Kinsella;1\n'),
  })
  await page.getByRole('table').last().waitFor()
  await shoot(page, 'officials-rolls', 'A list of voters is read on the device, and looked over')
  await page.goto('/officials/desk')
  await page.getByLabel('Who is it?').waitFor()
  await shoot(page, 'officials-desk', 'Looking somebody up, with a reason that they can read')
  await page.goto('/officials/accountability')
  await page.locator('input[type=file]').setInputFiles(contracts())
  await page.getByText('contracts.json is sound').waitFor()
  await shoot(page, 'officials-accountability', 'Contracts and payments are read from a publisher’s file')
}

/** A process is planned. */
async function plan(page: Page, shoot: Shoot): Promise<void> {
  await page.goto('/officials/processes')
  await page.getByRole('form', { name: 'The plan' }).waitFor()
  await shoot(page, 'officials-processes', 'Where processes are planned, and proposals answered')
  await page.goto('/officials/moderation')
  await page.getByText('Nothing waits for a decision.').waitFor()
  await shoot(page, 'officials-moderation', 'Words that were reported, or whose authors have appealed')
  await page.goto('/officials/names')
  await page.getByText('Nothing waits for a decision.').waitFor()
  await shoot(page, 'officials-names', 'Names under which people want to speak')
}

/** A ceremony of the proof system is begun, and somebody invited to it. */
async function ceremony(page: Page, shoot: Shoot): Promise<void> {
  await page.goto('/officials/ceremony')
  for (const name of [/^S:/, /^L:/]) await page.getByRole('checkbox', { name }).uncheck()
  await page.getByLabel('Public value that will end it').fill('Hash of the first block after noon UTC')
  await press(page, 'Begin a ceremony')
  await page.getByLabel('Name, as it will stand in the keys').fill('Chidi Okafor')
  await press(page, 'Invite a contributor')
  const link = await page.locator('.notice .mono').innerText()
  await shoot(page, 'officials-ceremony', 'A ceremony of the proof system is led')
  await page.goto(link)
  await page.getByText('you were asked to contribute').waitFor()
  await shoot(page, 'ceremony', 'Somebody contributes to the ceremony')
}

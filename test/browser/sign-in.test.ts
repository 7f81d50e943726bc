// Signing in with a real identity provider in real Chromium: an official comes into the panel and brings in a list, a voter
// on it registers without a code.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { IdentityProvider } from '../server/identity-provider.ts'
import { freePort, openBrowser, type Server, startApp, visit, type Visitor } from './app.ts'
import { choose, fill, fine, official, press } from './officials-room.ts'

let provider: IdentityProvider
let server: Server
let browser: Browser

beforeAll(async () => {
  // The provider knows where to send people back before there is a server.
  const port = await freePort()
  provider = await IdentityProvider.open(`http://localhost:${port}`)
  server = await startApp({ port, demo: false, env: provider.environment() })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
  await provider[Symbol.asyncDispose]()
})

/** Says at the provider who it is. */
async function goThrough(page: Page, login: string): Promise<void> {
  await press(page, 'Sign in with Harbour ID')
  await page.getByLabel('Who are you?').fill(login)
  await press(page, 'Go on')
}

/** What the pages complained of, but for the way to the provider and the answers that refuse. */
function strange({ complaints }: Visitor): string[] {
  return complaints.filter(
    (said) => !said.includes(provider.issuer) && !/status of 40[139]|pubKeyCredParams/.test(said),
  )
}

test('an official signs in where an owner has noted how, and brings in a list', async () => {
  // A roll is known from the first who is on its list.
  const token = readFileSync(join(server.data, 'operator.token'), 'utf8').trim()
  const known = await fetch(new URL('/api/operator/voters?process=officials&roll=crew', server.url), {
    method: 'POST',
    headers: { 'content-type': 'text/csv', authorization: `Bearer ${token}` },
    body: 'first,1\n',
  })
  expect(known.status).toBe(200)
  await using ada = await official(browser, server.url, { width: 1280 })
  const { page } = ada
  await page.goto(server.firstOfficial ?? '')
  await fill(page, { Name: 'Ada Lovelace', Short: 'ada' })
  await press(page, 'Make both passkeys')
  await page.getByText('You are signed in as Ada Lovelace, owner.').waitFor()
  await page.getByLabel('Whose account').selectOption('Ada Lovelace')
  await page.getByLabel('How Harbour ID knows them (claim “sub”)').fill('ada-at-city')
  await fine(ada)
  await press(page, 'Note it')

  // Whoever was in goes in anew.
  await page.getByText('Official acts need your passkey all the same.').waitFor()
  await fine(ada)
  await goThrough(page, 'mallory')
  await page.getByText('nobody on the lists here is known that way').waitFor()
  expect(new URL(page.url()).search).toBe('')
  await fine(ada)
  await page.getByRole('main').getByRole('link', { name: 'Officials' }).click()
  await goThrough(page, 'ada-at-city')
  await page.getByText('You are signed in as Ada Lovelace, owner.').waitFor()
  await page.getByText('ada-at-city').waitFor()

  await page.goto('/officials/rolls')
  await choose(page, 'Number;City\n1;eva\n2;eva\n')
  const column = page.getByLabel('Column with how Harbour ID knows people (claim “sub”)')
  await column.selectOption('City')
  await page.getByText('Line 3: known like somebody else').waitFor()
  await fine(ada)
  await choose(page, 'Number;City\n1;eva\n2;\n')
  await column.selectOption('City')
  await page.getByLabel('Why').first().fill('The crew’s register.')
  await press(page, 'Put 2 voters on the list')
  await page.getByRole('button', { name: 'Save the codes for a mail merge' }).waitFor()
  expect(strange(ada)).toEqual([])
})

test('a voter signs in instead of typing a code, and registers once', async () => {
  await using eva = await visit(browser, server.url)
  const { page } = eva
  const sent: { path: string; cookie: string | undefined; body: string | null }[] = []
  eva.context.on('request', (request) => {
    const { origin, pathname } = new URL(request.url())
    if (origin === server.url && request.method() === 'POST')
      void request
        .allHeaders()
        .then(({ cookie }) => sent.push({ path: pathname, cookie, body: request.postData() }))
  })
  await page.goto('/join')
  await page.getByText('If Harbour ID knows you').waitFor()
  await fine(eva)
  await goThrough(page, '')
  await page.getByText('The sign-in was broken off, or took too long.').waitFor()
  await fine(eva)
  await page.getByRole('link', { name: 'Register to vote' }).click()
  await goThrough(page, 'eva')
  await page.getByText('there is a place for you on a roll').waitFor()
  const shown = await page.getByRole('main').innerText()
  expect(shown).not.toMatch(/[\w-]{21,}/)
  await fine(eva)
  await page.reload()
  await press(page, 'Register')
  await page.getByText('Your sign-in was accepted').waitFor()
  await fine(eva)
  // What a request carried is told a little after it was sent.
  const registrations = () => sent.filter(({ path }) => path === '/api/registrations')
  await expect.poll(() => registrations().length).toBe(1)
  const registered = registrations()
  expect(registered[0]?.cookie).toBeUndefined()
  // The provider's are there too, for cookies do not tell ports apart.
  const cookies = await eva.context.cookies(server.url)
  expect(cookies.filter(({ name }) => name.startsWith('__Host-'))).toEqual([])

  // The same person with another device; and a page of somebody else's making.
  await using other = await visit(browser, server.url, { width: 1280, scheme: 'dark' })
  await other.page.goto('/join')
  await other.page.getByText('If Harbour ID knows you').waitFor()
  await fine(other)
  await goThrough(other.page, 'eva')
  await other.page.getByText('You have registered already.').waitFor()
  await fine(other)
  await other.page.goto('/sign-in?code=another&state=another')
  await other.page.getByText('The sign-in was broken off, or took too long.').waitFor()
  const ticket = (JSON.parse(registered[0]?.body ?? '{}') as { code: string }).code
  await other.page.goto(`/join#${ticket}`)
  await other.page.getByLabel('Invitation code').waitFor()
  expect(new URL(other.page.url()).hash).toBe('')
  expect([...strange(eva), ...strange(other)]).toEqual([])
})

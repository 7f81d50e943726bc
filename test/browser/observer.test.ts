// The observer's pages in real Chromium: an election in every state, the ledger, and the whole verification, of this
// server's record and of a file with the network cut.
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { leafHash } from '#ledger/merkle.ts'
import { verifierKeyOf } from '#ledger/note.ts'
import { formatLogPolicy } from '#ledger/policy.ts'
import { encodeEntryBundle } from '#ledger/tile.ts'
import { decodeEntry, encodeEntry } from '#protocol/entry.ts'
import { ballotContent, ballotOf, bodyHash } from '#protocol/ballot.ts'
import { formatTracker } from '#protocol/tracker.ts'
import { parsePb } from '#tally/formats/pabulib.ts'
import { writeRecord } from '#tally/record.ts'
import { checkpointOf, LOG_KEY } from '../tally/record.ts'
import type { Scene } from '../tally/scene.ts'
import { attachmentsOf } from '../tally/setup.ts'
import { audit, openBrowser, overflow, visit, type Visitor } from './app.ts'
import { cityLedger, serveScene } from './observer-stage.ts'

let scene: Scene
let server: Awaited<ReturnType<typeof serveScene>>
let browser: Browser

beforeAll(async () => {
  scene = await cityLedger(30)
  ;[server, browser] = await Promise.all([serveScene(scene), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

async function open(path: string, look: Parameters<typeof visit>[2] = {}): Promise<Visitor> {
  const visitor = await visit(browser, server.url, look)
  await visitor.page.goto(path)
  await ready(visitor.page)
  return visitor
}
async function ready(page: Page): Promise<void> {
  await page.locator('h1').waitFor()
  await page.locator('main progress').waitFor({ state: 'detached' })
}
/** What every page must be, at any time. */
async function fine({ page, complaints }: Visitor): Promise<void> {
  expect(await audit(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
  expect(complaints).toEqual([])
}
function text(page: Page): Promise<string> {
  return page.locator('main').innerText()
}
/** A record file of these entries, as if they were all. */
async function fileOf(entries: readonly Uint8Array[]): Promise<Buffer> {
  const parts: Uint8Array[] = []
  const each = (list: readonly Uint8Array[]) => Readable.from(list, { objectMode: true })
  const file = writeRecord(
    policyOf(LOG_KEY),
    checkpointOf(entries),
    each(entries),
    each(attachmentsOf('S', 'L')),
  )
  for await (const part of file) parts.push(part)
  return Buffer.concat(parts)
}
function policyOf(key: typeof LOG_KEY): string {
  return formatLogPolicy(verifierKeyOf(key))
}
async function record(): Promise<Buffer> {
  return Buffer.from(await (await fetch(new URL('/api/record', server.url))).arrayBuffer())
}
async function saved(page: Page, press: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()])
  return readFile(await download.path(), 'utf8')
}

describe('the public page', () => {
  test('of an announced election shows result, turns, ties, turnout and who watches', async () => {
    await using visitor = await open('/elections/city/budget')
    const { page } = visitor
    const said = await text(page)
    expect(said).toMatch(/\d+ of 34 projects are funded, with PLN\s[\d,]+ of PLN\s1,168,700/)
    expect(said).toMatch(/Not funded: PLN\s[\d,]+ is more than the PLN\s[\d,]+ that were left/)
    expect(said).toContain('the cheaper came first')
    expect(said).toContain('Fewer than 5 people voted on this question.')
    expect(said).toContain('This device has counted again from the sums, with the same result.')
    expect(said).toMatch(/30 of 30 people on the roll voted: 100\s?%/)
    for (const words of ['1 operator', '0 witnesses', 'nobody contributed a secret of their own'])
      expect(said).toContain(words)
    expect(said).toContain('Any 2 of them together can decrypt')
    expect(await page.getByRole('row', { name: /Guardian 2/ }).innerText()).toContain('Was not needed')
    await page.getByRole('figure', { name: 'Voters so far over time' }).scrollIntoViewIfNeeded()
    await page.locator('figure svg path').first().waitFor({ state: 'attached' })
    await page.locator('summary', { hasText: 'The same as a table' }).click()
    const rows = await page.locator('details table tbody tr').count()
    expect(rows).toBeGreaterThan(10)
    await fine(visitor)
  })

  test('gives the result to take along, as a table and as a budget that reads back', async () => {
    await using visitor = await open('/elections/city/budget', { width: 1280 })
    const { page } = visitor
    const csv = await saved(page, () => page.getByRole('button', { name: /CSV/ }).click())
    expect(csv.split('\r\n')).toHaveLength(1 + 34 + 3 + 4 + 1 + 1)
    const pb = parsePb(await saved(page, () => page.getByRole('button', { name: /\.pb/ }).click()))
    expect(pb.projects).toHaveLength(34)
    const policy = await saved(page, () => page.getByRole('link', { name: 'The trust policy' }).click())
    expect(policy).toMatch(/^log example\.org\/comitia/)
  })

  test('of an open election leads to the vote, and says that it is practice', async () => {
    await using visitor = await open('/elections/city/trees')
    const { page } = visitor
    expect(await page.getByRole('link', { name: 'Vote', exact: true }).getAttribute('href')).toBe(
      '/elections/city/trees/vote',
    )
    const said = await text(page)
    expect(said).toContain('This is not a real vote')
    expect(said).toContain('Set up for trying out only')
    expect(said).toContain('14 of 30 people on the roll have voted so far')
    expect(said).not.toContain('elected')
    await fine(visitor)
  })

  test('of a closed election waits for the guardians, and warns of a single one', async () => {
    await using visitor = await open('/elections/city/chair')
    const said = await text(visitor.page)
    expect(said).toContain('Voting is over')
    expect(said).toContain('There is one guardian, who holds the whole key and could open every ballot')
    expect(said).toContain('A question is decrypted even if a single ballot was cast')
    await fine(visitor)
  })

  test('of an election that is only defined has its questions and no turnout', async () => {
    await using visitor = await open('/elections/city/bridge', { scheme: 'dark', width: 1280 })
    const said = await text(visitor.page)
    expect(said).toContain('Which?')
    expect(said).not.toContain('Turnout')
    expect(said).toContain('Is to make a part of the key')
    await fine(visitor)
  })

  test('of an election that does not exist says so', async () => {
    await using visitor = await open('/elections/city/moon')
    expect(await text(visitor.page)).toContain('There is no such thing here')
  })
})

describe('the ledger', () => {
  test('shows the newest first, leads to older ones, and every entry in words', async () => {
    await using visitor = await open('/record')
    const { page } = visitor
    const last = scene.entries.length - 1
    expect(await text(page)).toContain(`${scene.entries.length} entries, signed by example.org/comitia`)
    const first = page.locator('tbody th[scope=row] a').first()
    expect(await first.innerText()).toBe(String(last))
    await fine(visitor)
    await page.getByRole('link', { name: 'Older' }).click()
    await page.getByText(`Entries ${last - 99} to ${last - 50}`).waitFor()
    for (let at = scene.entries.length; at > 0; at -= 50) {
      await page.goto(`/record?to=${at}`)
      await page.locator('tbody').first().waitFor({ state: 'attached' })
      expect(await text(page)).not.toMatch(/no entry that this program knows|undefined|\[object/)
    }
    await fine(visitor)
  })

  test('grows by itself while it is looked at', async () => {
    await using visitor = await open('/record')
    const { page } = visitor
    Object.assign(scene, { slug: 'trees' })
    const { ballot } = scene.ballot(20, [1n, 0n])
    scene.offer(['ballot', ballotContent(ballot)])
    const response = await server.staged.post(scene.entries.at(-1) ?? new Uint8Array())
    expect(response.status).toBe(201)
    await page.getByText('1 new entry').waitFor()
    expect(await page.locator('tbody code').first().innerText()).toBe(formatTracker(bodyHash(ballot.body)))
    expect(await text(page)).toContain(`${scene.entries.length} entries`)
    await fine(visitor)
  })

  test('finds a ballot by its tracker, an entry by its number, and says what is wrong with anything else', async () => {
    await using visitor = await open('/record')
    const { page } = visitor
    const at = scene.entries.findIndex((bytes) => decodeEntry(bytes)[0] === 'ballot')
    const entry = decodeEntry(scene.entries[at] ?? new Uint8Array())
    if (entry[0] !== 'ballot') throw new Error('no ballot')
    const tracker = formatTracker(bodyHash(ballotOf(entry[1]).body))
    const field = page.getByRole('searchbox').or(page.getByRole('textbox'))
    const look = async (typed: string) => {
      await field.fill(typed)
      await page.getByRole('button', { name: 'Look' }).click()
    }
    await look('hello')
    await page.getByRole('alert').getByText('neither a tracker nor a number').waitFor()
    await look('99999')
    await page.getByRole('alert').getByText('no entry 99,999 yet').waitFor()
    await look(tracker.replace(/^./, (c) => (c === '0' ? '1' : '0')))
    await page.getByRole('alert').getByText('neither a tracker').waitFor()
    await fine(visitor)
    await look(tracker.toLowerCase().replaceAll('-', ' '))
    await page.getByRole('heading', { level: 1, name: `Entry ${at}` }).waitFor()
    await ready(page)
    expect(await text(page)).toContain(tracker)
    await page.goto('/record')
    await ready(page)
    await look('7')
    await page.getByRole('heading', { level: 1, name: 'Entry 7' }).waitFor()
  })

  test('checks the place of an entry, shows its bytes, and goes on to the next', async () => {
    await using visitor = await open('/record/2')
    const { page } = visitor
    await page.getByText('This device has checked it: these very bytes are entry 2').waitFor()
    await page.locator('summary', { hasText: 'The entry as it is' }).click()
    await page.locator('pre').first().waitFor({ state: 'attached' })
    expect(await page.locator('pre').first().innerText()).toContain('"create-process"')
    await fine(visitor)
    await page.getByRole('link', { name: 'Entry 3 after it' }).click()
    await page.getByRole('heading', { level: 1, name: 'Entry 3' }).waitFor()
    await page.goto('/record/99999')
    await page.getByText('no such entry yet').waitFor()
  })

  test('says so when the bytes of an entry are not those of its receipt', async () => {
    await using visitor = await visit(browser, server.url)
    const { page } = visitor
    const other = encodeEntry(['time', 1])
    await page.route('**/log/entries/2', (route) => route.fulfill({ body: Buffer.from(other) }))
    await page.goto('/record/2')
    await page.getByText('it does NOT hold').waitFor()
    await fine(visitor)
  })

  test('tells a ledger that begins with what was seen from one that was cut short or rewritten', async () => {
    await using visitor = await open('/record')
    const { page } = visitor
    await page.getByText('This is the first time that this device looks at this ledger').waitFor()
    await page.reload()
    await page.getByText(/The ledger still begins with the \d+ entries/).waitFor()
    const shown = async (checkpoint: string) => {
      await page.unroute('**/log/checkpoint')
      await page.route('**/log/checkpoint', (route) => route.fulfill({ body: checkpoint }))
      await page.reload()
      await ready(page)
    }
    await shown(checkpointOf(scene.entries.slice(0, -9)))
    await page.getByRole('alert').getByText('SHORTER').waitFor()
    await fine(visitor)
    const another = scene.entries.with(5, encodeEntry(['time', 5]))
    await shown(checkpointOf(another))
    await page.getByRole('alert').getByText('NOT the one that this device has seen').waitFor()
    const kept = await saved(page, () =>
      page.getByRole('button', { name: 'the checkpoint that this device kept' }).click(),
    )
    expect(kept).toBe(checkpointOf(scene.entries))
    expect(leafHash(scene.entries[5] ?? new Uint8Array())).not.toEqual(
      leafHash(another[5] ?? new Uint8Array()),
    )
  })

  test('tells a ledger that was begun anew under another name and key, by the address', async () => {
    await using visitor = await open('/record')
    const { page } = visitor
    await page.getByText('This is the first time that this device looks at this ledger').waitFor()
    const other = { name: 'example.org/anew', secret: new Uint8Array(32).fill(3) }
    const rewritten = scene.entries.with(5, encodeEntry(['time', 5]))
    await page.route('**/log/policy', (route) => route.fulfill({ body: policyOf(other) }))
    await page.route('**/log/checkpoint', (route) => route.fulfill({ body: checkpointOf(rewritten, other) }))
    const bundle = Buffer.from(encodeEntryBundle(rewritten))
    await page.route('**/log/tile/entries/**', (route) => route.fulfill({ body: bundle }))
    await page.reload()
    await page.getByRole('alert').getByText('NOT signed by the key that this device has known').waitFor()
    await page.goto('/elections/city/budget/verify')
    await page.getByRole('button', { name: 'Check now' }).click()
    await page.getByRole('heading', { name: 'The record is NOT sound' }).waitFor()
    const failed = await page.locator('main ol > li', { hasText: 'FAILED' }).allInnerTexts()
    expect(failed.map((line) => /V\d+/.exec(line)?.[0])).toContain('V2')
    await page.getByText('Signatures were checked against the trust policy that this device met').waitFor()
    await fine(visitor)
  })
})

describe('verification', () => {
  const verdict = (page: Page) => page.locator('main h2').first()

  test('of this server’s record passes, finding by finding', async () => {
    await using visitor = await open('/elections/city/budget/verify')
    const { page } = visitor
    await page.getByRole('button', { name: 'Check now' }).click()
    await page.locator('main progress').waitFor()
    await page.getByRole('heading', { name: 'The record is sound' }).waitFor()
    const said = await text(page)
    expect(said).toContain('anybody could have forged ballots')
    expect(said).not.toContain('FAILED')
    for (let number = 1; number <= 17; number++) expect(said).toContain(`V${number}`)
    expect(said).toMatch(/\d+ of 34 projects are funded/)
    expect(said).toContain('This device keeps the checkpoint')
    await fine(visitor)
    await page.getByRole('button', { name: 'Check again' }).click()
    await page.getByText('Signatures were checked against the trust policy that this device met').waitFor()
    await fine(visitor)
  })

  test('of a file works with the network cut, and can be stopped', async () => {
    await using visitor = await open('/verify', { width: 1280, scheme: 'dark' })
    const { page, context } = visitor
    await page.getByText('this page works without the network now').waitFor()
    await fine(visitor)
    const buffer = await record()
    const policy = Buffer.from(await (await fetch(new URL('/log/policy', server.url))).arrayBuffer())
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
    await context.setOffline(true)
    await page.locator('input[type=file]').setInputFiles([
      { name: 'record.comitia', mimeType: 'application/octet-stream', buffer },
      { name: 'policy.txt', mimeType: 'text/plain', buffer: policy },
      { name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('Dear voters') },
    ])
    await page.getByText('letter.txt is none of these files').waitFor()
    await page.getByRole('button', { name: 'Check now' }).click()
    await page.getByRole('heading', { name: 'The record is sound' }).waitFor()
    expect(await text(page)).toContain('Signatures were checked against your own trust policy')
    await fine(visitor)
    await context.setOffline(false)
    await page.getByText('this page works without the network now').waitFor()
    await page.getByRole('button', { name: 'Check again' }).click()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('You stopped the check').waitFor()
    expect(await page.locator('main progress').count()).toBe(0)
  })

  test('names the check that one altered byte fails, and shows the entry', async () => {
    await using visitor = await open('/verify')
    const { page } = visitor
    const buffer = await record()
    const at = scene.entries.findLastIndex((bytes) => decodeEntry(bytes)[0] === 'ballot')
    const ballot = Buffer.from(scene.entries[at] ?? new Uint8Array())
    // The last byte of a ballot is part of its proof.
    const place = buffer.indexOf(ballot) + ballot.length - 1
    buffer[place] = (buffer[place] ?? 0) ^ 1
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'record.comitia', mimeType: 'application/octet-stream', buffer })
    await page.getByRole('button', { name: 'Check now' }).click()
    await page.getByRole('heading', { name: 'The record is NOT sound' }).waitFor()
    const failed = page.locator('main ol > li', { hasText: 'FAILED' })
    const checks = (await failed.allInnerTexts()).map((line) => /V\d+/.exec(line)?.[0])
    expect(checks).toEqual(['V1', 'V8'])
    const finding = failed.filter({ hasText: 'V8' })
    expect(await finding.innerText()).toContain('The ballot’s proof does not hold')
    await finding.locator('summary', { hasText: `Entry ${at}` }).click()
    await finding.getByText('A sealed ballot on question 1').waitFor()
    await fine(visitor)
  })

  test('of a record that was rewritten since the last time names the fork', async () => {
    await using visitor = await open('/record')
    const { page } = visitor
    await page.goto('/verify')
    const forked = scene.entries.slice(0, 40)
    const shorter = await fileOf(forked)
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'old.comitia', mimeType: 'application/octet-stream', buffer: shorter })
    await page.getByRole('button', { name: 'Check now' }).click()
    await page.getByRole('heading', { name: 'The record is sound' }).waitFor()
    expect(await text(page)).toContain(
      'This file ends before the newest checkpoint that this device has seen',
    )
    await page.evaluate(
      (checkpoint) => {
        const key = 'comitia.ledger.example.org/comitia'
        const kept = JSON.parse(localStorage.getItem(key) ?? '{}') as object
        localStorage.setItem(key, JSON.stringify({ ...kept, checkpoint }))
      },
      checkpointOf(forked.with(9, encodeEntry(['time', 9]))),
    )
    await page.getByRole('button', { name: 'Check again' }).click()
    await page.getByRole('heading', { name: 'The record is NOT sound' }).waitFor()
    expect(await verdict(page).innerText()).toBeTruthy()
    const failed = page.locator('main ol > li', { hasText: 'FAILED' })
    expect(await failed.allInnerTexts()).toHaveLength(1)
    expect(await failed.innerText()).toContain('FORK')
    await fine(visitor)
  })

  test('of something that breaks off says that it is no record', async () => {
    await using visitor = await open('/verify')
    const { page } = visitor
    const buffer = (await record()).subarray(0, 5000)
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'cut.comitia', mimeType: 'application/octet-stream', buffer })
    await page.getByRole('button', { name: 'Check now' }).click()
    await page.getByText('This file is no record, or it breaks off.').waitFor()
    await fine(visitor)
  })
})

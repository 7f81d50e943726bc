// A voter's identity in real Chromium: invitation, credential, registration that becomes certain, the three backups and
// the way back from each, what is said of wrong and used codes, forgetting, and a vault that was tampered with.
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifierKeyOf } from '#ledger/note.ts'
import { formatLogPolicy, parsePolicy } from '#ledger/policy.ts'
import { authenticator, audit, openBrowser, overflow, visit, type Visitor } from './app.ts'
import { alterVault, DeviceStage } from './device-stage.ts'

const PASSPHRASE = 'correct horse battery staple'

let browser: Browser
let stage: DeviceStage

beforeAll(async () => {
  browser = await openBrowser()
  stage = await DeviceStage.open(12)
})
afterAll(async () => {
  await browser.close()
  await stage[Symbol.asyncDispose]()
})

/** A device of its own; its complaints are asked for at the end. */
function device(look: Parameters<typeof visit>[2] = {}): Promise<Visitor> {
  return visit(browser, stage.url, look)
}

/** The page as it is now: no finding of axe, nothing to scroll sideways. */
async function expectSound(page: Page): Promise<void> {
  expect([await audit(page), await overflow(page)]).toEqual([[], 0])
}

function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).click()
}

async function register(page: Page, code = stage.code()): Promise<void> {
  await page.goto(`/join#${code}`)
  await press(page, 'Register')
  await page.getByText('Your code was accepted').waitFor()
}

async function fingerprint(page: Page): Promise<string> {
  await page.goto('/credential')
  return page.locator('dd code').innerText()
}

/** Shows the words, copies them to paper, proves it. */
async function backUpWords(page: Page): Promise<string[]> {
  await press(page, 'Show the words')
  await page.locator('.sheet li').first().waitFor()
  const words = await page.locator('.sheet li').allInnerTexts()
  await press(page, 'I have them on paper')
  for (const field of await page.getByLabel(/^Word \d+$/).all()) {
    const place = Number((await field.getAttribute('id'))?.split('-').at(-1))
    await field.fill(words[place] ?? '')
  }
  await press(page, 'Compare')
  await page.getByText('Done on').waitFor()
  return words
}

async function forget(page: Page): Promise<void> {
  await page.goto('/credential')
  await press(page, 'Forget the credential on this device…')
  await page.getByLabel('I understand that this cannot be undone.').check()
  await press(page, 'Forget it for ever')
  await page.getByText('This device has forgotten the credential.').waitFor()
}

test('a code is typed or linked, leaves the address at once, and goes to the server once', async () => {
  await using visitor = await device({ width: 320 })
  const { page, complaints } = visitor
  const told: string[] = []
  page.on('request', (request) => told.push(`${request.url()} ${request.postData() ?? ''}`))
  const code = stage.code()
  await page.goto('/votes')
  await page.getByText('This device has no credential yet').waitFor()
  await expectSound(page)
  await page.getByRole('link', { name: 'I have an invitation' }).click()
  await press(page, 'Continue')
  await page.getByText('Type the code of your invitation.').waitFor()
  await page.getByLabel('Invitation code').fill('ABC!')
  await press(page, 'Continue')
  await page.getByText('Something else is in yours').waitFor()
  await page.getByLabel('Invitation code').fill('abcd')
  await press(page, 'Continue')
  await page.getByText('Yours has 4.').waitFor()
  await expectSound(page)
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Yours has 4.')
  const asked = told.length
  await page.getByLabel('Invitation code').fill('0000-0000-0000-0000-1')
  await press(page, 'Continue')
  await page.getByText('There is a typing error in this code.').waitFor()
  expect(told).toHaveLength(asked)

  await page.goto(`/join#${code}`)
  await page.getByText(code).waitFor()
  expect(new URL(page.url()).hash).toBe('')
  await page.reload()
  await page.getByText(code).waitFor()
  await expectSound(page)
  expect(told.filter((request) => request.includes(code))).toEqual([])
  await press(page, 'Register')
  await page.getByText('Registered, not yet certain').waitFor()
  await expectSound(page)
  const withCode = told.filter((request) => request.includes(code))
  expect(withCode).toHaveLength(1)
  expect(withCode[0]).toMatch(/\/api\/registrations \{"code"/)

  // The same code on the same device: the same answer.
  await register(page, code)
  await page.goto('/join')
  await page.getByLabel('Invitation code').waitFor()
  expect(complaints).toEqual([])
})

test('codes that are wrong or used are refused with a reason, and leave nothing in the way of a restore', async () => {
  await using visitor = await device()
  const { page } = visitor
  const used = stage.code()
  await register(page, used)
  const words = await backUpWords(page)

  await using other = await device({ scheme: 'dark', width: 1280 })
  const second = other.page
  await second.goto('/join#AAAA-AAAA-AAAA-AAAA-A')
  await press(second, 'Register')
  await second.getByText('This invitation code is not known here.').waitFor()
  await expectSound(second)
  await second.goto(`/join#${used}`)
  await press(second, 'Register')
  await second.getByText('used already, with another credential').waitFor()
  await second.getByRole('link', { name: 'I already have a credential on another device' }).click()
  await press(second, 'Restore from a backup')
  await second.getByLabel('Your 24 words').fill(words.join(' '))
  await press(second, 'Restore from words')
  await second.getByText('The credential is on this device again.').waitFor()
  expect(await fingerprint(second)).toBe(await fingerprint(page))

  // Now it is worth something, and another one does not take its place unasked.
  const mine = await fingerprint(second)
  await using third = await device()
  await register(third.page)
  const others = await backUpWords(third.page)
  await press(second, 'Restore from a backup')
  await second.getByLabel('Your 24 words').fill(others.join(' '))
  await press(second, 'Restore from words')
  await second.getByText('a different credential already').waitFor()
  await expectSound(second)
  expect(await fingerprint(second)).toBe(mine)
})

test('words and file each bring the credential back; forgetting asks first', async () => {
  await using visitor = await device()
  const { page, complaints } = visitor
  await register(page)
  await page.goto('/votes')
  await page.getByText('Your credential has no backup yet.').waitFor()
  await page.getByRole('link', { name: 'Make a backup' }).click()
  const own = await fingerprint(page)
  const words = await backUpWords(page)
  expect(new Set(words).size).toBeGreaterThan(15)
  await page.getByLabel('Passphrase', { exact: true }).fill('short')
  await press(page, 'Save the file')
  await page.getByText('The passphrase is too short').waitFor()
  await expectSound(page)
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save the file')])
  const file = await download.path()
  expect(await readFile(file, 'latin1')).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/)
  await page.goto('/votes')
  await page.getByText('Harbour park').waitFor()
  expect(await page.getByText('no backup').count()).toBe(0)

  await page.goto('/credential')
  await press(page, 'Forget the credential on this device…')
  await press(page, 'Forget it for ever')
  await page.getByText('Tick the box first.').waitFor()
  await expectSound(page)
  await forget(page)

  await page.getByLabel('Your 24 words').fill(words.with(4, 'zzzz').join(' '))
  await press(page, 'Restore from words')
  await page.getByText('Word 5, “zzzz”').waitFor()
  const swapped = words.with(0, words[1] ?? '').with(1, words[0] ?? '')
  await page.getByLabel('Your 24 words').fill(swapped.join(' '))
  await press(page, 'Restore from words')
  await page.getByText('and not those of a backup').waitFor()
  await expectSound(page)
  await page
    .getByLabel('Your 24 words')
    .fill(words.map((word, i) => `${i + 1}. ${word.toUpperCase()}`).join('\n'))
  await press(page, 'Restore from words')
  await page.getByText('The credential is on this device again.').waitFor()
  expect(await fingerprint(page)).toBe(own)

  await forget(page)
  await page.getByLabel('Your backup file').setInputFiles(file)
  await page.getByLabel('Passphrase', { exact: true }).fill('not this one')
  await press(page, 'Restore from the file')
  await page.getByText('The passphrase is not that of this file.').waitFor()
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await press(page, 'Restore from the file')
  await page.getByText('The credential is on this device again.').waitFor()
  expect(await fingerprint(page)).toBe(own)
  expect(complaints).toEqual([])
})

test('a ledger with another key than at first is not believed, until everything is forgotten', async () => {
  await using own = await DeviceStage.open(1)
  await using visitor = await visit(browser, own.url)
  const { page, context } = visitor
  const [log] = parsePolicy(await (await fetch(new URL('/log/policy', own.url))).text()).logs
  const other = verifierKeyOf({ name: log?.name ?? '', secret: new Uint8Array(32).fill(7) })
  await context.route('**/log/policy', (route) => route.fulfill({ body: formatLogPolicy(other) }))
  await register(page, own.code())
  await page.goto('/credential')
  const words = await backUpWords(page)
  await context.unrouteAll()
  await own.freeze()
  const restore = async () => {
    await page.getByLabel('Your 24 words').fill(words.join(' '))
    await press(page, 'Restore from words')
    await page.getByText('The credential is on this device again.').waitFor()
    await page.goto('/votes')
  }
  await page.goto('/votes')
  await page.getByText('signed with a key that this device does not trust').waitFor()
  await expectSound(page)
  await forget(page)
  await restore()
  await page.getByText('Harbour park').waitFor()
  await expectSound(page)
  expect(await page.getByText('does not trust').count()).toBe(0)
})

test('a passkey makes a credential, and makes it again', async () => {
  await using visitor = await device()
  const { page, complaints } = visitor
  await authenticator(page, true)
  await page.goto(`/join#${stage.code()}`)
  await press(page, 'Register with a passkey')
  await page.getByText('Your code was accepted').waitFor()
  await page.getByText('This credential comes from a passkey.').waitFor()
  await expectSound(page)
  const own = await fingerprint(page)
  await forget(page)
  await press(page, 'Restore from the passkey')
  await page.getByText('The credential is on this device again.').waitFor()
  expect(await fingerprint(page)).toBe(own)
  expect(complaints).toEqual([])
})

test('a passkey of this host that no credential came from, as officials have, makes none', async () => {
  await using visitor = await device()
  const { page } = visitor
  await authenticator(page, true)
  await page.goto('/credential')
  await page.evaluate(async () => {
    const random = crypto.getRandomValues(new Uint8Array(32))
    await navigator.credentials.create({
      publicKey: {
        rp: { name: 'Officials' },
        user: { id: random, name: 'Ada', displayName: 'Ada' },
        challenge: random,
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        extensions: { prf: {} },
      },
    })
  })
  await press(page, 'Restore from the passkey')
  await page.getByText('This passkey is for something else.').waitFor()
  await expectSound(page)
  await page.reload()
  await page.getByText('This device has no credential').first().waitFor()
})

test('a passkey without the function it takes is said to be so, and the other ways stay open', async () => {
  await using visitor = await device()
  const { page } = visitor
  await authenticator(page, false)
  await page.goto(`/join#${stage.code()}`)
  await press(page, 'Register with a passkey')
  await page.getByText('This passkey cannot make credentials.').waitFor()
  await press(page, 'Register')
  await page.getByText('Your code was accepted').waitFor()
})

test('a vault that was altered says so, and a backup mends it', async () => {
  await using visitor = await device()
  const { page } = visitor
  await register(page)
  const words = await backUpWords(page)
  const own = await fingerprint(page)
  await alterVault(page)
  await page.goto('/credential')
  await page.getByText('cannot be read any more').waitFor()
  await expectSound(page)
  await page.goto('/votes')
  await page.getByText('Something that this device keeps for you cannot be read').waitFor()
  await page.goto('/credential')
  await page.getByLabel('Your 24 words').fill(words.join(' '))
  await press(page, 'Restore from words')
  await page.getByText('The credential is on this device again.').waitFor()
  expect(await fingerprint(page)).toBe(own)
})

test('what is kept is unreadable without the vault, and a record in another place is none', async () => {
  await using visitor = await device()
  const { page } = visitor
  await register(page)
  const kept = await page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const asked = indexedDB.open('comitia')
      asked.onsuccess = () => resolve(asked.result)
    })
    const read = <T>(store: string, name: string) =>
      new Promise<T>((resolve) => {
        const asked = db.transaction(store).objectStore(store).get(name)
        asked.onsuccess = () => resolve(asked.result as T)
      })
    const key = await read<CryptoKey>('key', 'key')
    const record = await read<Uint8Array<ArrayBuffer>>('credential', 'own')
    const policy = await read<Uint8Array<ArrayBuffer>>('settings', 'policy')
    const taken = await crypto.subtle.exportKey('raw', key).then(
      () => 'given out',
      () => 'kept',
    )
    await new Promise((resolve) => {
      const put = db.transaction('credential', 'readwrite').objectStore('credential').put(policy, 'own')
      put.onsuccess = resolve
    })
    db.close()
    return { taken, text: new TextDecoder('latin1').decode(record) }
  })
  expect(kept.taken).toBe('kept')
  expect(kept.text).not.toContain('seed')
  await page.goto('/credential')
  await page.getByText('cannot be read any more').waitFor()
})

test('two tabs make one credential', async () => {
  await using visitor = await device()
  const { page, context } = visitor
  const other = await context.newPage()
  await page.goto(`/join#${stage.code()}`)
  await page.getByRole('button', { name: 'Register', exact: true }).waitFor()
  await other.goto('/join')
  await other.getByRole('button', { name: 'Register', exact: true }).waitFor()
  await Promise.all([press(page, 'Register'), press(other, 'Register')])
  await Promise.all([page, other].map((tab) => tab.getByText('Your code was accepted').waitFor()))
  expect(await fingerprint(page)).toBe(await fingerprint(other))
})

test('registration is certain once the roll is frozen; then the way to vote is open', async () => {
  await using visitor = await device()
  const { page, complaints } = visitor
  await register(page)
  const late = stage.code()
  await stage.freeze()
  await page.goto('/votes')
  await page.getByText('Registered for certain').waitFor()
  await page.getByText('Not open yet').waitFor()
  await page.getByText(/Only \d+ credentials are on the roll/).waitFor()
  await expectSound(page)
  await stage.openVoting()
  await page.reload()
  await page.getByText('Open now').waitFor()
  await page.getByText(/It closes in (29|30) days/).waitFor()
  await page.getByRole('link', { name: 'Vote: Harbour park' }).waitFor()
  await expectSound(page)
  expect(complaints).toEqual([])

  await using other = await device()
  await other.page.goto(`/join#${late}`)
  await press(other.page, 'Register')
  await other.page.getByText('This roll is frozen').waitFor()
  // Its credential is on no roll, and nothing comes of the invitation: the one that is on the roll may take its place.
  await page.goto('/credential')
  const words = await backUpWords(page)
  await other.page.goto('/credential')
  await press(other.page, 'Restore from a backup')
  await other.page.getByLabel('Your 24 words').fill(words.join(' '))
  await press(other.page, 'Restore from words')
  await other.page.getByText('The credential is on this device again.').waitFor()
})

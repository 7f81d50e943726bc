// Lighthouse finds nothing to better in accessibility and best practices, on a phone, where people come in and where they
// vote. How fast pages are is measured by `npm run bench -- pages` and asserted nowhere.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Server, startApp } from './app.ts'
import { contestPath, openProfile, type Profile, scored } from './lighthouse.ts'

let server: Server
let profile: Profile

beforeAll(async () => {
  server = await startApp({ played: 1 })
  profile = await openProfile(server.url)
})
afterAll(async () => {
  await profile[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

async function expectFull(path: string, heading: string | RegExp): Promise<void> {
  await profile.page.goto(path)
  await profile.page.getByRole('heading', { level: 1, name: heading }).waitFor()
  await profile.page.goto('about:blank')
  const result = await profile.look(path, ['accessibility', 'best-practices'])
  expect(result.finalDisplayedUrl).toBe(new URL(path, server.url).href)
  for (const category of ['accessibility', 'best-practices'] as const)
    expect(scored(result, category)).toEqual({ score: 100, short: [] })
}

test('the landing page', () => expectFull('/', /Vote in secret/))

test('a contest page of the booth', async () => {
  await expectFull(await contestPath(profile), 'Which projects should be carried out?')
})

// Parts of pages whose script is fetched when they are shown, in real Chromium: what a page says when one does not come.
import { expect, test } from 'vitest'
import { ELECTION, PROCESS, Scene } from '../tally/scene.ts'
import { askAsPage, audit, letThrough, openBrowser, visit } from './app.ts'
import { serveScene } from './observer-stage.ts'

test('a part whose script does not come says so, and the rest of the page stands', async () => {
  const scene = new Scene({ weights: [1n, 1n] })
  scene.prepare()
  scene.keygen()
  scene.open()
  await using server = await serveScene(scene)
  await using browser = await openBrowser()
  await using visitor = await visit(browser, server.url)
  const { page, context } = visitor
  await context.route('**/_app/immutable/chunks/*.js', async (route) => {
    const response = await askAsPage(route)
    const isDownloads = (await response.text()).includes('.observer_download_policy(')
    await (isDownloads ? route.abort() : route.fulfill({ response }))
  })
  await page.goto(`/elections/${PROCESS}/${ELECTION}`)
  await page.getByRole('alert').getByText('Load the page again').waitFor()
  await page.getByRole('heading', { name: 'Turnout', exact: true }).waitFor()
  expect(await audit(page)).toEqual([])
  await letThrough(context)
  await page.reload()
  await page.getByRole('link', { name: 'The trust policy' }).waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
})

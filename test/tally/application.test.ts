// SPEC 7.7, V17: the web app that officials named is compared with what a server hands out, file by file.
import { beforeAll, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { readFileList, writeFileList } from '#protocol/application.ts'
import type { Finding } from '#tally/verify/finding.ts'
import { Scene } from './scene.ts'
import { failures, inspect } from './verifying.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const APP = {
  'app.html': '<p>',
  '_app/immutable/a.B-1_c.js': 'a',
  '_app/version.json': '{}',
  'icon.svg': '<svg>',
}
const LIST = listOf(APP)
const scene = new Scene()

beforeAll(() => {
  scene.prepare()
  scene.act({ type: 'publish-application', files: sha256(bytes('an earlier list')) })
  scene.act({ type: 'publish-application', files: sha256(LIST) })
})

function listOf(files: Record<string, string>): Uint8Array {
  return writeFileList(
    new Map(Object.entries(files).map(([path, file]) => [path, toHex(sha256(bytes(file)))])),
  )
}

/** What V17 finds where a server gives these files and this list. */
async function found(
  served: Record<string, string>,
  list: Uint8Array | undefined = LIST,
  entries = scene.entries,
) {
  const files = new Map(Object.entries(served).map(([path, file]) => [`/${path}`, bytes(file)]))
  const fetchFile = (path: string) => Promise.resolve(path === '/files.txt' ? list : files.get(path))
  const findings = await inspect(entries, { fetchFile })
  expect(failures(findings).filter((failure) => !failure.startsWith('V17'))).toEqual([])
  return v17(findings)
}
const v17 = (findings: readonly Finding[]) => findings.find(({ check }) => check === 'V17')
const server = { ...APP, '': APP['app.html'] }

test('the newest list counts, and every file of it is compared, the page under its own address too', async () => {
  expect(await found(server)).toEqual({
    ...{ check: 'V17', status: 'passed', entry: scene.entries.length - 1 },
    ...{ code: 'application-same', fields: {} },
  })
})

test.each(Object.keys(server))('another file under "/%s", or none, fails', async (path) => {
  const altered = await found({ ...server, [path]: 'altered' })
  expect(altered).toMatchObject({
    ...{ status: 'failed', code: 'application-differs' },
    fields: { paths: [`/${path}`], more: 0 },
  })
  const missing = Object.fromEntries(Object.entries(server).filter(([other]) => other !== path))
  expect(await found(missing)).toMatchObject({ status: 'failed', entry: scene.entries.length - 1 })
})

test('of many altered files some are named', async () => {
  const many = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`${i}.js`, 'x']))
  const other = new Scene()
  other.prepare()
  const list = listOf({ ...APP, ...many })
  other.act({ type: 'publish-application', files: sha256(list) })
  const finding = await found(server, list, other.entries)
  expect(finding?.fields).toEqual({ paths: ['/0.js', '/1.js', '/2.js', '/3.js', '/4.js'], more: 3 })
})

test('another list, or none, fails; without a server nothing is compared, and without an act nothing applies', async () => {
  const forged = { ...APP, 'app.html': '<script>' }
  const served = { ...forged, '': forged['app.html'] }
  expect(await found(served, listOf(forged))).toMatchObject({ status: 'failed', check: 'V17' })
  const silent = await inspect(scene.entries, { fetchFile: () => Promise.resolve(undefined) })
  expect(v17(silent)).toMatchObject({ status: 'failed', fields: { paths: ['/files.txt'], more: 0 } })
  expect(v17(await inspect(scene.entries))).toMatchObject({ status: 'not-rechecked', code: 'no-server' })
  const none = scene.entries.slice(0, -2)
  expect(v17(await inspect(none))).toMatchObject({ status: 'not-applicable' })
})

const hash = 'ab'.repeat(32)
test.each([
  ['', 'nothing'],
  [`${hash}  app.html`, 'no end'],
  [`${hash} app.html\n`, 'one space'],
  [`${hash.toUpperCase()}  app.html\n`, 'capitals'],
  [`${hash}  /app.html\n`, 'a path from the root'],
  [`${hash}  app.html\n${hash}  ../secret\n`, 'a path that leaves'],
  [`${hash}  a/../../app.html\n${hash}  app.html\n`, 'a path that leaves further down'],
  [`${hash}  app.html\n${hash}  app.html\n`, 'twice the same'],
  [`${hash}  b.js\n${hash}  app.html\n`, 'no order'],
  [`${hash}  a.js\n`, 'no page'],
  [`${hash}  app.html\n${hash}  https://elsewhere.example/a.js\n`, 'another origin'],
])('%j is no list: %s', async (text) => {
  expect(() => readFileList(bytes(text))).toThrow('malformed')
  const other = new Scene()
  other.prepare()
  other.act({ type: 'publish-application', files: sha256(bytes(text)) })
  expect(await found(server, bytes(text), other.entries)).toMatchObject({ status: 'failed' })
})

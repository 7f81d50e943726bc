// The drill: a server under a load of ballots is backed up, goes on, and is killed for good. Elsewhere it comes back from
// the backup: what was in it holds, what came later is told as missing, and nothing older takes the place of what is newer.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { expect, test, vi } from 'vitest'
import { backup } from '#cli/backup.ts'
import { importVoters } from '#cli/official.ts'
import { restore } from '#cli/restore.ts'
import { connect } from '#cli/server.ts'
import { checkBallotReceipt, fateOf } from '#client/receipt.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import { openEmbedded } from '#ledger/engines/embedded.ts'
import { makeBallots, openElection } from '../bench/ballots.ts'
import { serve, type Served } from '../bench/program.ts'
import { type Acknowledged, castUntilGone } from './casting.ts'
import { temporaryFolder } from './child.ts'
import { dataFolder, ORIGIN } from './data-folder.ts'

const AT_ONCE = 4
/** Acknowledged before the backup, and after it before the kill. */
const STRETCH = 12
const VOTERS = 160

const commitmentOf = (number: number): string => number.toString(16).padStart(64, '0')

/** Runs a command of ours as in a terminal. */
async function run(
  command: (args: string[]) => Promise<number>,
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true)),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true)),
  ]
  try {
    return { code: await command(args), out, err }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

async function register(server: Served, code: string, number: number): Promise<[number, unknown]> {
  const response = await fetch(`${server.url}/api/registrations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, commitment: commitmentOf(number) }),
  })
  return [response.status, await response.json()]
}

/** What the receipt check of a voter's page says of each. */
async function fatesOf(server: Served, receipts: readonly Acknowledged[]): Promise<Set<string>> {
  const asked = connect(server.url)
  const policy = await asked.policy()
  const fates = await Promise.all(
    receipts.map(async (one) => {
      const proven = checkBallotReceipt(one, policy)
      return proven === undefined ? 'unproven' : (await fateOf(asked, proven)).status
    }),
  )
  return new Set(fates)
}

/** Casts; with the first acknowledgement that is `due` begins `meanwhile`, and some after it has ended comes the kill. */
async function castAndKill(
  server: Served,
  waiting: Uint8Array[],
  due: (answer: Acknowledged) => boolean,
  meanwhile: () => Promise<void>,
): Promise<Acknowledged[]> {
  const all: Acknowledged[] = []
  let busy: Promise<void> | undefined
  let after: number | undefined
  let killed: Promise<void> | undefined
  await castUntilGone(server.url, waiting, AT_ONCE, (answer) => {
    all.push(answer)
    if (due(answer)) busy ??= meanwhile().then(() => void (after = all.length))
    if (after !== undefined && all.length >= after + STRETCH) killed ??= server.kill()
  })
  await Promise.all([busy, killed])
  return all
}

test('a server under load, backed up, killed and restored elsewhere', async () => {
  const scene = openElection(2, VOTERS)
  const waiting = await makeBallots(scene, VOTERS, () => undefined)
  const [lost, scratch] = [await dataFolder(scene), temporaryFolder()]
  const at = (name: string): string => join(scratch, name)
  const identity = await generateIdentity()
  writeFileSync(at('identity'), `# a comment\n${identity}\n`)
  writeFileSync(at('other-identity'), `${await generateIdentity()}\n`)
  writeFileSync(at('passphrase'), 'correct horse battery\n')
  const recipient = await identityToRecipient(identity)

  mkdirSync(join(lost, 'demo'))
  writeFileSync(join(lost, 'demo', 'played.demo'), 'secrets of a practice election')

  const server = await serve(lost, ORIGIN)
  const unasked = await fetch(`${server.url}/api/operator/snapshot`, { method: 'POST' })
  expect(unasked.status).toBe(401)
  const csv = 'ann,1\nben,1\ncid,1\n'
  const lines = (await importVoters(connect(server.url), lost, 'city', 'later', csv)).trim().split('\n')
  const [ann = '', ben = '', cid = ''] = lines.map((line) => line.split(',')[1])
  const registered = await register(server, ann, 1)
  expect(registered[0]).toBe(201)
  const make = ['--server', server.url, '--data', lost]
  let made = { code: -1, out: '', err: '' }
  const enough = scene.entries.length + STRETCH
  const receipts = await castAndKill(
    server,
    waiting,
    ({ index }) => index >= enough,
    async () => {
      made = await run(backup, at('first.age'), ...make, '--recipient', recipient)
      expect((await register(server, ben, 2))[0]).toBe(201)
    },
  )
  expect([made.code, made.out]).toEqual([0, expect.stringContaining(at('first.age'))])
  const size = Number(/^\d+/.exec(made.out)?.[0])
  const [held, later] = [receipts.filter((r) => r.index < size), receipts.filter((r) => r.index >= size)]
  expect([held.length >= STRETCH, later.length >= STRETCH]).toEqual([true, true])
  // Nothing in the clear is left of it, and a file that is there is never replaced.
  expect(readdirSync(lost)).not.toContain('snapshot')
  expect(readdirSync(scratch).filter((name) => name.startsWith('first'))).toEqual(['first.age'])
  const open = ['--identity', at('identity')]
  const again = await run(backup, at('first.age'), ...make, '--recipient', recipient)
  expect([again.code, again.err]).toEqual([2, expect.stringContaining('there already')])

  // What is refused leaves nothing behind.
  const kept = join(lost, 'ledger', 'checkpoint')
  const bytes = readFileSync(at('first.age'))
  const altered = (name: string, change: (copy: Buffer<ArrayBuffer>) => Uint8Array): string => {
    writeFileSync(at(name), change(Buffer.from(bytes)))
    return at(name)
  }
  const flipped = (place: number) => (copy: Buffer) => copy.fill((copy[place] ?? 0) ^ 1, place, place + 1)
  const refusals: [file: string, more: string[], code: string][] = [
    [at('first.age'), [...open, '--checkpoint', kept], 'older'],
    [at('first.age'), ['--identity', at('other-identity')], 'wrong-key'],
    [altered('head', flipped(0)), open, 'damaged'],
    [altered('middle', flipped(bytes.length >> 1)), open, 'damaged'],
    [altered('end', flipped(bytes.length - 1)), open, 'damaged'],
    [altered('short', (copy) => copy.subarray(0, -1)), open, 'damaged'],
    // A whole number of age's chunks is gone: every one that is left opens.
    [altered('chunk', (copy) => copy.subarray(0, copy.length - (copy.length % 65_552))), open, 'damaged'],
    [altered('empty', () => new Uint8Array()), open, 'damaged'],
  ]
  for (const [file, more, code] of refusals) {
    const refused = await run(restore, file, '--data', at('refused'), ...more)
    expect([refused.code, refused.err, existsSync(at('refused'))], file).toEqual([
      1,
      expect.stringMatching(`^(.*\n)*${code}: `),
      false,
    ])
  }
  const over = await run(restore, at('first.age'), '--data', lost, ...open)
  expect([over.code, over.err]).toEqual([1, expect.stringMatching(/^not-empty: .*a ledger of \d+ entries/)])
  expect(
    (await run(restore, at('first.age'), '--data', at('refused'), '--checkpoint', at('passphrase'), ...open))
      .code,
  ).toBe(2)

  mkdirSync(at('new'))
  const restored = await run(restore, at('first.age'), '--data', at('new'), ...open)
  expect([restored.code, restored.out]).toEqual([0, expect.stringContaining(`  ${size} entries, every one`)])
  expect(restored.out).toContain(`${held.length} ballots\n  3 rows`)
  expect(readdirSync(at('new')).sort()).toEqual(
    readdirSync(lost)
      .filter((name) => name !== 'backup.lock')
      .sort(),
  )
  for (const name of ['operator.key', 'operator.token', 'origin'])
    expect(readFileSync(join(at('new'), name), 'utf8')).toBe(readFileSync(join(lost, name), 'utf8'))
  // Its ledger under the promises of the killed server: the log itself refuses to start.
  const mixed = at('mixed')
  cpSync(join(lost, 'ledger'), mixed, { recursive: true })
  cpSync(join(at('new'), 'ledger', 'ledger.db'), join(mixed, 'ledger.db'))
  for (const left of ['ledger.db-wal', 'ledger.db-shm']) writeFileSync(join(mixed, left), '')
  await expect(openEmbedded({ folder: mixed, origin: ORIGIN })).rejects.toMatchObject({ reason: 'rollback' })

  const revived = await serve(at('new'), ORIGIN)
  expect(await fatesOf(revived, held)).toEqual(new Set(['counted']))
  expect(await fatesOf(revived, later)).toEqual(new Set(['denied']))
  // Who had registered is on the roll, who did after the backup may do so again, and codes still hold.
  expect(await register(revived, ann, 1)).toEqual(registered)
  expect((await register(revived, ben, 3))[0]).toBe(201)
  expect((await register(revived, cid, 2))[0]).toBe(201)
  // Ballots that were lost may be cast again; the log grows past the one that was lost, and says something else.
  const second = at('second.age')
  const recast = [...later.map(({ entry }) => entry), ...waiting]
  const signed = parseCheckpoint(readFileSync(kept, 'utf8')).size
  await castAndKill(
    revived,
    recast,
    ({ index }) => index >= signed,
    async () => {
      const place = ['--server', revived.url, '--data', at('new'), '--passphrase-file', at('passphrase')]
      expect(await run(backup, second, ...place)).toMatchObject({ code: 0 })
    },
  )
  const forked = await run(
    restore,
    second,
    '--data',
    at('refused'),
    '--passphrase-file',
    at('passphrase'),
    '--checkpoint',
    kept,
  )
  expect([forked.code, forked.err]).toEqual([1, expect.stringMatching(/^(.*\n)*fork: /)])
  expect(existsSync(at('refused'))).toBe(false)
})

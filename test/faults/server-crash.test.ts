// SPEC 7.5: the whole server is killed (SIGKILL) under a load of ballots, again and again on one data folder. Every
// receipt that was ever handed out still holds after each restart: same entry, same place, one history.
// CRASH_ROUNDS sets the number of rounds (50).
import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { verifyRecord } from '#cli/verify.ts'
import { withRecord } from '#cli/record.ts'
import { toHex } from '#crypto/encoding.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import { leafHash } from '#ledger/merkle.ts'
import { checkPolicy, type Policy, parsePolicy } from '#ledger/policy.ts'
import { checkReceipt, parseReceipt } from '#ledger/proof.ts'
import { Tree } from '#ledger/tree.ts'
import { makeBallots, openElection } from '../bench/ballots.ts'
import { serve } from '../bench/program.ts'
import { type Acknowledged, castUntilGone } from './casting.ts'
import { dataFolder, ORIGIN } from './data-folder.ts'

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 50)
/** Requests under way at any time, and how many of them at least must stay unanswered for a round to count. */
const AT_ONCE = 96
const UNANSWERED = 32
/** The kill comes at a random moment up to this many milliseconds after the first acknowledgement of a life. */
const LATEST = 200
/** Ballots prepared for a round: several times what the server gets to in that time. */
const A_ROUND = 48

test(
  `${ROUNDS} times kill -9 under load: every receipt holds, and the history is one`,
  { timeout: 120_000 + ROUNDS * 60_000 },
  async () => {
    const voters = ROUNDS * A_ROUND + 2 * AT_ONCE
    const scene = openElection(2, voters)
    const waiting = await makeBallots(scene, voters, () => undefined)
    const folder = await dataFolder(scene)
    const promises: Acknowledged[] = []
    let policy: Policy | undefined
    let counted = 0
    let [size, repeated, again] = [scene.entries.length, 0, 0]
    const started: number[] = []
    while (counted < ROUNDS) {
      const start = performance.now()
      const server = await serve(folder, ORIGIN)
      started.push(performance.now() - start)
      policy ??= parsePolicy(await (await fetch(`${server.url}/log/policy`)).text())
      size = await checkPromises(server.url, policy, promises, size)

      let killed: Promise<void> | undefined
      const { acknowledged, unanswered } = await castUntilGone(server.url, waiting, AT_ONCE, ({ fresh }) => {
        if (!fresh || killed !== undefined) return
        killed = new Promise((resolve) => setTimeout(resolve, randomInt(LATEST))).then(() => server.kill())
      })
      await killed
      // Nobody knows whether these are recorded; their voters try again with the same bytes.
      waiting.unshift(...unanswered)
      for (const { entry, receipt } of acknowledged)
        expect(checkReceipt(receipt, policy, leafHash(entry)), 'receipt').toBe(true)
      promises.push(...acknowledged)
      again += acknowledged.filter(({ fresh }) => !fresh).length
      const counts = unanswered.length >= UNANSWERED && acknowledged.some(({ fresh }) => fresh)
      if (counts) counted++
      else repeated++
      expect(repeated, 'rounds without enough requests under way').toBeLessThanOrEqual(ROUNDS)
    }

    const last = await serve(folder, ORIGIN)
    try {
      if (policy === undefined) throw new Error('no round')
      await checkPromises(last.url, policy, promises, size)
      const checkpoints = promises.slice(-100).map(({ receipt }) => parseReceipt(receipt).checkpoint)
      const findings = await verifyRecord(last.url, { policy, checkpoints })
      expect(findings.filter(({ status }) => status === 'failed')).toEqual([])
      expect(findings.find(({ check }) => check === 'V8')?.status).toBe('passed')
    } finally {
      await last.stop()
    }
    const restart = started.reduce((sum, ms) => sum + ms, 0) / started.length
    console.log(
      `${counted} rounds (${repeated} repeated), ${promises.length} receipts, ${again} of ballots that a killed ` +
        `server had recorded unanswered; ${Math.round(restart)} ms a start`,
    )
  },
)

/**
 * Downloads the whole record and holds it against every receipt so far: the entry stands at its index in the same
 * bytes, the receipt's checkpoint is a beginning of this log, and no ballot stands there twice. Returns the size of
 * the log, which is at least `least` and that of every checkpoint seen.
 */
function checkPromises(
  url: string,
  policy: Policy,
  promises: readonly Acknowledged[],
  least: number,
): Promise<number> {
  return withRecord(url, async (record) => {
    const checkpoint = parseCheckpoint(record.checkpoint)
    expect(checkPolicy(policy, checkpoint)).toBe(true)
    expect(checkpoint.size).toBeGreaterThanOrEqual(least)
    const tree = new Tree()
    const leaves: string[] = []
    for await (const entry of record.entries()) {
      const leaf = leafHash(entry)
      tree.append(leaf)
      leaves.push(toHex(leaf))
    }
    expect(tree.size).toBe(checkpoint.size)
    expect(toHex(tree.root())).toBe(toHex(checkpoint.root))
    expect(new Set(leaves).size).toBe(leaves.length)
    const roots = new Map<number, string>()
    for (const { entry, index, receipt } of promises) {
      const leaf = leafHash(entry)
      expect(leaves[index], `entry ${index}`).toBe(toHex(leaf))
      const parsed = parseReceipt(receipt)
      expect(parsed.index).toBe(index)
      const promised = parseCheckpoint(parsed.checkpoint)
      expect(promised.size).toBeLessThanOrEqual(checkpoint.size)
      const root = roots.get(promised.size) ?? toHex(tree.root(promised.size))
      roots.set(promised.size, root)
      expect(toHex(promised.root), `root of ${promised.size}`).toBe(root)
    }
    return checkpoint.size
  })
}

// SPEC 7.5: the embedded engine as the server uses it: order, receipts, tiles, limits, restart.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { concat, toHex } from '#crypto/encoding.ts'
import { checkCheckpoint, parseCheckpoint } from '#ledger/checkpoint.ts'
import { openEmbedded } from '#ledger/engines/embedded.ts'
import { Busy, type Ledger } from '#ledger/engine.ts'
import { EMPTY_ROOT, leafHash } from '#ledger/merkle.ts'
import { parseVerifierKey } from '#ledger/note.ts'
import { formatLogPolicy, parsePolicy } from '#ledger/policy.ts'
import { checkReceipt } from '#ledger/proof.ts'
import { decodeEntryBundle } from '#ledger/tile.ts'
import { Tree } from '#ledger/tree.ts'

const origin = 'example.com/log'

async function openNew(): Promise<{ ledger: Ledger; folder: string }> {
  const folder = join(mkdtempSync(join(tmpdir(), 'comitia-ledger-')), 'log')
  const ledger = await openEmbedded({ folder, origin })
  onTestFinished(async () => {
    await ledger.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { ledger, folder }
}

function entryOf(number: number): Uint8Array {
  return new TextEncoder().encode(`entry ${number}`)
}

async function all(entries: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const list: Uint8Array[] = []
  for await (const entry of entries) list.push(entry)
  return list
}

describe('SPEC 7.5 an empty log', () => {
  it('has a key of its own and a signed checkpoint', async () => {
    const { ledger, folder } = await openNew()
    const checkpoint = parseCheckpoint(ledger.checkpoint())
    expect(checkpoint).toMatchObject({ origin, size: 0 })
    expect(toHex(checkpoint.root)).toBe(toHex(EMPTY_ROOT))
    expect(checkCheckpoint(checkpoint, parseVerifierKey(ledger.verifierKey))).toBe(true)
    expect(statSync(join(folder, 'log.key')).mode & 0o777).toBe(0o600)
    const { ledger: other } = await openNew()
    expect(other.verifierKey).not.toBe(ledger.verifierKey)
  })
})

describe('SPEC 7.5 appending', () => {
  it('keeps the order of the calls, side by side within a call, and answers with a checkpoint that covers them', async () => {
    const { ledger } = await openNew()
    const calls = [3, 1, 300, 2, 1, 1, 500, 4]
    let number = 0
    const answers = await Promise.all(
      calls.map((length) => ledger.append(Array.from({ length }, () => entryOf(number++)))),
    )
    let first = 0
    for (const [i, answer] of answers.entries()) {
      expect(answer.first).toBe(first)
      first += calls[i] ?? 0
      expect(parseCheckpoint(answer.checkpoint).size).toBe(answer.size)
      expect(answer.size).toBeGreaterThanOrEqual(first)
    }
    expect(ledger.size).toBe(number)
    expect(await all(ledger.entries(0, number))).toEqual(Array.from({ length: number }, (_, i) => entryOf(i)))
    const tree = new Tree()
    for (let i = 0; i < number; i++) tree.append(leafHash(entryOf(i)))
    for (const { checkpoint } of answers) {
      const { size, root } = parseCheckpoint(checkpoint)
      expect(toHex(root)).toBe(toHex(tree.root(size)))
    }
  })

  it('takes entries of 0 to 65,535 bytes, and copies them', async () => {
    const { ledger } = await openNew()
    const largest = new Uint8Array(65_535).fill(7)
    const within = new Uint8Array(100).fill(1).subarray(10, 20)
    const appended = ledger.append([new Uint8Array(0), largest, within])
    within.fill(2)
    await appended
    expect(await ledger.entry(0)).toHaveLength(0)
    expect(await ledger.entry(1)).toEqual(largest)
    expect(await ledger.entry(2)).toEqual(new Uint8Array(10).fill(1))
    await expect(ledger.append([new Uint8Array(65_536)])).rejects.toThrow('at most 65535 bytes')
    await expect(ledger.append([])).rejects.toThrow('1 to 5000 entries')
    await expect(ledger.append(Array.from({ length: 5_001 }, () => entryOf(0)))).rejects.toThrow('1 to 5000')
    expect(ledger.size).toBe(3)
  })

  it('is Busy while 5,000 entries wait, stores nothing of that call, and goes on afterwards', async () => {
    const { ledger } = await openNew()
    const calls = Array.from({ length: 5_000 }, (_, i) => ledger.append([entryOf(i)]))
    await expect(ledger.append([entryOf(9_999)])).rejects.toBeInstanceOf(Busy)
    await Promise.all(calls)
    expect(ledger.size).toBe(5_000)
    expect(await ledger.indexOf(leafHash(entryOf(9_999)))).toBeUndefined()
    expect((await ledger.append([entryOf(9_999)])).first).toBe(5_000)
  })

  it('is Busy while 64 MiB wait', async () => {
    const { ledger } = await openNew()
    const large = Array.from({ length: 1_000 }, () => new Uint8Array(65_535))
    const first = ledger.append(large)
    await expect(ledger.append(large)).rejects.toBeInstanceOf(Busy)
    expect((await first).size).toBe(1_000)
  })
})

describe('SPEC 7.5 reading', () => {
  it('gives receipts that check, tiles and bundles that hold the same tree, and finds entries', async () => {
    const { ledger } = await openNew()
    const size = 700
    await ledger.append(Array.from({ length: size }, (_, i) => entryOf(i)))
    const policy = parsePolicy(formatLogPolicy(parseVerifierKey(ledger.verifierKey)))
    for (const index of [0, 1, 255, 256, 511, 512, 699]) {
      const receipt = await ledger.receipt(index)
      expect(checkReceipt(receipt, policy, leafHash(entryOf(index)))).toBe(true)
      expect(checkReceipt(receipt, policy, leafHash(entryOf(index + 1)))).toBe(false)
      expect(await ledger.indexOf(leafHash(entryOf(index)))).toBe(index)
    }
    expect(await ledger.indexOf(leafHash(entryOf(size)))).toBeUndefined()
    // An observer: tree from tiles, entries from bundles, root from the checkpoint.
    const tiles = [await ledger.tile(0, 0), await ledger.tile(0, 1), await ledger.tile(0, 2, 188)]
    const bundles = [
      await ledger.entryBundle(0),
      await ledger.entryBundle(1),
      await ledger.entryBundle(2, 188),
    ]
    const none = new Uint8Array(0)
    const leaves = bundles.flatMap((bundle) => decodeEntryBundle(bundle ?? none)).map(leafHash)
    expect(leaves).toHaveLength(size)
    expect(toHex(concat(...leaves))).toBe(toHex(concat(...tiles.map((tile) => tile ?? none))))
    const tree = new Tree()
    for (const leaf of leaves) tree.append(leaf)
    expect(toHex(tree.root())).toBe(toHex(parseCheckpoint(ledger.checkpoint()).root))
    expect(toHex((await ledger.tile(1, 0, 2)) ?? none)).toBe(toHex(concat(tree.read(8, 0), tree.read(8, 1))))
    // What the log is too short for.
    expect(await ledger.tile(0, 2)).toBeUndefined()
    expect(await ledger.tile(0, 2, 189)).toBeUndefined()
    expect(await ledger.tile(1, 0, 3)).toBeUndefined()
    expect(await ledger.tile(0, 3, 1)).toBeUndefined()
    expect(await ledger.entryBundle(2, 189)).toBeUndefined()
    expect((await ledger.tile(0, 2, 5))?.length).toBe(5 * 32)
  })

  it('refuses places that the log does not have', async () => {
    const { ledger } = await openNew()
    await ledger.append([entryOf(0)])
    for (const index of [-1, 1, 0.5, NaN]) {
      await expect(ledger.entry(index)).rejects.toThrow('no entries')
      await expect(ledger.receipt(index)).rejects.toThrow('no entries')
      expect(await ledger.tile(0, index, 1)).toBeUndefined()
      expect(await ledger.tile(index, 0, 1)).toBeUndefined()
      expect(await ledger.entryBundle(index, 1)).toBeUndefined()
    }
    for (const width of [-1, 0, 0.5, 2, 256, NaN]) {
      expect(await ledger.tile(0, 0, width)).toBeUndefined()
      expect(await ledger.entryBundle(0, width)).toBeUndefined()
    }
    await expect(all(ledger.entries(0, 2))).rejects.toThrow('no entries 0 to 2 in a log of 1')
    await expect(all(ledger.entries(1, 0))).rejects.toThrow('no entries')
    expect(await all(ledger.entries(1, 1))).toEqual([])
  })

  it('finds the first of several equal entries', async () => {
    const { ledger } = await openNew()
    await ledger.append([entryOf(1), entryOf(2), entryOf(1)])
    await ledger.append([entryOf(2)])
    expect(await ledger.indexOf(leafHash(entryOf(1)))).toBe(0)
    expect(await ledger.indexOf(leafHash(entryOf(2)))).toBe(1)
  })
})

describe('SPEC 7.5 closing and opening again', () => {
  it('writes what is waiting, then refuses; the same key goes on with the same history', async () => {
    const { ledger, folder } = await openNew()
    const waiting = [ledger.append([entryOf(0)]), ledger.append([entryOf(1)])]
    await ledger.close()
    await Promise.all(waiting)
    await expect(ledger.append([entryOf(2)])).rejects.toThrow('the ledger is closed')
    await expect(ledger.entry(0)).rejects.toThrow('the ledger is closed')
    await ledger.close()
    const again = await openEmbedded({ folder, origin })
    expect([again.size, again.verifierKey, again.checkpoint()]).toEqual([
      2,
      ledger.verifierKey,
      ledger.checkpoint(),
    ])
    expect((await again.append([entryOf(2)])).first).toBe(2)
    expect(await again.indexOf(leafHash(entryOf(1)))).toBe(1)
    await again.close()
  })
})

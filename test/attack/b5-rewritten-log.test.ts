// B5 (SPEC 7.5): an operator drops an accepted entry, exchanges it, or changes the order, and signs the new history
// with the log's own key. An observer who holds an older checkpoint, or a voter with an older receipt, finds it out
// from the tiles that the log publishes.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import {
  checkCheckpoint,
  parseCheckpoint,
  signCheckpoint,
  type SignedCheckpoint,
} from '#ledger/checkpoint.ts'
import { openEmbedded } from '#ledger/engines/embedded.ts'
import { checkConsistency, leafHash, proveConsistency } from '#ledger/merkle.ts'
import { parseSigningKey, parseVerifierKey } from '#ledger/note.ts'
import { decodeEntryBundle } from '#ledger/tile.ts'
import { Tree } from '#ledger/tree.ts'

const origin = 'example.com/log'
const entries = Array.from({ length: 40 }, (_, i) => new TextEncoder().encode(`ballot ${i}`))

it.each([
  ['drops entry 7', entries.toSpliced(7, 1)],
  ['exchanges entry 7', entries.with(7, new TextEncoder().encode('another ballot'))],
  [
    'swaps entries 7 and 8',
    entries.with(7, entries[8] ?? new Uint8Array()).with(8, entries[7] ?? new Uint8Array()),
  ],
  ['puts an entry before entry 7', entries.toSpliced(7, 0, new TextEncoder().encode('stuffed'))],
  ['repeats entry 7', entries.toSpliced(7, 0, entries[7] ?? new Uint8Array())],
])('an operator who %s is found out', async (_, rewritten) => {
  const folder = mkdtempSync(join(tmpdir(), 'comitia-attack-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const ledger = await openEmbedded({ folder, origin })
  const { checkpoint: held } = await ledger.append(entries.slice(0, 20))
  await ledger.append(entries.slice(20))
  const published = decodeEntryBundle((await ledger.entryBundle(0, 40)) ?? new Uint8Array())
  await ledger.close()

  const key = parseVerifierKey(ledger.verifierKey)
  const secret = parseSigningKey(readFileSync(join(folder, 'log.key'), 'utf8'))
  /** What an observer does with the entries and the checkpoint it is shown now. */
  const observe = (older: SignedCheckpoint, shown: readonly Uint8Array[], newer: SignedCheckpoint) => {
    const tree = new Tree()
    for (const entry of shown) tree.append(leafHash(entry))
    const proof = proveConsistency(older.size, tree.size, tree.read)
    return (
      checkCheckpoint(older, key) &&
      checkCheckpoint(newer, key) &&
      tree.size === newer.size &&
      checkConsistency(older.size, older.root, newer.size, newer.root, proof)
    )
  }
  const older = parseCheckpoint(held)
  const honest = parseCheckpoint(ledger.checkpoint())
  expect(observe(older, published, honest)).toBe(true)

  const tree = new Tree()
  for (const entry of rewritten) tree.append(leafHash(entry))
  const forged = parseCheckpoint(signCheckpoint({ origin, size: tree.size, root: tree.root() }, secret))
  expect(checkCheckpoint(forged, key)).toBe(true)
  expect(observe(older, rewritten, forged)).toBe(false)
  // Nor do the honest entries, or any proof over them, fit the forged checkpoint.
  expect(observe(older, published, forged)).toBe(false)
  expect(
    checkConsistency(
      older.size,
      older.root,
      forged.size,
      forged.root,
      proveConsistency(older.size, tree.size, tree.read),
    ),
  ).toBe(false)
})

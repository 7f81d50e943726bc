// A data folder as an operator would have it in the middle of an election.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { openEmbedded } from '#ledger/engines/embedded.ts'
import type { Scene } from '../tally/scene.ts'

/** The name in the scene's genesis. */
export const ORIGIN = 'example.org/comitia'

/** Its ledger holds the election up to its opening, signed by the operator that it names. Removed after the test. */
export async function dataFolder(scene: Scene): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'comitia-crash-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'operator.key'), toHex(scene.operator), { mode: 0o600 })
  const ledger = await openEmbedded({ folder: join(folder, 'ledger'), origin: ORIGIN })
  await ledger.append(scene.entries)
  await ledger.close()
  return folder
}

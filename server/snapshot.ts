// A copy of ledger and database at one moment, beside them in the data folder, for `comitia backup` to seal: this process
// holds both alone, and secrets never leave by the network.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { dumpTables } from './data/dump.ts'
import { operation, type Operation } from './operation.ts'
import type { Parts } from './parts.ts'
import { Problem } from './problem.ts'

/** The copy's folder in the data folder; in it the ledger's, and the database as lines. */
const SNAPSHOT = 'snapshot'
const LEDGER = 'ledger'
const TABLES = 'tables.jsonl'

const taken = z.strictObject({ folder: z.literal(SNAPSHOT) })
export type Taken = z.output<typeof taken>

export function snapshotOperations(parts: Pick<Parts, 'board' | 'database' | 'data'>): Operation[] {
  let underWay = false
  return [
    operation(
      {
        method: 'POST',
        path: '/api/operator/snapshot',
        access: 'operator',
        summary:
          'Copies ledger and database, as they are at one moment, into a folder of the data folder; an earlier copy ' +
          'there is removed. Meanwhile nobody registers, and ballots wait.',
        parameters: {},
        query: {},
        success: [
          { status: 201, description: 'The copy is on disk.', type: 'application/json', schema: taken },
        ],
      },
      async ({ c }) => {
        if (underWay) throw new Problem('busy', 'Another copy is being made.')
        underWay = true
        try {
          await takeSnapshot(parts)
        } finally {
          underWay = false
        }
        return c.json({ folder: SNAPSHOT } satisfies Taken, 201)
      },
    ),
  ]
}

/** A claim is in the database before its entry is in the ledger, and noted there after. Since the tables stand still while
 *  the ledger is copied, the copy has every claim of its entries, and notes no entry that it does not have. */
async function takeSnapshot({
  board,
  database,
  data,
}: Pick<Parts, 'board' | 'database' | 'data'>): Promise<void> {
  const folder = join(data, SNAPSHOT)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { mode: 0o700 })
  try {
    await dumpTables(database, join(folder, TABLES), () => board.ledger.backup(join(folder, LEDGER)))
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

// Run by database.test.ts as a process of its own: `registering.ts <data folder> <roll> <claims> <side by side>`.
// Imports a roll and claims its rows; writes a line `ack <row> <commitment>` when a claim has been acknowledged,
// `failed <reason>` when the database has failed, `refused <reason>` when it does not start.
// `stock` instead of a roll: the same lines from PGlite as shipped, to show what this project does not rely on.
import { randomBytes } from 'node:crypto'
import { PGlite } from '@electric-sql/pglite'
import { openDatabase } from '#server/data/database.ts'
import { DatabaseRefused } from '#server/data/refused.ts'
import { claim, importVoters } from '#server/data/register.ts'
import { say } from './say.ts'

const [folder = '', roll = '', claims = '0', parallel = '1'] = process.argv.slice(2)
await (roll === 'stock' ? stock() : register())
process.exit()

async function register(): Promise<void> {
  const db = await openDatabase({ folder }).catch((error: unknown) => {
    if (!(error instanceof DatabaseRefused)) throw error
    say(`refused ${error.reason}`)
    process.exit(3)
  })
  void db.failed.then((error) => {
    say(`failed ${error.message}`)
    process.exit(4)
  })
  const rows = Array.from({ length: Number(claims) }, (_, i) => ({ row: `${roll}-${i}`, weight: 1n }))
  const codes = await importVoters(db, { process: 'city', roll, rows })
  say('ready')
  const run = async () => {
    for (let next = codes.shift(); next !== undefined; next = codes.shift()) {
      const commitment = randomBytes(32)
      await claim(db, { code: next.code, commitment })
      say(`ack ${next.row} ${commitment.toString('hex')}`)
    }
  }
  // A claim under way when the database fails rejects; `failed` has the reason.
  await Promise.all(Array.from({ length: Number(parallel) }, run)).catch(() => db.failed)
  await db.close()
}

async function stock(): Promise<void> {
  const database = await PGlite.create(folder)
  await database.exec('CREATE TABLE acknowledged (number integer)')
  say('ready')
  for (let i = 0; i < Number(claims); i++) {
    await database.query('INSERT INTO acknowledged VALUES ($1)', [i])
    say(`ack ${i} -`)
  }
}

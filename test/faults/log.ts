// The child of the fault tests: a process that appends numbered entries to a real ledger and says on standard output
// what was promised. Its output is written synchronously, so that a killed child has said all it promised.
// Usage: log.ts <folder> <entries> <at a time>. The entry at index i is entryOf(i) of entries.ts.
import { openEmbedded } from '#ledger/engines/embedded.ts'
import type { Ledger } from '#ledger/engine.ts'
import { entryOf, ORIGIN } from './entries.ts'
import { say } from './say.ts'

const [folder = '', total = '0', atATime = '1'] = process.argv.slice(2)

let ledger: Ledger | undefined
try {
  ledger = await openEmbedded({ folder, origin: ORIGIN })
  say(JSON.stringify({ open: ledger.size }))
  for (let i = ledger.size, end = i + Number(total); i < end; i += Number(atATime)) {
    await Promise.all(Array.from({ length: Number(atATime) }, (_, j) => append(ledger, i + j)))
  }
  await ledger.close()
  say(JSON.stringify({ closed: true }))
} catch (error) {
  say(JSON.stringify({ error: describe(error) }))
  // A ledger that has failed must refuse everything from then on.
  if (ledger !== undefined)
    await ledger
      .append([entryOf(0)])
      .catch((second: unknown) => say(JSON.stringify({ then: describe(second) })))
  // Stops as a server must after a failure: nothing is closed in an orderly way.
  process.exit(1)
}

async function append(ledger: Ledger | undefined, number: number): Promise<void> {
  const appended = await ledger?.append([entryOf(number)])
  say(JSON.stringify({ promise: { index: appended?.first, checkpoint: appended?.checkpoint } }))
}

function describe(error: unknown): { name: string; reason: unknown; message: string } {
  if (!(error instanceof Error)) throw new Error('thrown, but not an Error')
  return { name: error.name, reason: 'reason' in error ? error.reason : null, message: error.message }
}

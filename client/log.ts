// The log that a device meets: its first entry, its officials as acts changed them, and single acts, each with a receipt and
// signed by enough of those who were officials then. What only the whole record shows is checked by verifying it.
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import { parseReceipt } from '#ledger/proof.ts'
import type { Act } from '#protocol/act.ts'
import { checkApprovals } from '#protocol/approval.ts'
import { decodeEntry, type Entry } from '#protocol/entry.ts'
import { type Genesis, type LogOrigin, logOrigin } from '#protocol/genesis.ts'
import type { Officials } from '#protocol/official.ts'
import { Refusal } from '#protocol/refusal.ts'
import { Unusable } from './failure.ts'
import type { Recorded, Server } from './server.ts'

/** A log, and who were its officials from which entry on. */
export interface Log {
  readonly genesis: Genesis
  readonly log: LogOrigin
  readonly changes: readonly { readonly index: number; readonly officials: Officials }[]
}

/** The log, and its officials as these entries changed them, each change approved by those before it. Throws
 *  `Unusable('entries-unsound')` and what `Server.recorded` throws, as all of these do. */
export async function logOf(server: Server, indices: readonly number[]): Promise<Log> {
  const [first, ...changed] = await Promise.all([0, ...indices].map((index) => server.recorded(index)))
  if (first === undefined) throw new Error('no first entry')
  const [type, genesis] = entryOf(first)
  sound(type === 'genesis', 'the first entry')
  sound(originOf(first) === genesis.origin, 'the origin')
  return changed.reduce<Log>(
    (log, recorded) => {
      const act = actOf(recorded, log)
      sound(act.type === 'change-officials', 'a change of officials')
      return { ...log, changes: [...log.changes, { index: recorded.index, officials: act }] }
    },
    { genesis, log: logOrigin(genesis.origin, first.entry), changes: [] },
  )
}

/** The act in an entry of the log, signed by enough of those who were officials then.
 *  @param process the one that it must be of */
export function actOf(recorded: Recorded, { genesis, log, changes }: Log, process?: string): Act {
  const [type, signed] = entryOf(recorded)
  sound(originOf(recorded) === log.origin, 'the origin')
  sound(type === 'act' && signed.process === (process ?? signed.process), 'an act of another process')
  const officials = changes.findLast(({ index }) => index < recorded.index)?.officials
  sound(checkApprovals({ log, genesis, officials }, signed) === undefined, 'the officials’ signatures')
  return signed.act
}

/** Throws `Unusable('entries-unsound')` unless this holds.
 *  @param detail what is wrong otherwise */
export function sound(condition: boolean, detail: string): asserts condition {
  if (!condition) throw new Unusable('entries-unsound', { detail })
}

function originOf({ receipt }: Recorded): string {
  return parseCheckpoint(parseReceipt(receipt).checkpoint).origin
}

function entryOf({ entry }: Recorded): Entry {
  try {
    return decodeEntry(entry)
  } catch (error) {
    if (error instanceof Refusal) throw new Unusable('entries-unsound', { detail: error.message })
    throw error
  }
}

// An open election as a voter's device needs it, from a few entries of the ledger and their receipts, without anybody's
// ballots. What only the whole record shows (that the key is the guardians') is checked by verifying it. SPEC 8.2.
import { EncodingError, equalBytes } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import { parseReceipt } from '#ledger/proof.ts'
import type { Act, ActOf } from '#protocol/act.ts'
import { checkApprovals } from '#protocol/approval.ts'
import type { BallotContext } from '#protocol/ballot.ts'
import { checkManifest } from '#protocol/contest.ts'
import { ballotContext } from '#protocol/election.ts'
import { decodeEntry, type Entry } from '#protocol/entry.ts'
import { type Genesis, type LogOrigin, logOrigin } from '#protocol/genesis.ts'
import type { Manifest } from '#protocol/manifest.ts'
import type { Officials } from '#protocol/official.ts'
import { Refusal } from '#protocol/refusal.ts'
import { Unusable } from './failure.ts'
import { Roll } from './roll.ts'
import { bytesOf, type Recorded, type Server } from './server.ts'

/** Where an election's entries are, as the server's summary of it says. */
export interface Whereabouts {
  readonly process: string
  readonly election: string
  /** Entries that changed the officials. */
  readonly officials: readonly number[]
  readonly definition: { readonly index: number }
  readonly opening: { readonly index: number } | null
}

export interface OpenElection {
  readonly process: string
  readonly election: string
  readonly manifest: Manifest
  /** E. */
  readonly hash: Uint8Array
  readonly opening: ActOf<'open-election'>
  /** What the ballots of each contest are bound to. */
  readonly contexts: readonly BallotContext[]
}

/** A log, and who were its officials from which entry on. */
interface Log {
  readonly genesis: Genesis
  readonly log: LogOrigin
  readonly changes: readonly { readonly index: number; readonly officials: Officials }[]
}

/** The election, as its entries say and officials have signed. Throws `Unusable`: 'not-open', 'election-unsound' and what
 *  `Server.recorded` throws. */
export async function openElection(server: Server, where: Whereabouts): Promise<OpenElection> {
  const { process, election, definition, opening: opened } = where
  if (opened === null) throw new Unusable('not-open')
  const [log, defined, opening] = await Promise.all([
    logOf(server, where.officials),
    server.recorded(definition.index),
    server.recorded(opened.index),
  ])
  const definitionAct = actOf(defined, log, process)
  sound(definitionAct.type === 'define-election' && definitionAct.election === election, 'the definition')
  const act = actOf(opening, log, process)
  sound(act.type === 'open-election' && act.election === election, 'the opening')
  sound(equalBytes(act.definition, sha256(defined.entry)), 'another definition was opened')
  const { manifest } = definitionAct
  const hash = sha256(opening.entry)
  sound(checkManifest(manifest).length === 0, 'the manifest')
  sound(act.contests.length === manifest.contests.length, 'the number of contests')
  try {
    const contexts = manifest.contests.map((_, i) => ballotContext(log.log, hash, act, manifest, i))
    return { process, election, manifest, hash, opening: act, contexts }
  } catch (error) {
    if (error instanceof EncodingError) throw new Unusable('election-unsound', { detail: error.message })
    throw error
  }
}

/** The roll of that name, which is the one on which the election was opened. Throws `Unusable('roll-differs')`. */
export async function rollOf(server: Server, election: OpenElection, name: string): Promise<Roll> {
  const roll = await fetchRoll(server, election.process, name)
  const fits = election.manifest.contests.every((contest, i) => {
    const context = election.contexts[i]
    return contest.roll !== name || (context !== undefined && roll?.fits(contest, context) === true)
  })
  if (roll === undefined || !fits) throw new Unusable('roll-differs', { roll: name })
  return roll
}

/** Where a roll's freezing is, as the server's summary of an election on it says. */
export interface Frozen extends Pick<Whereabouts, 'officials'> {
  readonly index: number
}

/** The roll as it was frozen there. Throws `Unusable`: 'roll-differs', 'election-unsound' and what `Server.recorded`
 *  throws. */
export async function frozenRoll(
  server: Server,
  process: string,
  name: string,
  { index, officials }: Frozen,
): Promise<Roll> {
  const [log, freezing] = await Promise.all([logOf(server, officials), server.recorded(index)])
  const act = actOf(freezing, log, process)
  sound(act.type === 'freeze-roll' && act.roll === name, 'the freezing of the roll')
  const roll = await fetchRoll(server, process, name)
  if (roll?.isFrozenBy(act) !== true) throw new Unusable('roll-differs', { roll: name })
  return roll
}

/** The roll as the server hands it out, of which nothing is checked yet; undefined for bytes that are none. */
export async function fetchRoll(server: Server, process: string, name: string): Promise<Roll | undefined> {
  const bytes = await bytesOf(await server.send(`/api/rolls/${process}/${name}`, {}, Infinity))
  try {
    return Roll.decode(bytes)
  } catch (error) {
    if (error instanceof EncodingError) return undefined
    throw error
  }
}

/** The log, and its officials as these entries changed them, each change approved by those before it. */
async function logOf(server: Server, indices: readonly number[]): Promise<Log> {
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
function actOf(recorded: Recorded, { genesis, log, changes }: Log, process?: string): Act {
  const [type, signed] = entryOf(recorded)
  sound(originOf(recorded) === log.origin, 'the origin')
  sound(type === 'act' && signed.process === (process ?? signed.process), 'an act of another process')
  const officials = changes.findLast(({ index }) => index < recorded.index)?.officials
  sound(checkApprovals({ log, genesis, officials }, signed) === undefined, 'the officials’ signatures')
  return signed.act
}

function originOf({ receipt }: Recorded): string {
  return parseCheckpoint(parseReceipt(receipt).checkpoint).origin
}

function entryOf({ entry }: Recorded): Entry {
  try {
    return decodeEntry(entry)
  } catch (error) {
    if (error instanceof Refusal) throw new Unusable('election-unsound', { detail: error.message })
    throw error
  }
}

function sound(condition: boolean, detail: string): asserts condition {
  if (!condition) throw new Unusable('election-unsound', { detail })
}

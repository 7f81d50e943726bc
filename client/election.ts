// An open election as a voter's device needs it, from a few entries of the ledger and their receipts, without anybody's
// ballots. What only the whole record shows (that the key is the guardians') is checked by verifying it. SPEC 8.2.
import { EncodingError, equalBytes } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import type { ActOf } from '#protocol/act.ts'
import type { BallotContext } from '#protocol/ballot.ts'
import { checkManifest } from '#protocol/contest.ts'
import { ballotContext } from '#protocol/election.ts'
import type { Manifest } from '#protocol/manifest.ts'
import { Unusable } from './failure.ts'
import { actOf, logOf, sound } from './log.ts'
import { fetchRoll, type Roll } from './roll.ts'
import type { Server } from './server.ts'

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

/** The election, as its entries say and officials have signed. Throws `Unusable`: 'not-open', 'entries-unsound' and what
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
    if (error instanceof EncodingError) throw new Unusable('entries-unsound', { detail: error.message })
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

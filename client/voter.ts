// A voter's device, step by step: own place, sealing (protocol/seal.ts), proving files, proof (protocol/cast.ts), casting.
// Sealing comes before the voter chooses between challenge and cast; the proof only with the cast. SPEC 4.3, 6.
import { nullifier } from '#circuits/credential.ts'
import { CIRCUITS } from '#circuits/sizes.ts'
import { bigintToBytes, toHex } from '#crypto/encoding.ts'
import { type Ballot, ballotContent, type BallotContext } from '#protocol/ballot.ts'
import type { ProvingVoter } from '#protocol/cast.ts'
import type { OpenElection } from './election.ts'
import { Unusable } from './failure.ts'
import { type ProvingFiles, setupFiles } from './proving.ts'
import type { Roll } from './roll.ts'
import { jsonOf, type Recorded, type Server } from './server.ts'

/** A voter in one contest. */
export interface Voter extends ProvingVoter {
  /** Credentials among which this voter's votes hide: the roll's, in a weighted contest those of the same weight. */
  readonly alike: number
}

/** The voter with this secret in a contest whose roll has been compared. Throws `Unusable('not-on-roll')`. */
export function voterIn(context: BallotContext, roll: Roll, secret: bigint): Voter {
  const place = roll.place(secret)
  if (place === undefined) throw new Unusable('not-on-roll')
  const { index, weight, path, alike } = place
  return {
    secret,
    nullifier: nullifier(secret, context.scope),
    index,
    weight,
    path: path.slice(0, CIRCUITS[context.circuit].levels),
    alike: context.rule.weighted ? alike : roll.size,
  }
}

/** How many ballots of the voter are on the ledger, as the server says: the sequence number of the next. Asking tells the
 *  server the nullifier before anything is cast, so a device that knows its own ballots need not; a number that was wrong
 *  is refused with 'ballot-sequence'. */
export async function nextSequence(
  server: Server,
  { election, contest }: BallotContext,
  { nullifier: own }: Voter,
): Promise<number> {
  const path = `/api/voters/${toHex(election)}/${contest}/${toHex(bigintToBytes(own, 32))}`
  const { ballots } = await jsonOf<{ ballots: number }>(await server.send(path))
  return ballots
}

/** What proves a contest's ballots; see `setupFiles`. */
export function provingFiles(
  server: Server,
  { opening }: OpenElection,
  circuit: BallotContext['circuit'],
  onProgress?: (done: number, total: number) => void,
): Promise<ProvingFiles> {
  const setup = opening.setups.find((s) => s.circuit === circuit)
  if (setup === undefined) throw new Unusable('entries-unsound', { detail: `no keys for circuit ${circuit}` })
  return setupFiles(server, setup, onProgress)
}

/** Casts a ballot; the receipt is checked. After `Unusable('unreachable')` nobody knows whether it was recorded: casting
 *  the same ballot again gives its receipt if it was, and casts it if not. Throws `Refusal`: then it was not recorded. */
export function cast(server: Server, ballot: Ballot): Promise<Recorded> {
  return server.submit(['ballot', ballotContent(ballot)])
}

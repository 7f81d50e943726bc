// A voter's device: credential, registration, own leaf, sealing, proof, cast, receipt. SPEC 4, 6.
import { commitment, nullifier, type RollTree, leaf, rollTree, treePath } from '#circuits/roll.ts'
import { CIRCUITS } from '#circuits/sizes.ts'
import { hashToField } from '#crypto/hash.ts'
import { ballotContent, bodyHash } from '#protocol/ballot.ts'
import { proveBallot } from '#protocol/cast.ts'
import { seal } from '#protocol/seal.ts'
import { formatTracker } from '#protocol/tracker.ts'
import type { ElectionState, RecordState, RollState } from '#tally/state.ts'
import { Unusable } from './failure.ts'
import type { Recorded, Server } from './server.ts'

/** The credential secret s of a 32-byte seed. SPEC 4.1. */
export function credentialSecret(seed: Uint8Array): bigint {
  return hashToField('credential', seed)
}

/** Trees of the rolls of one record, each built once. */
export class Rolls {
  readonly #trees = new Map<string, RollTree>()

  /** Place and path of a credential, found in the frozen roll that this device rebuilt itself. Throws `Unusable`. */
  find(roll: RollState, secret: bigint, levels: number): { index: number; weight: bigint; path: bigint[][] } {
    const index = roll.places.get(commitment(secret))
    const credential = index === undefined ? undefined : roll.credentials[index]
    if (index === undefined || credential === undefined) throw new Unusable('not-on-roll')
    const name = `${levels}/${roll.frozen?.root ?? ''}`
    const tree =
      this.#trees.get(name) ??
      rollTree(
        roll.credentials.map((c) => leaf(c.commitment, c.weight)),
        levels,
      )
    this.#trees.set(name, tree)
    return { index, weight: credential.weight, path: treePath(tree, index) }
  }
}

/** Casts one ballot and gives its tracker and checked receipt. `values` has one value per used slot. */
export async function cast(
  server: Server,
  state: RecordState,
  rolls: Rolls,
  election: ElectionState,
  index: number,
  secret: bigint,
  values: readonly bigint[],
): Promise<Recorded & { tracker: string }> {
  const contest = election.contests[index]
  const described = election.manifest.contests[index]
  const roll = state.processes.get(election.process)?.rolls.get(described?.roll ?? '')
  if (contest === undefined || roll === undefined) throw new Unusable('not-open')
  const { context } = contest
  const place = rolls.find(roll, secret, CIRCUITS[context.circuit].levels)
  const own = nullifier(secret, context.scope)
  const sequence = contest.voters.get(own)?.ballots ?? 0
  const sealing = seal(context, { nullifier: own, weight: place.weight }, sequence, values)
  const setup = election.opening?.act.setups.find((s) => s.circuit === context.circuit)
  if (setup === undefined) throw new Unusable('not-open')
  const files = {
    witnessCode: await server.file(setup.witnessCode),
    provingKey: await server.file(setup.provingKey),
  }
  const ballot = await proveBallot(context, sealing, { secret, nullifier: own, ...place }, files)
  const recorded = await server.submit(['ballot', ballotContent(ballot)])
  return { ...recorded, tracker: formatTracker(bodyHash(ballot.body)) }
}

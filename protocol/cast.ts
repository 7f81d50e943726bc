// From a sealed body to a ballot that can be cast: the one proof that the voter's device makes. SPEC 6.2, 6.5.
import { assignment } from '#circuits/ballot.ts'
import { prove, readyProver } from '#circuits/prove.ts'
import { CIRCUITS } from '#circuits/sizes.ts'
import { type Ballot, ballotStatement, type BallotContext } from './ballot.ts'
import { batchedRandomness, claims, type Sealing } from './seal.ts'

/** A voter's secret, nullifier in the contest, and place in its roll. */
export interface ProvingVoter {
  readonly secret: bigint
  readonly nullifier: bigint
  readonly weight: bigint
  /** Place in the roll, and the three siblings at each level of the circuit's tree. */
  readonly index: number
  readonly path: readonly (readonly bigint[])[]
}

export { readyProver }

/** The ballot of a sealing, proven. `files` are the witness code and proving key whose hashes the opening names; the
 *  caller has compared them. Rejects if the voter is not in the roll or the vote breaks the rule. */
export async function proveBallot(
  context: BallotContext,
  sealing: Sealing,
  voter: ProvingVoter,
  files: { readonly witnessCode: Uint8Array; readonly provingKey: Uint8Array },
): Promise<Ballot> {
  const { body, nullifierKey, weight, salt } = sealing
  const { secret, nullifier, index, path } = voter
  const envelope = { nullifier, nullifierKey, claims: claims(context, sealing), proof: new Uint8Array(256) }
  const { statement } = ballotStatement(context, { body, envelope })
  const { slots } = CIRCUITS[context.circuit]
  const values = Array.from({ length: slots }, (_, slot) => sealing.values[slot] ?? 0n)
  const R = batchedRandomness(context, sealing)
  const secrets = { secret, weight, index, path, values, R, salt }
  const input = assignment(context.circuit, statement, secrets)
  const { proof } = await prove(files.witnessCode, files.provingKey, input)
  return { body, envelope: { ...envelope, proof } }
}

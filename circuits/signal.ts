// Membership in a roll, a nullifier and a bound message, for every repeatable or signed act but a ballot (SPEC 4.3).
import type { Assignment, BallotSecrets } from './ballot.ts'

export interface SignalStatement {
  scope: bigint
  /** The 12-level root of the roll. */
  root: bigint
  nullifier: bigint
  /** Hash to the field of everything the act says. */
  message: bigint
}

/** The proof's public inputs in the circuit's order: scope, root, nullifier, message. */
export function signalInputs({ scope, root, nullifier, message }: SignalStatement): bigint[] {
  return [scope, root, nullifier, message]
}

/** All inputs of the witness program; the path has 12 levels. */
export function signalAssignment(
  { scope, root, nullifier, message }: SignalStatement,
  { secret, weight, index, path }: Pick<BallotSecrets, 'secret' | 'weight' | 'index' | 'path'>,
): Assignment {
  return {
    scope,
    root,
    nullifier,
    message,
    secret,
    weight,
    index: BigInt(index),
    path: path.map((siblings) => [...siblings]),
  }
}

// What a voter's secret is known by: the credential's commitment and nullifiers (SPEC 4.1, 4.3). Every use of Poseidon has
// its own tag or arity (SPEC 2.4), so that no organiser can make two uses collide.
import { poseidon } from './poseidon.ts'

const COMMITMENT = 1n
const NULLIFIER = 3n

/** The public commitment C = P(1, s) to the credential secret s. */
export function commitment(secret: bigint): bigint {
  return poseidon([COMMITMENT, secret])
}

/** The nullifier N = P(3, s, scope): one for each scope, unlinkable across scopes. */
export function nullifier(secret: bigint, scope: bigint): bigint {
  return poseidon([NULLIFIER, secret, scope])
}

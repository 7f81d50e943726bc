// The commitment to a ballot's values and weight that fixes them before the challenges are drawn (SPEC 6.5). Apart from
// ballot.ts because only sealing and opening need Poseidon; proof workers check ballots without it.
import { poseidon } from './poseidon.ts'
import { type BallotCircuit, CIRCUITS, PACKED, VALUE_BITS } from './sizes.ts'

const BALLOT = 4n

/** com = P(4, packed values..., w, salt), 15 values of 16 bits to an element, the first in the lowest bits. */
export function ballotCommitment(
  circuit: BallotCircuit,
  values: readonly bigint[],
  weight: bigint,
  salt: bigint,
): bigint {
  if (values.length !== CIRCUITS[circuit].slots) throw new RangeError('one value for each slot')
  if (values.some((v) => v < 0n || v >> BigInt(VALUE_BITS) !== 0n))
    throw new RangeError('a value is too large')
  const packed: bigint[] = []
  for (let i = 0; i < values.length; i += PACKED)
    packed.push(values.slice(i, i + PACKED).reduceRight((sum, v) => (sum << BigInt(VALUE_BITS)) + v, 0n))
  return poseidon([BALLOT, ...packed, weight, salt])
}

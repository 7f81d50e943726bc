// Lists of voters on their way into the register, and who leaves it, known by hashes that two officials sign (SPEC 4.4). The hash is keyed with
// what the server keeps to itself: from the record nobody can try names against it.
import { createHmac } from 'node:crypto'
import { concat, toHex } from '#crypto/encoding.ts'
import { encodeCbor } from '#protocol/codec.ts'
import type { RecordState } from '#tally/state.ts'
import type { RollName } from './data/register.ts'
import type { Operator } from './operator.ts'
import { Problem } from './problem.ts'

/** The hash of a list for a roll, 32 bytes. */
export function hashList(
  { key }: Pick<Operator, 'key'>,
  { process, roll }: RollName,
  csv: Uint8Array,
): Uint8Array {
  const own = createHmac('sha256', key).update('lists of voters').digest()
  const place = encodeCbor([process, roll])
  return new Uint8Array(createHmac('sha256', own).update(concat(place, csv)).digest())
}

/** The hash of somebody who leaves the list of a roll, 32 bytes. */
export function hashUnlisted(
  { key }: Pick<Operator, 'key'>,
  { process, roll, row }: RollName & { readonly row: string },
): Uint8Array {
  const own = createHmac('sha256', key).update('voters off a list').digest()
  return new Uint8Array(
    createHmac('sha256', own)
      .update(encodeCbor([process, roll, row]))
      .digest(),
  )
}

/** Whether the record says that officials have agreed to this list, and nobody has left its roll since. */
export function isSigned({ processes }: RecordState, process: string, list: Uint8Array): boolean {
  return processes.get(process)?.lists.has(toHex(list)) === true
}

/** Throws `Problem` unless they have. */
export function checkSigned(state: RecordState, process: string, list: Uint8Array): void {
  if (!isSigned(state, process, list))
    throw new Problem('list-not-signed', 'Two officials agree to a list before it is brought in.')
}

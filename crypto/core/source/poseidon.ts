// SPDX-License-Identifier: MIT
// The Poseidon permutation (Grassi, Khovratovich, Rechberger, Roy, Schofnegger, USENIX Security 2021) with x^5 and 4 + 4
// full rounds, over a table that crypto/core/poseidon-table.ts makes. What it does depends on the number of elements and
// on whether they are canonical, never on their values: no branch and no address does, here or in the field below.
import { dot } from './fr-dot.ts'
import { add, BYTES, fromBytes, mul, reduce, sqr, toBytes, zero } from './fr.ts'

/** Full rounds on each side of the partial ones. */
const SIDE: usize = 4

/** Room for a state of up to 13 elements. */
const STATE: usize = memory.data(468)
const NEXT: usize = memory.data(468)
const POWER: usize = memory.data(36)

/** Decodes a table's elements, 32 bytes each; false if one is not canonical. */
export function decodeElements(elements: usize, bytes: usize, count: usize): bool {
  for (let i: usize = 0; i < count; i++) {
    if (!fromBytes(elements + i * BYTES, bytes + i * 32)) return false
  }
  return true
}

/** The hash of t - 1 elements of 32 bytes each, over a capacity of 0, as 32 bytes; false if one is not canonical. */
export function poseidon(hash: usize, inputs: usize, t: usize, partial: usize, table: usize): bool {
  zero(STATE)
  if (!decodeElements(STATE + BYTES, inputs, t - 1)) return false
  permute(t, partial, table)
  toBytes(hash, STATE)
  return true
}

/** STATE through all rounds. The table holds constants of the first full rounds, the matrix, the partial rounds, a matrix
 *  for after them, and constants of the last full rounds. */
function permute(t: usize, partial: usize, table: usize): void {
  const row = t * BYTES
  const matrix = table + SIDE * row
  const sparse = matrix + t * row
  const after = sparse + partial * 2 * row
  const last = after + t * row
  for (let r: usize = 0; r < SIDE; r++) fullRound(t, table + r * row, matrix)
  for (let r: usize = 0; r < partial; r++) partialRound(t, sparse + r * 2 * row)
  mix(t, after)
  for (let r: usize = 0; r < SIDE; r++) fullRound(t, last + r * row, matrix)
}

function fullRound(t: usize, constants: usize, matrix: usize): void {
  for (let i: usize = 0; i < t * BYTES; i += BYTES) raise(STATE + i, constants + i)
  mix(t, matrix)
}

/** With a round of a constant, a row and a column less its first: x0 = row (x0 + c)^5 || z, z += column (x0 + c)^5. */
function partialRound(t: usize, round: usize): void {
  raise(STATE, round)
  dot(NEXT, round + BYTES, STATE, i32(t))
  const column = round + t * BYTES
  for (let i: usize = BYTES; i < t * BYTES; i += BYTES) {
    mul(POWER, STATE, column + i)
    add(POWER, POWER, STATE + i)
    reduce(STATE + i, POWER)
  }
  memory.copy(STATE, NEXT, BYTES)
}

/** x = (x + c)^5. */
function raise(x: usize, c: usize): void {
  add(x, x, c)
  sqr(POWER, x)
  sqr(POWER, POWER)
  mul(x, x, POWER)
}

/** STATE = matrix STATE. */
function mix(t: usize, matrix: usize): void {
  for (let i: usize = 0; i < t; i++) dot(NEXT + i * BYTES, matrix + i * t * BYTES, STATE, i32(t))
  memory.copy(STATE, NEXT, t * BYTES)
}

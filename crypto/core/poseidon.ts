// SPDX-License-Identifier: MIT
// Poseidon over the scalar field of BN254 with circomlib's constants, on the core. Once an input is in the core, neither a
// branch nor an address depends on its value (source/poseidon.ts).
import { core } from './instance.ts'
import { poseidonTable } from './poseidon-table.ts'

/**
 * The hash of 1 to 12 field elements: the first element of the final state; the capacity starts at 0. RangeError for
 * other numbers of inputs and for inputs outside [0, p). The first hash of each number of inputs makes its table, which
 * takes some milliseconds.
 */
export function poseidon(inputs: readonly bigint[]): bigint {
  const { t, partial, address } = tableFor(inputs.length)
  const at = (buffer ??= core.allocate(MOST * ELEMENT))
  const view = new DataView(core.memory.buffer, at, MOST * ELEMENT)
  for (const [i, input] of inputs.entries()) write(view, i * ELEMENT, input)
  if (core.poseidon(at, at, t, partial, address) === 0) throw new RangeError('not a field element')
  return read(view)
}

/** Bytes of an encoded element, and in the core. */
const ELEMENT = 32
const LIMBS = 36

/** Most inputs. */
const MOST = 12

interface Loaded {
  readonly t: number
  readonly partial: number
  readonly address: number
}

/** By the number of inputs. */
const tables = new Map<number, Loaded>()
let buffer: number | undefined

function tableFor(inputs: number): Loaded {
  const known = tables.get(inputs)
  if (known !== undefined) return known
  const { t, partial, elements } = poseidonTable(inputs)
  const address = core.allocate(elements.length * LIMBS)
  const scratch = (buffer ??= core.allocate(MOST * ELEMENT))
  for (const [i, element] of elements.entries()) {
    write(new DataView(core.memory.buffer, scratch, ELEMENT), 0, element)
    if (core.decodeElements(address + i * LIMBS, scratch, 1) === 0) throw new Error('not a field element')
  }
  const loaded = { t, partial, address }
  tables.set(inputs, loaded)
  const answer = KNOWN[inputs]
  if (answer !== undefined && poseidon(Array.from({ length: inputs }, (_, i) => BigInt(i + 1))) !== answer) {
    throw new Error('the core computes wrongly on this machine')
  }
  return loaded
}

/** Hashes of 1, 2 and of 1, 2, 3, 4, from the vectors of the paper's authors. */
const KNOWN: Readonly<Record<number, bigint>> = {
  2: 0x115cc0f5e7d690413df64c6b9662e9cf2a3617f2743245519e19607a4417189an,
  4: 0x299c867db6c1fdd79dcefa40e4510b9837e60ebb1ce0663dbaa525df65250465n,
}

/** 32 bytes, most significant first. RangeError unless 256 bits hold it. */
function write(view: DataView, at: number, value: bigint): void {
  if (value >> 256n !== 0n) throw new RangeError('not a field element')
  for (let word = 0; word < 4; word++) view.setBigUint64(at + 8 * word, value >> BigInt(192 - 64 * word))
}

function read(view: DataView): bigint {
  return [0, 8, 16, 24].reduce((value, at) => (value << 64n) | view.getBigUint64(at), 0n)
}

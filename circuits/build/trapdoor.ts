// Keys of the development setup (SPEC 10.3), computed from the known secrets in seconds: byte for byte what `snarkjs
// groth16 setup` makes in minutes from the development powers of tau (Groth 2016, eprint 2016/260, section 3.2, with
// gamma = delta = 1 until the first contribution), and that with the development setup's one contribution.
import { blake2b } from '@noble/hashes/blake2.js'
import { bn254_Fr as Fr } from '@noble/curves/bn254.js'
import { COORDINATE_ORDER } from '#crypto/bn254.ts'
import { EncodingError, bigintToBytes, bytesToBigint, concat } from '#crypto/encoding.ts'
import { formatContainer, parseContainer, section, uint32 } from '#circuits/container.ts'
import { bn254 } from '#circuits/curve.ts'
import { type Transcript, contribution, formatTranscript } from '#circuits/transcript.ts'
import { ALPHA, BETA, DELTA } from './development.ts'
import { multiples } from './multiples.ts'
import { lagrange, powersOfTau } from './powers.ts'

/** Under this name the development setup contributes. */
export const DEVELOPMENT_NAME = 'development setup'

/** The .zkey with no contribution for an .r1cs file whose domain is at most 2^14. EncodingError on other bytes. */
export async function initialDevelopmentKey(r1cs: Uint8Array): Promise<Uint8Array> {
  return makeKey(r1cs, 1n, (transcript) => transcript)
}

/** The .zkey after the development setup's contribution: the key of everything that nobody held a ceremony for. */
export async function developmentKey(r1cs: Uint8Array): Promise<Uint8Array> {
  return makeKey(r1cs, DELTA, ({ circuit }) => {
    const only = contribution({ circuit, contributions: [] }, DEVELOPMENT_NAME, DELTA)
    return { circuit, contributions: [only] }
  })
}

/** IC of the key with gamma = 1, as multiples of the generator: of the constant 1, then of each public signal. */
export function publicExponents(r1cs: Uint8Array): bigint[] {
  const circuit = parseR1cs(r1cs)
  return exponents(circuit).k.slice(0, circuit.publics + 1)
}

async function makeKey(
  r1cs: Uint8Array,
  delta: bigint,
  contribute: (initial: Transcript) => Transcript,
): Promise<Uint8Array> {
  const circuit = parseR1cs(r1cs)
  const { wires, publics } = circuit
  const { power, a, b, k } = exponents(circuit)
  const size = 2 ** power
  const powers = powersOfTau(2 * size - 1)
  const vanishing = powers.slice(0, size - 1).map((value, i) => Fr.sub(powers[i + size] ?? 0n, value))
  const inverse = Fr.inv(delta)
  const odd = lagrange(power + 1).filter((_, i) => i % 2 === 1)

  // snarkjs hashes the initial key, whatever delta is: (1, 1) for delta, L undivided, and for H the powers of tau times
  // the vanishing polynomial.
  const g1 = await points('G1', {
    alpha: [ALPHA],
    beta: [BETA],
    one: [1n],
    delta: [delta],
    ic: k.slice(0, publics + 1),
    undivided: k.slice(publics + 1),
    l: k.slice(publics + 1).map((value) => Fr.mul(value, inverse)),
    a,
    b,
    h: odd.map((value) => Fr.mul(value, inverse)),
    vanishing,
  })
  const g2 = await points('G2', { beta: [BETA], gamma: [1n], delta: [delta], b })

  const { G1, G2 } = await bn254({ singleThread: true })
  const hash = blake2b.create({ dkLen: 64 })
  for (const bytes of [g1.alpha, g1.beta]) hash.update(await G1.batchLEMtoU(bytes))
  for (const bytes of [g2.beta, g2.gamma]) hash.update(await G2.batchLEMtoU(bytes))
  hash.update(await G1.batchLEMtoU(g1.one)).update(await G2.batchLEMtoU(g2.gamma))
  for (const bytes of [g1.ic, g1.vanishing, g1.undivided, g1.a, g1.b]) {
    hash.update(bigEndian32(bytes.length / 64)).update(await G1.batchLEMtoU(bytes))
  }
  hash.update(bigEndian32(wires)).update(await G2.batchLEMtoU(g2.b))

  const sizes = concat(uint32(wires), uint32(publics), uint32(size))
  return formatContainer(
    'zkey',
    new Map([
      [1, uint32(1)],
      [2, concat(FIELDS, sizes, g1.alpha, g1.beta, g2.beta, g2.gamma, g1.delta, g2.delta)],
      [4, coefficients(circuit)],
      [3, g1.ic],
      [9, g1.h],
      [8, g1.l],
      [5, g1.a],
      [6, g1.b],
      [7, g2.b],
      [10, formatTranscript(contribute({ circuit: hash.digest(), contributions: [] }))],
    ]),
  )
}

/** One side of a constraint: sum of coefficient x wire. */
type Combination = readonly (readonly [wire: number, coefficient: bigint])[]
type Constraint = readonly [a: Combination, b: Combination, c: Combination]

interface Circuit {
  wires: number
  /** Public outputs and inputs: wires 1 to `publics`; wire 0 is the constant 1. */
  publics: number
  constraints: Constraint[]
}

/** For each wire s A_s(tau), B_s(tau) and beta A_s(tau) + alpha B_s(tau) + C_s(tau), and the domain's size 2^power. */
function exponents(circuit: Circuit): { power: number; a: bigint[]; b: bigint[]; k: bigint[] } {
  const power = Math.floor(Math.log2(circuit.constraints.length + circuit.publics)) + 1
  if (power > 14) throw new Error('development keys serve domains up to 2^14')
  const [a, b, c] = evaluate(circuit, lagrange(power))
  const k = a.map((value, s) => Fr.add(Fr.add(Fr.mul(BETA, value), Fr.mul(ALPHA, b[s] ?? 0n)), c[s] ?? 0n))
  return { power, a, b, k }
}

/** A_s(tau), B_s(tau), C_s(tau) for each wire s. Each public wire is its own constraint s * 0 = 0 after the others. */
function evaluate(
  { wires, publics, constraints }: Circuit,
  basis: readonly bigint[],
): [bigint[], bigint[], bigint[]] {
  const sides = [0, 1, 2].map(() => new Array<bigint>(wires).fill(0n)) as [bigint[], bigint[], bigint[]]
  for (const [i, constraint] of constraints.entries()) {
    for (const [j, side] of sides.entries()) {
      for (const [wire, coefficient] of constraint[j] ?? []) {
        side[wire] = ((side[wire] ?? 0n) + coefficient * (basis[i] ?? 0n)) % Fr.ORDER
      }
    }
  }
  for (let s = 0; s <= publics; s++) {
    sides[0][s] = Fr.add(sides[0][s] ?? 0n, basis[constraints.length + s] ?? 0n)
  }
  return sides
}

/** Section 4: (matrix, constraint, wire, value R^2) of A and B, R = 2^256, as the prover's arithmetic wants them. */
function coefficients({ publics, constraints }: Circuit): Uint8Array {
  const entries: (readonly [matrix: number, constraint: number, wire: number, value: bigint])[] = []
  for (const [i, [a, b]] of constraints.entries()) {
    for (const [wire, value] of a) entries.push([0, i, wire, value])
    for (const [wire, value] of b) entries.push([1, i, wire, value])
  }
  for (let s = 0; s <= publics; s++) entries.push([0, constraints.length + s, s, 1n])
  const bytes = new Uint8Array(4 + 44 * entries.length)
  bytes.set(uint32(entries.length))
  for (const [i, [matrix, constraint, wire, value]] of entries.entries()) {
    const entry = concat(
      uint32(matrix),
      uint32(constraint),
      uint32(wire),
      littleEndian(Fr.mul(value, R_SQUARED)),
    )
    bytes.set(entry, 4 + 44 * i)
  }
  return bytes
}

/** Sections 1 (header) and 2 (constraints) of iden3's r1cs format. */
function parseR1cs(bytes: Uint8Array): Circuit {
  const sections = parseContainer('r1cs', bytes)
  const header = viewOf(section(sections, 1))
  const modulus = section(sections, 1).slice(4, 36).reverse()
  if (header.getUint32(0, true) !== 32 || bytesToBigint(modulus) !== Fr.ORDER) {
    throw new EncodingError('the circuit is not over the scalar field of BN254')
  }
  const data = section(sections, 2)
  const view = viewOf(data)
  let at = 0
  const combination = (): Combination => {
    const terms = view.getUint32(at, true)
    at += 4
    return Array.from({ length: terms }, () => {
      const wire = view.getUint32(at, true)
      const value = bytesToBigint(data.slice(at + 4, at + 36).reverse())
      at += 36
      return [wire, value] as const
    })
  }
  return {
    wires: header.getUint32(36, true),
    publics: header.getUint32(40, true) + header.getUint32(44, true),
    constraints: Array.from({ length: header.getUint32(60, true) }, (): Constraint => [
      combination(),
      combination(),
      combination(),
    ]),
  }
}

/** The multiples of the generator by all the lists' scalars, made in one go. */
async function points<Name extends string>(
  group: 'G1' | 'G2',
  lists: Record<Name, readonly bigint[]>,
): Promise<Record<Name, Uint8Array>> {
  const bytes = await multiples(group, Object.values<readonly bigint[]>(lists).flat())
  let at = 0
  const cut = Object.entries<readonly bigint[]>(lists).map(([name, { length }]) => {
    const start = at
    at += length * (group === 'G1' ? 64 : 128)
    return [name, bytes.subarray(start, at)]
  })
  return Object.fromEntries(cut) as Record<Name, Uint8Array>
}

const R_SQUARED = Fr.pow(2n, 512n)
/** Bytes and order of the coordinates' field, then of the scalars'. */
const FIELDS = concat(uint32(32), littleEndian(COORDINATE_ORDER), uint32(32), littleEndian(Fr.ORDER))

function littleEndian(value: bigint): Uint8Array {
  return bigintToBytes(value, 32).reverse()
}

function bigEndian32(value: number): Uint8Array {
  return bigintToBytes(BigInt(value), 4)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

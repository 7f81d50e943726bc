// Phase 1 of the setup: powers of tau (SPEC 10.2). Either a file of a public ceremony, known by its hash, or the
// development setup's own, whose secrets everybody knows.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { bn254_Fr } from '@noble/curves/bn254.js'
import { COORDINATE_ORDER } from '#crypto/bn254.ts'
import { bigintToBytes, concat } from '#crypto/encoding.ts'
import { formatContainer, uint32 } from '#circuits/container.ts'
import { ALPHA, BETA, TAU } from './development.ts'
import type { GroupName } from './multiplier.ts'
import { multiples } from './multiples.ts'

/**
 * BLAKE2b-512 of the "Perpetual Powers of Tau" files that Hermez closed with a beacon (powersOfTau28_hez_final_NN.ptau,
 * table in the README of iden3/snarkjs), by the power of two that they serve.
 */
const HERMEZ: Readonly<Record<number, string>> = {
  12: 'ded2694169b7b08e898f736d5de95af87c3f1a64594013351b1a796dbee393bd825f88f9468c84505ddd11eb0b1465ac9b43b9064aa8ec97f2b73e04758b8a4a',
  13: '58efc8bf2834d04768a3d7ffcd8e1e23d461561729beaac4e3e7a47829a1c9066d5320241e124a1a8e8aa6c75be0ba66f65bc8239a0542ed38e11276f6fdb4d9',
  14: 'eeefbcf7c3803b523c94112023c7ff89558f9b8e0cf5d6cdcba3ade60f168af4a181c9c21774b94fbae6c90411995f7d854d02ebd93fb66043dbb06f17a831c1',
}

/** Which phase 1 a file is, by its BLAKE2b-512: "Hermez 2^14", or undefined for one that nobody here knows. */
export function knownPowers(blake2b: string): string | undefined {
  const power = Object.keys(HERMEZ).find((power) => HERMEZ[Number(power)] === blake2b)
  return power === undefined ? undefined : `Hermez 2^${power}`
}

/** BLAKE2b-512 of a file, in hexadecimal. */
export async function powersHash(path: string): Promise<string> {
  const hash = createHash('blake2b512')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/**
 * The .ptau file of the development setup for domains up to 2^power. Of the powers themselves sections 3 to 5 are cut to
 * their first entries, which is all that anybody reads who makes or verifies a key. `prepared` adds the Lagrange bases at
 * tau, as `snarkjs powersoftau prepare phase2` would, here from the known tau: only making a key by snarkjs reads them.
 */
export async function developmentPowers(power: number, { prepared = false } = {}): Promise<Uint8Array> {
  const parts: Part[] = [
    [2, 'G1', powersOfTau(2 ** (power + 1) - 1)],
    [3, 'G2', powersOfTau(2)],
    [4, 'G1', [ALPHA]],
    [5, 'G1', [BETA]],
    [6, 'G2', [BETA]],
    ...(prepared ? bases(power) : []),
  ]
  const head: [number, Uint8Array][] = [[1, header(power)]]
  const contributions: [number, Uint8Array][] = [[7, uint32(0)]]
  const points = [...(await pointsOf('G1', parts)), ...(await pointsOf('G2', parts))]
  return formatContainer('ptau', new Map([...head, ...points, ...contributions]))
}

type Part = readonly [section: number, group: GroupName, scalars: readonly bigint[]]

const Fr = bn254_Fr
/** 5^((p - 1) / 2^28): the root of unity of order 2^28 from which snarkjs takes its domains. */
const ROOT_OF_UNITY = Fr.pow(5n, (Fr.ORDER - 1n) >> 28n)

/** The Lagrange bases of all levels up to the power, and in section 12 of the next one too. */
function bases(power: number): Part[] {
  const levels = Array.from({ length: power + 2 }, (_, level) => lagrange(level))
  const upTo = (last: number, factor = 1n) =>
    levels.slice(0, last + 1).flatMap((basis) => basis.map((value) => Fr.mul(value, factor)))
  return [
    [12, 'G1', upTo(power + 1)],
    [13, 'G2', upTo(power)],
    [14, 'G1', upTo(power, ALPHA)],
    [15, 'G1', upTo(power, BETA)],
  ]
}

/** L_i(tau) for i < N = 2^level: z w^i / (N (tau - w^i)) with z = tau^N - 1 and w of order N. */
export function lagrange(level: number): bigint[] {
  const size = 2 ** level
  const w = Fr.pow(ROOT_OF_UNITY, 1n << BigInt(28 - level))
  const domain = [1n]
  while (domain.length < size) domain.push(Fr.mul(domain.at(-1) ?? 0n, w))
  const inverses = Fr.invertBatch(domain.map((point) => Fr.sub(TAU, point)))
  const scale = Fr.div(Fr.sub(Fr.pow(TAU, BigInt(size)), 1n), BigInt(size))
  return domain.map((point, i) => Fr.mul(Fr.mul(scale, point), inverses[i] ?? 0n))
}

/** 1, tau, tau^2, ... */
export function powersOfTau(count: number): bigint[] {
  const powers = [1n]
  while (powers.length < count) powers.push(Fr.mul(powers.at(-1) ?? 0n, TAU))
  return powers
}

/** The bytes of all sections of one group, made in one go. */
async function pointsOf(group: GroupName, parts: readonly Part[]): Promise<Map<number, Uint8Array>> {
  const mine = parts.filter(([, of]) => of === group)
  const bytes = await multiples(
    group,
    mine.flatMap(([, , scalars]) => scalars),
  )
  const sections = new Map<number, Uint8Array>()
  let at = 0
  for (const [id, , { length }] of mine) {
    const end = at + length * (group === 'G1' ? 64 : 128)
    sections.set(id, bytes.subarray(at, end))
    at = end
  }
  return sections
}

/** Section 1: size and order of the coordinates' field, little-endian; power reached, power of the whole ceremony. */
function header(power: number): Uint8Array {
  const order = bigintToBytes(COORDINATE_ORDER, 32).reverse()
  return concat(uint32(order.length), order, uint32(power), uint32(power))
}

// The transcript of phase 2 of the setup (SPEC 10.2): section 10 of a .zkey file, the chain of contributions of
// Bowe, Gabizon and Miers (eprint 2017/1050) as snarkjs writes it. One honest contributor makes the key sound.
import { blake2b } from '@noble/hashes/blake2.js'
import {
  type G1,
  type G2,
  G1_GENERATOR,
  G2_GENERATOR,
  coordinates,
  decodeG1,
  decodeG2,
  equalPoints,
  isProper,
  negateG1,
  pairingProductIsOne,
} from '#crypto/bn254.ts'
import { EncodingError, concat, equalBytes, fromHex } from '#crypto/encoding.ts'
import type { VerificationKey } from '#crypto/groth16.ts'
import { hashToBytes, sha256 } from '#crypto/hash.ts'
import { uint32 } from './container.ts'
import { Draw, decodePoint, encodePoint, hashedPoint, multiplyPoint } from './points.ts'

/** Points as in points.ts: x || y, big-endian. The contribution's secret is x, delta after it is x times the one before. */
export interface Contribution {
  /** delta in G1 after this contribution. */
  deltaAfter: Uint8Array
  /** s and x s in G1. */
  s: Uint8Array
  sx: Uint8Array
  /** x r in G2, where r is drawn from `hash`. */
  rx: Uint8Array
  /** BLAKE2b-512 of everything before and of s and x s. */
  hash: Uint8Array
  /** At most 64 characters; empty if the file has none. */
  name: string
  /** Where x follows from a public value. */
  beacon?: Beacon
}

/** A public value, to which SHA-256 is applied 2^iterations times. */
export interface Beacon {
  iterations: number
  value: Uint8Array
}

/** What a transcript says. */
export interface Transcript {
  /** BLAKE2b-512 of the initial key: circuit and phase 1. */
  circuit: Uint8Array
  contributions: Contribution[]
}

/** Who stands behind a setup. */
export interface SetupSummary {
  /** Names of those whose secrets protect the key, in the order of their contributions. */
  contributors: string[]
  /** Whether a beacon closes the ceremony. */
  beacon: boolean
  /** The secrets are public: phase 1 is the development setup's, or nobody has contributed but beacons and it. */
  development: boolean
}

/** EncodingError unless the bytes are exactly one transcript in the form that snarkjs writes. */
export function parseTranscript(bytes: Uint8Array): Transcript {
  const reader = new Reader(bytes)
  const circuit = reader.take(64)
  const contributions: Contribution[] = []
  for (let left = reader.uint32(); left > 0; left--) contributions.push(parseContribution(reader))
  if (!reader.ended) throw new EncodingError('the transcript goes on after its last contribution')
  return { circuit, contributions }
}

/** The opposite of `parseTranscript`. */
export function formatTranscript({ circuit, contributions }: Transcript): Uint8Array {
  return concat(circuit, uint32(contributions.length), ...contributions.map(formatContribution))
}

/**
 * What is wrong with a transcript under a key, in sentences; empty if nothing is. It follows from an empty list that
 * every contributor knew the secret of their contribution, that each built on the one before, that the names are those
 * the contributors gave, that a beacon is the last and follows from its value, and that the key has the last delta.
 * Whether the key is of this circuit and phase 1, only rebuilding tells.
 */
export function checkTranscript(bytes: Uint8Array, key: VerificationKey): string[] {
  let transcript: Transcript
  try {
    transcript = parseTranscript(bytes)
  } catch (error) {
    if (error instanceof EncodingError) return [error.message]
    throw error
  }
  const { circuit, contributions } = transcript
  if (contributions.length === 0) return ['phase 2 had no contribution']
  const problems: string[] = []
  const names = new Set<string>()
  let before: { hash: Hash; delta: Uint8Array } = { hash: startHash(circuit), delta: GENERATOR }
  for (const [i, contribution] of contributions.entries()) {
    const { name, beacon } = contribution
    const wrong = checkContribution(contribution, before)
    if (names.has(name)) wrong.push('repeats a name')
    if (beacon !== undefined && i < contributions.length - 1) wrong.push('is a beacon and not the last')
    problems.push(...wrong.map((problem) => `contribution ${i + 1} (${name}) ${problem}`))
    names.add(name)
    before = { hash: addToHash(before.hash, contribution), delta: contribution.deltaAfter }
  }
  const last = decodeG1(before.delta)
  if (
    !isProper(key.delta) ||
    !isProper(last) ||
    !sameRatio([G1_GENERATOR, last], [G2_GENERATOR, key.delta])
  ) {
    problems.push('the last contribution does not lead to the delta of the verification key')
  }
  return problems
}

/** Who contributed; meaningful only where `checkTranscript` finds nothing. EncodingError on other bytes. */
export function describeTranscript(bytes: Uint8Array, key: VerificationKey): SetupSummary {
  const { contributions } = parseTranscript(bytes)
  const contributors = contributions
    .filter(({ beacon, s, sx }) => beacon === undefined && !isDevelopmentSecret(s, sx))
    .map(({ name }) => name)
  return {
    contributors,
    beacon: contributions.at(-1)?.beacon !== undefined,
    development: contributors.length === 0 || equalPoints(key.alpha, decodeG1(DEVELOPMENT_ALPHA)),
  }
}

/**
 * A contribution to what came before, by somebody who gives their name and knows the secret x, 0 < x < p. Unlike
 * snarkjs, which draws s at random and leaves the name unprotected, s is drawn from the name: another name needs
 * another s, and x s for that only who knows x can give. snarkjs verifies such contributions as its own.
 */
export function contribution({ circuit, contributions }: Transcript, name: string, x: bigint): Contribution {
  if (!isName(name)) throw new Error('a name has 1 to 64 characters and no control characters')
  const before = contributions.reduce(addToHash, startHash(circuit))
  return { ...extend(before, contributions, nameBase(before, name), x), name }
}

/** The contribution of a beacon; s and x as `drawBeacon` gives them. */
export function beaconContribution(
  { circuit, contributions }: Transcript,
  beacon: Beacon,
  s: Uint8Array,
  x: bigint,
): Contribution {
  const before = contributions.reduce(addToHash, startHash(circuit))
  return { ...extend(before, contributions, s, x), name: BEACON_NAME, beacon }
}

/** The secret x and the point s of a beacon. Error unless it has 1 to 255 bytes and 10 to 20 as iterations. */
export function drawBeacon({ iterations, value }: Beacon): { x: bigint; s: Uint8Array } {
  if (!isBeacon({ iterations, value }))
    throw new Error('a beacon has 1 to 255 bytes, and 10 to 20 as iterations')
  let seed = value
  for (let i = 2 ** iterations; i > 0; i--) seed = sha256(seed)
  const draw = new Draw(seed)
  const x = draw.scalar()
  return { x, s: draw.pointG1() }
}

/** BLAKE2b-512 of a contribution, 64 bytes: what contributors publish and find again in the final transcript. */
export function contributionHash(contribution: Contribution): Uint8Array {
  return addToHash(blake2b.create({ dkLen: 64 }), contribution).digest()
}

/** Whether a name may stand in a transcript: 1 to 64 characters, at most 255 bytes, without control characters. */
export function isName(name: string): boolean {
  return /^[^\p{C}]{1,64}$/u.test(name) && name.length <= 64 && name.trim() === name
}

/** The name of every beacon; no contributor's. */
export const BEACON_NAME = 'beacon'
/** A beacon's iterations are 2^10 to 2^20: more would let a hostile transcript keep its readers busy. */
export const BEACON_ITERATIONS = { least: 10, most: 20 } as const

/** alpha G1 and delta G2 of the development setup, by which everybody recognises it. */
const DEVELOPMENT_ALPHA = fromHex(
  '1482d342165b479a2340f11fa136b22bd3de559c90cdf3120a5e5e6861ca25aa24c7434bd6f9f1aeb3d130124e99e949b162da2436ddc4da45264b71946a6031',
)
const DEVELOPMENT_DELTA = fromHex(
  '13cf3b95c3d23320b5ca96050a3fd5bcd75d871d31f79165a16b332bb4e628ac180ef91e47e9088abf912137152d4a46782c96178faacaf5f41a99d0ddd3f9582d6535869794b33e8b1e2ec4fe31c0efada87c73797bd18e604e78f95c7130c514e7cd03af6443c473101aae873531caf014e1b7d1e0d138cd34121328970a25',
)

type Hash = ReturnType<typeof blake2b.create>

const GENERATOR = coordinates(1n, 2n)

/** The checks of one contribution, as ends of a sentence that begins with it. */
function checkContribution(
  { deltaAfter, s, sx, rx, hash, name, beacon }: Contribution,
  before: { hash: Hash; delta: Uint8Array },
): string[] {
  const [delta, base, multiple] = [deltaAfter, s, sx].map((point) => decodeG1(point)) as [G1, G1, G1]
  const proof = decodeG2(rx)
  if (![delta, base, multiple, proof].every(isProper)) return ['has a point that is off its curve or neutral']
  const problems: string[] = []
  if (!equalBytes(hash, challenge(before.hash, s, sx))) problems.push('does not follow from those before it')
  const r = decodeG2(new Draw(hash).pointG2())
  if (!sameRatio([base, multiple], [r, proof])) problems.push('does not prove that its secret is known')
  if (!sameRatio([decodeG1(before.delta), delta], [r, proof]))
    problems.push('does not lead from delta to delta')
  if (beacon !== undefined) {
    if (!isBeaconOf(beacon, s, sx)) problems.push('does not follow from the value of its beacon')
    if (name !== BEACON_NAME) problems.push('is a beacon of another name')
  } else {
    if (!isName(name) || name === BEACON_NAME) problems.push('has no proper name')
    if (!equalBytes(s, nameBase(before.hash, name))) problems.push('was made under another name')
  }
  return problems
}

/** Whether a_1 / a_0 in G1 is b_1 / b_0 in G2: e(a_0, b_1) = e(a_1, b_0). All points proper. */
function sameRatio(a: readonly [G1, G1], b: readonly [G2, G2]): boolean {
  return pairingProductIsOne([
    [a[0], b[1]],
    [negateG1(a[1]), b[0]],
  ])
}

/** What a contribution with the point s and the secret x adds to those before it. */
function extend(
  before: Hash,
  contributions: readonly Contribution[],
  s: Uint8Array,
  x: bigint,
): Omit<Contribution, 'name' | 'beacon'> {
  const sx = multiplyPoint(s, x)
  const hash = challenge(before, s, sx)
  const rx = multiplyPoint(new Draw(hash).pointG2(), x)
  return { deltaAfter: multiplyPoint(contributions.at(-1)?.deltaAfter ?? GENERATOR, x), s, sx, rx, hash }
}

function isBeacon({ iterations, value }: Beacon): boolean {
  const { least, most } = BEACON_ITERATIONS
  return iterations >= least && iterations <= most && value.length >= 1 && value.length <= 255
}

function isBeaconOf(beacon: Beacon, s: Uint8Array, sx: Uint8Array): boolean {
  if (!isBeacon(beacon)) return false
  const drawn = drawBeacon(beacon)
  return drawn.x !== 0n && equalBytes(drawn.s, s) && equalBytes(multiplyPoint(drawn.s, drawn.x), sx)
}

function isDevelopmentSecret(s: Uint8Array, sx: Uint8Array): boolean {
  const [base, multiple] = [decodeG1(s), decodeG1(sx)]
  if (!isProper(base) || !isProper(multiple)) return false
  return sameRatio([base, multiple], [G2_GENERATOR, decodeG2(DEVELOPMENT_DELTA)])
}

function startHash(circuit: Uint8Array): Hash {
  return blake2b.create({ dkLen: 64 }).update(circuit)
}

function addToHash(before: Hash, { deltaAfter, s, sx, rx, hash }: Contribution): Hash {
  const next = before.clone()
  for (const point of [deltaAfter, s, sx, rx]) next.update(hashedPoint(point))
  return next.update(hash)
}

function challenge(before: Hash, s: Uint8Array, sx: Uint8Array): Uint8Array {
  return before.clone().update(s).update(sx).digest()
}

function nameBase(before: Hash, name: string): Uint8Array {
  const message = concat(before.clone().digest(), new TextEncoder().encode(name))
  return new Draw(hashToBytes('setup-contribution', message, 32)).pointG1()
}

/** Parameters are (1, length, name), (2, iterations) and (3, length, value), each at most once. */
function formatContribution({ deltaAfter, s, sx, rx, hash, name, beacon }: Contribution): Uint8Array {
  const parameters: Uint8Array[] = []
  const nameBytes = new TextEncoder().encode(name)
  if (name !== '') parameters.push(Uint8Array.of(1, nameBytes.length), nameBytes)
  if (beacon !== undefined)
    parameters.push(Uint8Array.of(2, beacon.iterations, 3, beacon.value.length), beacon.value)
  const points = [deltaAfter, s, sx, rx].map(encodePoint)
  const rest = concat(...parameters)
  return concat(...points, hash, uint32(beacon === undefined ? 0 : 1), uint32(rest.length), rest)
}

function parseContribution(reader: Reader): Contribution {
  const start = reader.at
  const [deltaAfter, s, sx, rx] = [64, 64, 64, 128].map((length) => decodePoint(reader.take(length))) as [
    B,
    B,
    B,
    B,
  ]
  const hash = reader.take(64)
  const kind = reader.uint32()
  const end = reader.uint32() + reader.at
  const name = reader.at < end && reader.peek === 1 ? reader.text() : ''
  const contribution: Contribution = { deltaAfter, s, sx, rx, hash, name }
  if (kind === 1) {
    reader.take(1)
    const [iterations = 0] = reader.take(1)
    reader.take(1)
    const [length = 0] = reader.take(1)
    contribution.beacon = { iterations, value: reader.take(length) }
  }
  if (!equalBytes(formatContribution(contribution), reader.bytes.subarray(start, reader.at))) {
    throw new EncodingError('a contribution is not written in the one form')
  }
  return contribution
}

type B = Uint8Array

class Reader {
  at = 0
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = Uint8Array.from(bytes)
  }

  get ended(): boolean {
    return this.at === this.bytes.length
  }

  get peek(): number | undefined {
    return this.bytes[this.at]
  }

  take(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) throw new EncodingError('the transcript is cut short')
    this.at += length
    return this.bytes.slice(this.at - length, this.at)
  }

  uint32(): number {
    const bytes = this.take(4)
    return new DataView(bytes.buffer).getUint32(0, true)
  }

  /** A name after its kind and length. */
  text(): string {
    const [, length = 0] = this.take(2)
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.take(length))
    } catch (error) {
      if (error instanceof EncodingError) throw error
      throw new EncodingError('a name is not UTF-8')
    }
  }
}

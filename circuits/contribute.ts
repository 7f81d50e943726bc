// A contribution to phase 2 of the setup (SPEC 10.2): a proving key in, a proving key out. It runs in a browser as in
// Node; the secret never leaves this module.
import { blake2b } from '@noble/hashes/blake2.js'
import { randomBytes } from '@noble/hashes/utils.js'
import { GROUP_ORDER } from '#crypto/bn254.ts'
import { bytesToBigint, concat } from '#crypto/encoding.ts'
import { formatContainer, parseContainer, section } from './container.ts'
import { bn254 } from './curve.ts'
import { decodePoint, encodePoint, multiplyPoint } from './points.ts'
import {
  type Contribution,
  type Transcript,
  beaconContribution,
  contribution,
  drawBeacon,
  formatTranscript,
  parseTranscript,
} from './transcript.ts'
import { HEADER, TRANSCRIPT } from './zkey.ts'

/**
 * The key after a contribution under `name` with a fresh secret, which is forgotten: BLAKE2b-512 of 64 bytes from the
 * platform's generator and of what the contributor adds to them, modulo p - 1. EncodingError on bytes that are no key;
 * Error on a name that may not stand in a transcript. It starts snarkjs's threads; see releaseCurve.
 */
export function contribute(zkey: Uint8Array, name: string, added = ''): Promise<Uint8Array> {
  const drawn = blake2b(concat(randomBytes(64), new TextEncoder().encode(added)), { dkLen: 64 })
  return contributeSecret(zkey, name, 1n + (bytesToBigint(drawn) % (GROUP_ORDER - 1n)))
}

/** The same with a given secret x, 0 < x < p. */
export function contributeSecret(zkey: Uint8Array, name: string, x: bigint): Promise<Uint8Array> {
  return apply(zkey, x, (transcript) => contribution(transcript, name, x))
}

/**
 * The key after the closing contribution, whose secret everybody can recompute from a value that nobody could know
 * before the last contributor was done (1 to 255 bytes; the hash of a block still to come, say). Its SHA-256 is iterated
 * 2^iterations times, 10 to 20.
 */
export function applyBeacon(zkey: Uint8Array, value: Uint8Array, iterations: number): Promise<Uint8Array> {
  const { x, s } = drawBeacon({ value, iterations })
  return apply(zkey, x, (transcript) => beaconContribution(transcript, { value, iterations }, s, x))
}

/** delta is multiplied by x; what is divided by delta, divided by it. */
async function apply(
  zkey: Uint8Array,
  x: bigint,
  contribute: (before: Transcript) => Contribution,
): Promise<Uint8Array> {
  const sections = parseContainer('zkey', zkey)
  const transcript = parseTranscript(section(sections, TRANSCRIPT))
  const added = contribute(transcript)
  const { G1, Fr } = await bn254()
  const [inverse, one] = [Fr.inv(Fr.e(x)), Fr.e(1n)]
  for (const id of DIVIDED_BY_DELTA) {
    sections.set(id, await G1.batchApplyKey(section(sections, id), inverse, one))
  }
  sections.set(HEADER, multiplyDelta(section(sections, HEADER), x))
  const contributions = [...transcript.contributions, added]
  sections.set(TRANSCRIPT, formatTranscript({ circuit: transcript.circuit, contributions }))
  return formatContainer('zkey', sections)
}

/** Private inputs' points and the powers times the vanishing polynomial. */
const DIVIDED_BY_DELTA = [8, 9]

/** The header ends with delta in G1 and in G2. */
function multiplyDelta(header: Uint8Array, x: bigint): Uint8Array {
  const [g1, g2] = [header.length - 192, header.length - 128]
  const times = (point: Uint8Array) => encodePoint(multiplyPoint(decodePoint(point), x))
  return concat(header.subarray(0, g1), times(header.subarray(g1, g2)), times(header.subarray(g2)))
}

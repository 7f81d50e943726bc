// What a .zkey file by snarkjs holds besides the points for proving (SPEC 3.2): verification key and transcript.
import { EncodingError, bytesToBigint } from '#crypto/encoding.ts'
import { parseContainer, section } from './container.ts'
import { decodePoint } from './points.ts'

/** Section numbers. */
export const HEADER = 2
export const TRANSCRIPT = 10

/** The ceremony transcript in a .zkey file; see transcript.ts. EncodingError on other bytes. */
export function transcriptOf(zkey: Uint8Array): Uint8Array {
  return section(parseContainer('zkey', zkey), TRANSCRIPT).slice()
}

/** The verification key in a .zkey file, as the JSON text that snarkjs reads. EncodingError on other bytes. */
export function verificationKeyOf(zkey: Uint8Array): string {
  const sections = parseContainer('zkey', zkey)
  const header = section(sections, HEADER)
  if (header.length !== HEADER_BYTES) throw new EncodingError('the key is not of BN254')
  const publics = new DataView(header.buffer, header.byteOffset).getUint32(PUBLICS, true)
  const ic = section(sections, IC)
  if (ic.length !== 64 * (publics + 1))
    throw new EncodingError('the key has not a point for each public input')
  const key = {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: publics,
    vk_alpha_1: pointG1(header, ALPHA),
    vk_beta_2: pointG2(header, BETA),
    vk_gamma_2: pointG2(header, GAMMA),
    vk_delta_2: pointG2(header, DELTA),
    IC: Array.from({ length: publics + 1 }, (_, i) => pointG1(ic, 64 * i)),
  }
  return `${JSON.stringify(key, null, 1)}\n`
}

const IC = 3
// Offsets in the header: two fields' sizes and orders, three numbers, then alpha 1, beta 1, beta 2, gamma 2, delta 1, 2.
const PUBLICS = 2 * 36 + 4
const ALPHA = 2 * 36 + 12
const BETA = ALPHA + 2 * 64
const GAMMA = BETA + 128
const DELTA = GAMMA + 128 + 64
const HEADER_BYTES = DELTA + 128

function pointG1(bytes: Uint8Array, at: number): string[] {
  return [...decimals(bytes.subarray(at, at + 64)), '1']
}

function pointG2(bytes: Uint8Array, at: number): string[][] {
  const [x0 = '', x1 = '', y0 = '', y1 = ''] = decimals(bytes.subarray(at, at + 128))
  return [
    [x0, x1],
    [y0, y1],
    ['1', '0'],
  ]
}

function decimals(stored: Uint8Array): string[] {
  const point = decodePoint(stored)
  return Array.from({ length: point.length / 32 }, (_, i) =>
    bytesToBigint(point.subarray(32 * i, 32 * i + 32)).toString(),
  )
}

// SPDX-License-Identifier: MIT
// A known answer before any other: run once when the verifier is loaded, in a few milliseconds, so that a compiler or
// processor that computes wrongly judges nothing.
import { sumOfMultiples } from './babyjubjub.ts'
import { pairingProductIsOne, sumOfProducts } from './points.ts'

/** Throws Error unless 2 G is EIP-196's, e(2 G, H) e(-2 G, H) = 1, e(2 G, H) is not 1, and EIP-2494's points P and Q have
 *  the sum it says. */
export function testCore(): void {
  const double = sumOfProducts([G, G, G], [scalar(1), scalar(3), ORDER_MINUS_2])
  const opposite = sumOfProducts([double], [ORDER_MINUS_1])
  const sum = sumOfMultiples([
    { points: P_AND_Q, factors: [3n, 1n] },
    { points: P_AND_Q.subarray(0, 64), factors: [-2n] },
  ])
  const right =
    hex(double) === TWICE_G &&
    pairingProductIsOne([
      [double, H],
      [opposite, H],
    ]) &&
    !pairingProductIsOne([[double, H]]) &&
    sum !== undefined &&
    hex(sum) === P_PLUS_Q
  if (!right) throw new Error('the core computes wrongly on this machine')
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16))
}

function scalar(k: number): Uint8Array {
  return new Uint8Array(32).fill(k, 31)
}

const G = bytes(`${'0'.repeat(63)}1${'0'.repeat(63)}2`)
const TWICE_G =
  '030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3' +
  '15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4'
/** The generator of G2, c0 before c1. */
const H = bytes(
  '1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed' +
    '198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2' +
    '12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa' +
    '090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b',
)
/** p - 1 and p - 2. */
const ORDER_MINUS_1 = bytes('30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000000')
const ORDER_MINUS_2 = bytes('30644e72e131a029b85045b68181585d2833e84879b9709143e1f593efffffff')
const P_AND_Q = bytes(
  '274dbce8d15179969bc0d49fa725bddf9de555e0ba6a693c6adb52fc9ee7a82c' +
    '05ce98c61b05f47fe2eae9a542bd99f6b2e78246231640b54595febfd51eb853' +
    '2491aba8d3a191a76e35bc47bd9afe6cc88fee14d607cbe779f2349047d5c157' +
    '2e07297f8d3c3d7818dbddfd24c35583f9a9d4ed0cb0c1d1348dd8f7f99152d7',
)
const P_PLUS_Q =
  '11805510440a3488b3b811eaacd0ec7c72dded51978190e19067a2afaebaf361' +
  '1f07aa1b3c598e2ff9ff77744a39298a0a89a9027777af9fa100dd448e072c13'

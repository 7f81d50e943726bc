// The encryption claims of ballots (SPEC 3.3): that D1 and D2 are the sums of the ballot's ciphertexts which its proof
// is about. Encrypting inside the circuit would cost far more, so everybody recomputes the sums, for many ballots at
// once by a random linear combination.
import { randomBytes } from '@noble/hashes/utils.js'
import { encodePoint, O } from './babyjubjub.ts'
import { type Multiples, sumOfMultiples } from './core/babyjubjub.ts'
import { bytesToBigint, equalBytes } from './encoding.ts'

/** Ciphertexts and what they are claimed to sum to: D1 = sum rho_j 8 c1'_j and D2 = sum rho_j 8 c2'_j. */
export interface Claim {
  /** c1'_j || c2'_j, 128 bytes each, as transmitted: they mean 8 times the point. */
  readonly ciphertexts: Uint8Array
  /** rho_j, one for each ciphertext, in [0, 2^128), hashed from the ballot that fixes the ciphertexts. */
  readonly coefficients: readonly bigint[]
  /** 64 bytes each. */
  readonly d1: Uint8Array
  readonly d2: Uint8Array
}

/**
 * Whether all claims hold; true for none. With sigma_k and tau_k independent, non-zero, 128 bits, drawn after the batch
 * is fixed:
 *   sum_k sum_j (8 rho_kj sigma_k c1'_kj + 8 rho_kj tau_k c2'_kj) - sum_k (sigma_k D1_k + tau_k D2_k) = O
 * The factors are integers and never taken modulo l, so that the 8 clears whatever torsion the ciphertexts have, as it
 * does everywhere. False too on points that are not canonical or not on the curve, and on lengths that do not fit. For
 * torsion in D1 and D2 this is no sufficient check: the ballot's proof must hold for the same D1 and D2, and that
 * forces them into the subgroup. Where it does, the left side is sum_k (sigma_k E_k + tau_k F_k) with E_k and F_k the
 * claims' errors in a group of prime order l > 2^250: unless all are O, it is O for at most one value of one of the
 * weights, whatever the others are. So a batch with a false claim passes with probability below 2^-127.
 */
export function checkClaims(claims: readonly Claim[]): boolean {
  if (!claims.every(isWellFormed)) return false
  const sum = sumOfMultiples(claims.flatMap(weighted))
  return sum !== undefined && equalBytes(sum, NEUTRAL)
}

const POINT = 64
const CIPHERTEXT = 2 * POINT
const NEUTRAL = encodePoint(O)

/** A claim's part of the equation, with weights of its own. */
function weighted({ ciphertexts, coefficients, d1, d2 }: Claim): Multiples[] {
  const [sigma, tau] = [randomWeight(), randomWeight()]
  return [
    { points: ciphertexts, factors: coefficients.flatMap((rho) => [8n * rho * sigma, 8n * rho * tau]) },
    { points: d1, factors: [-sigma] },
    { points: d2, factors: [-tau] },
  ]
}

function isWellFormed({ ciphertexts, coefficients }: Claim): boolean {
  return (
    ciphertexts.length === coefficients.length * CIPHERTEXT &&
    coefficients.every((rho) => rho >= 0n && rho >> 128n === 0n)
  )
}

/** Uniform in [1, 2^128), from the platform's generator. */
function randomWeight(): bigint {
  for (;;) {
    const weight = bytesToBigint(randomBytes(16))
    if (weight !== 0n) return weight
  }
}

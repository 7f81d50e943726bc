// The encryption claims of ballots (SPEC 3.3): that D1 and D2 are the sums of the ballot's ciphertexts which its proof
// is about. Encrypting inside the circuit would cost far more, so everybody recomputes the sums, for many ballots at
// once by a random linear combination.
import { randomBytes } from '@noble/hashes/utils.js'
import { clearCofactor, ORDER } from './babyjubjub.ts'
import { bytesToBigint } from './encoding.ts'
import { sumOfTerms, type Term } from './point-sum.ts'

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
 *   sum_k (sigma_k D1_k + tau_k D2_k) = 8 sum_k sum_j rho_kj (sigma_k c1'_kj + tau_k c2'_kj)
 * False too on points that are not canonical or not on the curve, and on lengths that do not fit. Torsion in
 * ciphertexts vanishes by the 8, as it does everywhere. For torsion in D1 and D2 this is no sufficient check: the
 * ballot's proof must hold for the same D1 and D2, and that forces them into the subgroup. Where it does, a batch
 * with a false claim passes with probability below 2^-127.
 */
export function checkClaims(claims: readonly Claim[]): boolean {
  if (!claims.every(isWellFormed)) return false
  const weighted = claims.map((claim) => ({ ...claim, sigma: randomWeight(), tau: randomWeight() }))
  const claimed = sumOfTerms(
    weighted.flatMap(({ d1, d2, sigma, tau }): Term[] => [
      { point: d1, factor: sigma },
      { point: d2, factor: tau },
    ]),
  )
  const transmitted = sumOfTerms(
    weighted.flatMap(({ ciphertexts, coefficients, sigma, tau }) =>
      coefficients.flatMap((rho, j): Term[] => {
        const at = j * CIPHERTEXT
        return [
          { point: ciphertexts.subarray(at, at + POINT), factor: (rho * sigma) % ORDER },
          { point: ciphertexts.subarray(at + POINT, at + CIPHERTEXT), factor: (rho * tau) % ORDER },
        ]
      }),
    ),
  )
  if (claimed === undefined || transmitted === undefined) return false
  return clearCofactor(transmitted).equals(claimed)
}

const POINT = 64
const CIPHERTEXT = 2 * POINT

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

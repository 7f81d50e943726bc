// SPDX-License-Identifier: MIT
// The final exponentiation: f^((q^12 - 1) / p), which is 1 for just those f that the pairing cannot tell from 1.
import * as fp12 from './fp12.ts'

/** u of Barreto-Naehrig: q and p are polynomials in it. */
const U: u64 = 4965661367192848881

/**
 * r = f^((q^12 - 1) / p), and 0 for 0. The easy part (q^6 - 1)(q^2 + 1), then the hard part (q^4 - q^2 + 1) / p in terms
 * of u and the Frobenius map (Scott, Benger, Charlemagne, Dominguez Perez, Kachisa, Pairing 2009, section 5).
 */
export function exponentiate(r: usize, f: usize): void {
  fp12.inverse(Y0, f)
  fp12.conjugate(M, f)
  fp12.mul(M, M, Y0)
  fp12.frobenius(Y0, M, 2)
  fp12.mul(M, M, Y0)

  powerOfU(F1, M)
  powerOfU(F2, F1)
  powerOfU(F3, F2)
  // y0 = m^(q + q^2 + q^3)
  fp12.frobenius(Y0, M, 1)
  fp12.frobenius(T0, M, 2)
  fp12.mul(Y0, Y0, T0)
  fp12.frobenius(T0, M, 3)
  fp12.mul(Y0, Y0, T0)
  // y6 = 1 / (m^(u^3) m^(u^3 q)), y4 = 1 / (m^u m^(u^2 q)), y5 = 1 / m^(u^2), y3 = 1 / m^(u q), y2 = m^(u^2 q^2)
  fp12.frobenius(T0, F3, 1)
  fp12.mul(T0, T0, F3)
  fp12.conjugate(T0, T0)
  fp12.sqrCyclotomic(T0, T0)
  fp12.frobenius(T1, F2, 1)
  fp12.mul(T1, T1, F1)
  fp12.conjugate(T1, T1)
  fp12.mul(T0, T0, T1)
  fp12.conjugate(Y5, F2)
  fp12.mul(T0, T0, Y5)
  fp12.frobenius(T1, F1, 1)
  fp12.conjugate(T1, T1)
  fp12.mul(T1, T1, Y5)
  fp12.mul(T1, T1, T0)
  fp12.frobenius(Y5, F2, 2)
  fp12.mul(T0, T0, Y5)
  fp12.sqrCyclotomic(T1, T1)
  fp12.mul(T1, T1, T0)
  fp12.sqrCyclotomic(T1, T1)
  // y1 = 1 / m
  fp12.conjugate(M, M)
  fp12.mul(T0, T1, M)
  fp12.mul(T1, T1, Y0)
  fp12.sqrCyclotomic(T0, T0)
  fp12.mul(r, T0, T1)
}

/** r = a^u for a of the cyclotomic subgroup. */
function powerOfU(r: usize, a: usize): void {
  fp12.copy(r, a)
  for (let bit: u64 = u64(1) << 61; bit > 0; bit >>= 1) {
    fp12.sqrCyclotomic(r, r)
    if (U & bit) fp12.mul(r, r, a)
  }
}

const M: usize = memory.data(432)
const F1: usize = memory.data(432)
const F2: usize = memory.data(432)
const F3: usize = memory.data(432)
const Y0: usize = memory.data(432)
const Y5: usize = memory.data(432)
const T0: usize = memory.data(432)
const T1: usize = memory.data(432)

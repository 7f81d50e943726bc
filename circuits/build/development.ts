// The development setup (SPEC 10.3): secrets that everybody knows, made of fixed words. Whoever knows them can forge any
// proof, so only circuits/build and test/ may import this file; verifiers recognise what was made with it by itself.
import { hashToField } from '#crypto/hash.ts'

/** The secrets of phase 1. */
export const TAU = secret('tau')
export const ALPHA = secret('alpha')
export const BETA = secret('beta')

/** The one contribution of phase 2. */
export const DELTA = secret('delta')

function secret(name: string): bigint {
  return hashToField('development-setup', new TextEncoder().encode(name))
}

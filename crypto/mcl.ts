// The library mcl, compiled to WebAssembly, started for BN254 (its BN_SNARK1): pairings for bn254.ts. Node and browsers
// load the same bytes, which lie inside the package's JavaScript; a page needs 'wasm-unsafe-eval' in its policy, and a
// global `crypto`.
import mcl from 'mcl-wasm'

/**
 * The library's own exports, on addresses in its memory. Its typed interface lacks a Miller loop over many pairs, and
 * copies every operand. The version is pinned, and bn254.ts's tests notice a change.
 */
interface Exports {
  _malloc(bytes: number): number
  _mclBn_millerLoopVec(result: number, p: number, q: number, pairs: number): void
}

await mcl.init(mcl.BN_SNARK1)
// From here on `isValid` of a point of G2 includes p Q = O. G1 is a whole curve and needs no such check.
mcl.verifyOrderG2(true)

/** See `Exports`. */
export const wasm = (mcl as unknown as { mod: Exports }).mod

export { default as mcl } from 'mcl-wasm'

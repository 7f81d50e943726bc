// Setups for scenes: verification keys whose trapdoor the test knows.
import { publicInputCount } from '#circuits/ballot.ts'
import type { BallotCircuit } from '#circuits/sizes.ts'
import { sha256 } from '#crypto/hash.ts'
import type { Setup } from '#protocol/act.ts'
import { simulatedKey } from '../reference/simulate-proof.ts'

const cache = new Map<string, ReturnType<typeof make>>()
export function developmentSetup(circuit: BallotCircuit) {
  const known = cache.get(circuit) ?? make(circuit)
  cache.set(circuit, known)
  return known
}
function make(circuit: BallotCircuit) {
  const { verificationKey, prove } = simulatedKey(publicInputCount(circuit))
  const h = (x: string) => sha256(new TextEncoder().encode(x))
  const setup: Setup = { circuit, r1cs: h('r'), witnessCode: h('w'), provingKey: h('p'), verificationKey: h(verificationKey), transcript: h('t') }
  return { setup, verificationKey, transcript: new Uint8Array(), prove }
}

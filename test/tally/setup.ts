// The development setup (SPEC 10.3) of each circuit: its real files, and proofs simulated with its known secrets.
import { readFileSync } from 'node:fs'
import type { CircuitId } from '#circuits/sizes.ts'
import { ensureArtifacts } from '#circuits/build/artifacts.ts'
import { ALPHA, BETA, DELTA } from '#circuits/build/development.ts'
import { fromHex } from '#crypto/encoding.ts'
import type { Setup } from '#protocol/setup.ts'
import { simulatorFor } from '../reference/simulate-proof.ts'

const { circuits } = await ensureArtifacts(undefined, {})

export interface DevelopmentSetup<C extends CircuitId = CircuitId> {
  readonly setup: Setup<C>
  /** JSON as snarkjs reads it. */
  readonly verificationKey: string
  readonly transcript: Uint8Array
  /** A proof that the verifier accepts for any public inputs, true or not. */
  prove(inputs: readonly bigint[]): Uint8Array
}

const made = new Map<CircuitId, DevelopmentSetup>()

/** The development setup of a circuit, read once. */
export function developmentSetup<C extends CircuitId>(circuit: C): DevelopmentSetup<C> {
  const known = (made.get(circuit) as DevelopmentSetup<C> | undefined) ?? read(circuit)
  made.set(circuit, known)
  return known
}

/** Verification keys and transcripts, as the record's attachments. */
export function attachmentsOf(...names: readonly CircuitId[]): Uint8Array[] {
  return names.flatMap((circuit) => {
    const { verificationKey, transcript } = developmentSetup(circuit)
    return [new TextEncoder().encode(verificationKey), transcript]
  })
}

function read<C extends CircuitId>(circuit: C): DevelopmentSetup<C> {
  const { r1cs, wasm, zkey, verificationKey, transcript } = circuits[circuit]
  const json = readFileSync(verificationKey.path, 'utf8')
  return {
    setup: {
      circuit,
      r1cs: fromHex(r1cs.sha256),
      witnessCode: fromHex(wasm.sha256),
      provingKey: fromHex(zkey.sha256),
      verificationKey: fromHex(verificationKey.sha256),
      transcript: fromHex(transcript.sha256),
    },
    verificationKey: json,
    transcript: new Uint8Array(readFileSync(transcript.path)),
    prove: simulatorFor(json, { alpha: ALPHA, beta: BETA, delta: DELTA }),
  }
}

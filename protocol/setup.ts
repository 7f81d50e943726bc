// One circuit's keys as hashes of the files; the verification key and the transcript are attachments. SPEC 10.
import * as z from 'zod/mini'
import type { BallotCircuit, CircuitId } from '#circuits/sizes.ts'
import { hash } from './codec.ts'

/** The schema of a setup of one of these circuits. */
export function setupOf<const C extends CircuitId>(...circuits: C[]) {
  return z.strictObject({
    circuit: z.enum(circuits),
    r1cs: hash,
    witnessCode: hash,
    provingKey: hash,
    verificationKey: hash,
    transcript: hash,
  })
}

/** One circuit's setup; of any circuit if none is named. */
export interface Setup<C extends CircuitId = CircuitId> {
  readonly circuit: C
  readonly r1cs: Uint8Array
  readonly witnessCode: Uint8Array
  readonly provingKey: Uint8Array
  readonly verificationKey: Uint8Array
  readonly transcript: Uint8Array
}

/** The setup of a circuit that carries ballots. */
export type BallotSetup = Setup<BallotCircuit>

// From a deed to a signal that can be sent: the one proof that a person's device makes. SPEC 12.2.
import { prove } from '#circuits/prove.ts'
import { signalAssignment } from '#circuits/signal.ts'
import type { ProvingVoter } from './cast.ts'
import type { LogOrigin } from './genesis.ts'
import { type Signal, signalStatement, type Unproven } from './signal.ts'

/** The signal with its proof. `files` are the witness code and proving key whose hashes the plan names; the caller has
 *  compared them. Rejects if the person is not on the roll.
 *  @param root the 12-level root of the roll of those who take part */
export async function proveSignal(
  log: LogOrigin,
  root: bigint,
  unproven: Unproven,
  person: Omit<ProvingVoter, 'nullifier'>,
  files: { readonly witnessCode: Uint8Array; readonly provingKey: Uint8Array },
): Promise<Signal> {
  const input = signalAssignment(signalStatement(log, root, unproven), person)
  const { proof } = await prove(files.witnessCode, files.provingKey, input)
  return { ...unproven, proof }
}

// The server that this app came from, believed only as far as the trust policy goes that this device met first.
// For workers only, since the policy lies in the vault.
import { readPolicy, Server, type Connection } from '#client/server.ts'
import type { Vault } from './vault.ts'

const POLICY = 'policy'

/** This origin's server. On the very first meeting its own policy is taken and kept (SPEC 7.5); from then on a log that
 *  signs with another key is refused with 'checkpoint-unsigned' or 'receipt-invalid'. */
export async function trustedServer(vault: Vault, connection: Connection = {}): Promise<Server> {
  const { origin } = globalThis.location
  const kept = await vault.get('settings', POLICY)
  if (kept !== undefined)
    return new Server(origin, { ...connection, policy: readPolicy(new TextDecoder().decode(kept)) })
  const proposed = await new Server(origin).policyFile()
  const policy = readPolicy(proposed)
  await vault.put('settings', POLICY, new TextEncoder().encode(proposed))
  return new Server(origin, { ...connection, policy })
}

/** Forgets that policy: the next meeting is the first again. */
export function forgetTrust(vault: Vault): Promise<void> {
  return vault.delete('settings', POLICY)
}

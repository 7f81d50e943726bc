// What work with the credential needs of the browser. For workers only.
import type { Server } from '#client/server.ts'
import { artifacts } from './artifacts.ts'
import { trustedServer } from './trust.ts'
import { openVault, type Vault } from './vault.ts'

export interface Means {
  readonly vault: Vault
  readonly server: Server
  /** Does work while nobody else on this device does any under the same name. */
  lock<T>(name: string, work: () => Promise<T>): Promise<T>
  /** Milliseconds since 1970. */
  now(): number
}

/** Those of this browser and of the server that the app came from. */
export async function means(): Promise<Means> {
  const vault = await openVault()
  return {
    vault,
    server: await trustedServer(vault, { files: artifacts }),
    lock: (name, work) => navigator.locks.request(name, work),
    now: () => Date.now(),
  }
}

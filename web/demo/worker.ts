// What this device has done in an election, read from the vault. No secret leaves.
import { registrationsOf } from '#web/device/kept.ts'
import { openVault } from '#web/device/vault.ts'
import { serve } from '#web/worker/serve.ts'

/** An election by its names, its definition's hash, and E (null before opening), both in hexadecimal. */
export interface Wanted {
  readonly process: string
  readonly rolls: readonly string[]
  readonly definition: string
  readonly opening: string | null
}

export interface Trace {
  readonly registered: boolean
  readonly voted: boolean
  /** A guardian of this device has a seat in it. */
  readonly seated: boolean
}

const vault = await openVault()

const api = {
  /** Rejects with `VaultFailure`. */
  async trace({ process, rolls, definition, opening }: Wanted): Promise<Trace> {
    const registrations = await registrationsOf(vault)
    const receipts = await vault.keys('receipts')
    const guardians = await vault.keys('guardians')
    return {
      registered: registrations.some((made) => made.process === process && rolls.includes(made.roll)),
      voted: opening !== null && receipts.includes(opening),
      seated: guardians.some((name) => name.endsWith(`/${definition}`)),
    }
  },
}
export type Tracer = typeof api

serve(api)

// What became of the voter's own ballots, as their receipts and the ledger say.
import { Unusable } from '#client/failure.ts'
import { checkBallotReceipt, type Fate, fateOf } from '#client/receipt.ts'
import type { Server } from '#client/server.ts'
import { equalBytes } from '#crypto/encoding.ts'
import { receiptsOf } from '#web/booth/kept.ts'
import { ifDamaged } from './receipts.ts'
import type { Vault } from './vault.ts'

/** What became of the ballot at this index. Throws `Unusable`: 'receipt-invalid' if its receipt proves nothing. */
export async function ownFate(vault: Vault, server: Server, index: number): Promise<Fate['status']> {
  for (const name of await vault.keys('receipts')) {
    const kept = await receiptsOf(vault, name).catch(ifDamaged)
    const one = kept?.cast.find((cast) => cast.index === index)
    if (one === undefined) continue
    const proven = checkBallotReceipt(one, await server.policy())
    if (proven === undefined || !equalBytes(proven.hash, one.hash)) throw new Unusable('receipt-invalid')
    return (await fateOf(server, proven)).status
  }
  throw new Unusable('not-found', { path: `receipt ${index}` })
}

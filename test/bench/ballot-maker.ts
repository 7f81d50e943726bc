// A process that makes ballots for ballots.ts: sealed by the voter's own code, with simulated proofs. Ciphertexts come out of
// a pool, since encrypting takes longer than all else; to a verifier such ballots are as any other.
import { publicInputs } from '#circuits/ballot.ts'
import {
  type Ballot,
  ballotContent,
  type BallotContext,
  ballotStatement,
  nullifierHash,
} from '#protocol/ballot.ts'
import { encodeEntry } from '#protocol/entry.ts'
import { claims, seal, type Sealing } from '#protocol/seal.ts'
import { developmentSetup } from '../tally/setup.ts'

/** Who votes what. */
export interface BallotOrder {
  readonly nullifier: bigint
  readonly weight: bigint
  /** One value per used slot. */
  readonly values: readonly bigint[]
}

/** Ballots so many places apart share their ciphertexts; even, since neighbours vote differently and those two apart alike. */
const POOL = 256

process.once('message', ({ context, orders }: { context: BallotContext; orders: BallotOrder[] }) => {
  void makeAll(context, orders)
})

async function makeAll(context: BallotContext, orders: readonly BallotOrder[]): Promise<void> {
  const pool: Sealing[] = []
  for (const [i, order] of orders.entries()) {
    const sealing = (pool[i % POOL] ??= seal(context, order, 0, order.values))
    const entry = encodeEntry(['ballot', ballotContent(make(context, order, sealing))])
    await new Promise((sent) => process.send?.(entry, sent))
  }
  process.disconnect()
}

function make(context: BallotContext, { nullifier }: BallotOrder, pooled: Sealing): Ballot {
  const nullifierKey = crypto.getRandomValues(new Uint8Array(16))
  const body = { ...pooled.body, nullifierHash: nullifierHash(nullifier, nullifierKey) }
  const envelope = {
    nullifier,
    nullifierKey,
    claims: claims(context, { ...pooled, body }),
    proof: new Uint8Array(256),
  }
  const { statement } = ballotStatement(context, { body, envelope })
  const proof = developmentSetup(context.circuit).prove(publicInputs(context.circuit, statement))
  return { body, envelope: { ...envelope, proof } }
}

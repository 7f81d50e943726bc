// A process that makes ballots for ballots.ts: sealed by the voter's own code, with simulated proofs. Ciphertexts and the
// proofs' A and B come out of a pool, since they take longer than all else; to a verifier such ballots are as any other.
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
import { drawPair, type Pair } from '../reference/simulate-proof.ts'
import { developmentSetup } from '../tally/setup.ts'

/** Who votes what. */
export interface BallotOrder {
  readonly nullifier: bigint
  readonly weight: bigint
  /** One value per used slot. */
  readonly values: readonly bigint[]
}

/** Ballots so many places apart share ciphertexts, A and B; even, since neighbours vote differently and those two apart alike. */
const POOL = 256

process.once('message', ({ context, orders }: { context: BallotContext; orders: BallotOrder[] }) => {
  void makeAll(context, orders)
})

async function makeAll(context: BallotContext, orders: readonly BallotOrder[]): Promise<void> {
  const pool: { sealing: Sealing; pair: Pair }[] = []
  for (const [i, order] of orders.entries()) {
    const { sealing, pair } = (pool[i % POOL] ??= {
      sealing: seal(context, order, 0, order.values),
      pair: drawPair(),
    })
    const entry = encodeEntry(['ballot', ballotContent(make(context, order, sealing, pair))])
    await new Promise((sent) => process.send?.(entry, sent))
  }
  process.disconnect()
}

function make(context: BallotContext, { nullifier }: BallotOrder, pooled: Sealing, pair: Pair): Ballot {
  const nullifierKey = crypto.getRandomValues(new Uint8Array(16))
  const body = { ...pooled.body, nullifierHash: nullifierHash(nullifier, nullifierKey) }
  const envelope = {
    nullifier,
    nullifierKey,
    claims: claims(context, { ...pooled, body }),
    proof: new Uint8Array(256),
  }
  const { statement } = ballotStatement(context, { body, envelope })
  const proof = developmentSetup(context.circuit).prove(publicInputs(context.circuit, statement), pair)
  return { body, envelope: { ...envelope, proof } }
}

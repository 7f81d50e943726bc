// A process that makes ballots for ballots.ts: sealed by the voter's own code, with simulated proofs.
import { publicInputs } from '#circuits/ballot.ts'
import { type Ballot, ballotContent, type BallotContext, ballotStatement } from '#protocol/ballot.ts'
import { encodeEntry } from '#protocol/entry.ts'
import { claims, seal } from '#protocol/seal.ts'
import { developmentSetup } from '../tally/setup.ts'

/** Who votes what. */
export interface BallotOrder {
  readonly nullifier: bigint
  readonly weight: bigint
  /** One value per used slot. */
  readonly values: readonly bigint[]
}

process.once('message', ({ context, orders }: { context: BallotContext; orders: BallotOrder[] }) => {
  void makeAll(context, orders)
})

async function makeAll(context: BallotContext, orders: readonly BallotOrder[]): Promise<void> {
  for (const order of orders) {
    const entry = encodeEntry(['ballot', ballotContent(make(context, order))])
    await new Promise((sent) => process.send?.(entry, sent))
  }
  process.disconnect()
}

function make(context: BallotContext, { nullifier, weight, values }: BallotOrder): Ballot {
  const sealing = seal(context, { nullifier, weight }, 0, values)
  const { body, nullifierKey } = sealing
  const envelope = {
    nullifier,
    nullifierKey,
    claims: claims(context, sealing),
    proof: new Uint8Array(256),
  }
  const { statement } = ballotStatement(context, { body, envelope })
  const proof = developmentSetup(context.circuit).prove(publicInputs(context.circuit, statement))
  return { body, envelope: { ...envelope, proof } }
}

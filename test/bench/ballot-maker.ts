// A process that makes ballots for ballots.ts: sealed by the voter's own code, with simulated proofs. Ciphertexts and the
// proofs' A and B come out of a pool, since they take longer than all else; to a verifier such ballots are as any other.
import { readFileSync } from 'node:fs'
import { publicInputs } from '#circuits/ballot.ts'
import { ensureArtifacts } from '#circuits/build/artifacts.ts'
import { ALPHA, BETA, DELTA } from '#circuits/build/development.ts'
import { publicExponents } from '#circuits/build/trapdoor.ts'
import {
  type Ballot,
  ballotContent,
  type BallotContext,
  ballotStatement,
  nullifierHash,
} from '#protocol/ballot.ts'
import { encodeEntry } from '#protocol/entry.ts'
import { claims, seal, type Sealing } from '#protocol/seal.ts'
import { completeProof, drawHalf, type Half } from '../reference/simulate-proof.ts'

/** Who votes what. */
export interface BallotOrder {
  readonly nullifier: bigint
  readonly weight: bigint
  /** One value per used slot. */
  readonly values: readonly bigint[]
}

/** Ballots so many places apart share ciphertexts, A and B; even, since neighbours vote differently and those two apart alike. */
const POOL = 256

const TRAPDOOR = { alpha: ALPHA, beta: BETA, delta: DELTA }

process.once('message', ({ context, orders }: { context: BallotContext; orders: BallotOrder[] }) => {
  void makeAll(context, orders)
})

async function makeAll(context: BallotContext, orders: readonly BallotOrder[]): Promise<void> {
  const { circuits } = await ensureArtifacts(undefined, {})
  const ic = publicExponents(readFileSync(circuits[context.circuit].r1cs.path))
  const pool: { sealing: Sealing; half: Half }[] = []
  for (const [i, order] of orders.entries()) {
    const { sealing, half } = (pool[i % POOL] ??= {
      sealing: seal(context, order, 0, order.values),
      half: drawHalf(),
    })
    const entry = encodeEntry(['ballot', ballotContent(make(context, ic, order.nullifier, sealing, half))])
    await new Promise((sent) => process.send?.(entry, sent))
  }
  process.disconnect()
}

function make(
  context: BallotContext,
  ic: readonly bigint[],
  nullifier: bigint,
  pooled: Sealing,
  half: Half,
): Ballot {
  const nullifierKey = crypto.getRandomValues(new Uint8Array(16))
  const body = { ...pooled.body, nullifierHash: nullifierHash(nullifier, nullifierKey) }
  const envelope = {
    nullifier,
    nullifierKey,
    claims: claims(context, { ...pooled, body }),
    proof: new Uint8Array(256),
  }
  const inputs = publicInputs(context.circuit, ballotStatement(context, { body, envelope }).statement)
  return { body, envelope: { ...envelope, proof: completeProof(ic, TRAPDOOR, inputs, half) } }
}

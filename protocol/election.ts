// From an election's opening to what each ballot is bound to. SPEC 8.2.
import { extendRoot } from '#circuits/roll.ts'
import { CIRCUITS } from '#circuits/sizes.ts'
import { decodeKey } from '#crypto/babyjubjub.ts'
import type { ActOf } from './act.ts'
import type { BallotContext } from './ballot.ts'
import { ruleParameters, usedSlots } from './contest.ts'
import type { LogOrigin } from './genesis.ts'
import type { Manifest } from './manifest.ts'
import { scope } from './scope.ts'

/** Context of every ballot of one contest. `opening` has been admitted, so that its key decodes and its packing fits.
 *  @param election E, SHA-256 of the opening entry */
export function ballotContext(
  log: LogOrigin,
  election: Uint8Array,
  opening: ActOf<'open-election'>,
  manifest: Manifest,
  index: number,
): BallotContext {
  const contest = manifest.contests[index]
  const opened = opening.contests[index]
  if (contest === undefined || opened === undefined) throw new Error(`no contest ${index}`)
  const { circuit, bits, perCiphertext, ciphertexts, root } = opened
  const { x, y } = decodeKey(opening.key).toAffine()
  return {
    election,
    contest: index,
    circuit,
    scope: scope(log, 'contest', election, index),
    root: CIRCUITS[circuit].levels === 12 ? extendRoot(root) : root,
    key: [x, y],
    rule: ruleParameters(contest, circuit),
    slots: usedSlots(contest),
    packing: { bits, perCiphertext, ciphertexts },
  }
}

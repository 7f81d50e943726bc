// Acts that wait for signatures: what they are, and whose could still come.
import { fromHex } from '#crypto/encoding.ts'
import { type Act, actCodec } from '#protocol/act.ts'
import { maySign } from '#protocol/approval.ts'
import { signingRole } from '#protocol/official.ts'
import type { AccountView, Me, ProposedView } from './api.ts'

/** The act behind its bytes. */
export function actOf({ act }: { readonly act: string }): Act {
  return actCodec.decode(fromHex(act))
}

/** Whether somebody may sign such acts: the record names them, in a role that has a say in it. */
export function maySignAs({ named, role }: Pick<Me, 'named' | 'role'>, { type }: Act): boolean {
  const signs = signingRole(role)
  return named && signs !== undefined && maySign(signs, type)
}

/** How many signatures an act lacks, and by name whose could be among them. */
export function lacking(
  proposed: ProposedView,
  people: readonly AccountView[],
): { missing: number; names: readonly string[] } {
  const act = actOf(proposed)
  const could = people.filter((one) => maySignAs(one, act) && !proposed.approvers.includes(one.id))
  return { missing: proposed.needed - proposed.approvers.length, names: could.map(({ name }) => name) }
}

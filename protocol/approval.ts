// Whether enough of those who may have agreed to an official act. SPEC 7.4, 7.8.
import { checkEd25519 } from '#crypto/ed25519.ts'
import { type Act, ACT_CLASS, actStatement, type SignedAct } from './act.ts'
import type { Genesis, LogOrigin } from './genesis.ts'
import type { Officials, Role } from './official.ts'
import { checkAssertion } from './passkey.ts'
import type { RefusalCode } from './refusal.ts'

/** Who may sign: the signers of genesis and, from the first change of officials on, those that the latest one names. */
export interface Authority {
  readonly log: LogOrigin
  readonly genesis: Genesis
  readonly officials: Officials | undefined
}

/** What the signers of genesis, keys of servers, may still sign alone once there are officials: what follows from the
 *  register of voters and from the clock. */
const BY_SERVER: ReadonlySet<Act['type']> = new Set(['add-to-roll', 'close-election'])

/** What those who are not owners may sign. */
const BY_ROLE: Readonly<Record<Exclude<Role, 'owner'>, ReadonlySet<Act['type']>>> = {
  registrar: new Set([
    ...(['list-voters', 'unlist-voters', 'add-to-roll', 'remove-from-roll', 'freeze-roll'] as const),
    'vouch-name',
  ]),
  moderator: new Set(['moderate']),
}

/** 'act-signer-unknown', 'act-not-theirs', 'act-reason-missing', 'act-signature-invalid', 'act-approvals-too-few', or
 *  undefined: enough distinct people who may have signed. */
export function checkApprovals(authority: Authority, signed: SignedAct): RefusalCode | undefined {
  const { log, genesis, officials } = authority
  const statement = actStatement(log, signed)
  const { type } = signed.act
  const approvers = new Set<string>()
  let byServer = false
  for (const approval of signed.approvals) {
    const { signer } = approval
    if (approvers.has(signer)) return 'act-signer-unknown'
    if (approval.kind === 'ed25519') {
      const known = genesis.signers.find((s) => s.id === signer)
      if (known === undefined) return 'act-signer-unknown'
      if (officials !== undefined && !BY_SERVER.has(type)) return 'act-not-theirs'
      if (!checkEd25519(known.key, statement, approval.proof)) return 'act-signature-invalid'
      byServer = true
    } else {
      const known = officials?.officials.find((o) => o.id === signer)
      if (known === undefined) return 'act-signer-unknown'
      if (!maySign(known.role, type)) return 'act-not-theirs'
      if (signed.reason === undefined) return 'act-reason-missing'
      if (!checkAssertion(genesis, known.key, statement, approval.proof)) return 'act-signature-invalid'
    }
    approvers.add(signer)
  }
  const { approvals } = officials ?? genesis
  const needed = officials !== undefined && byServer ? 1 : approvals[ACT_CLASS[type]]
  return approvers.size < needed ? 'act-approvals-too-few' : undefined
}

/** Whether somebody in this role may sign such acts. */
export function maySign(role: Role, type: Act['type']): boolean {
  return role === 'owner' || BY_ROLE[role].has(type)
}

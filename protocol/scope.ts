// The scopes of nullifiers: what one person does in one of them cannot be linked to what they do in another. SPEC 4.3.
import { hashToField } from '#crypto/hash.ts'
import { encodeCbor } from './codec.ts'
import type { LogOrigin } from './genesis.ts'

/** Kinds of acts whose nullifiers must never be linkable to one another. */
export type ScopeKind = 'contest' | 'support' | 'opinion' | 'pseudonym' | 'report' | 'speaker'

/** The field element under which a nullifier is unique; clients compute it and never accept one. SPEC 4.3. */
export function scope(
  log: LogOrigin,
  kind: ScopeKind,
  ...ids: readonly (Uint8Array | string | number)[]
): bigint {
  return hashToField('scope', encodeCbor([log.origin, log.genesis, kind, ...ids]))
}

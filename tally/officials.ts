// A change of officials at the gate. SPEC 7.8.
import { isEs256Key } from '#crypto/es256.ts'
import type { ActOf } from '#protocol/act.ts'
import { ensure } from '#protocol/refusal.ts'
import type { RecordState } from './state.ts'

/** Nobody alone decides what voters rely on, once there are two who could. SPEC 7.8. */
export function admitOfficials(
  { founded, officials: before }: RecordState,
  { officials, approvals }: ActOf<'change-officials'>,
): void {
  for (const { id, key } of officials) {
    ensure(isEs256Key(key), 'officials-invalid', `the key of ${id}`)
    const taken = founded?.genesis.signers.some((signer) => signer.id === id) === true
    ensure(!taken, 'officials-invalid', `${id} is a signer of genesis`)
  }
  const owners = ownersIn(officials)
  ensure(
    owners >= Math.min(2, ownersIn(before?.now.officials ?? [])),
    'officials-invalid',
    'two owners stay two',
  )
  const { routine, decisive } = approvals
  ensure(routine >= 1 && routine <= owners, 'officials-invalid', 'approvals of routine acts')
  ensure(
    decisive >= Math.min(2, owners) && decisive <= owners,
    'officials-invalid',
    'approvals of decisive acts',
  )
}

function ownersIn(officials: ActOf<'change-officials'>['officials']): number {
  return officials.filter(({ role }) => role === 'owner').length
}

// The credential's secret, apart from its backups: what looks a voter up on a roll or votes for them needs no more. SPEC 4.1.
import { hashToField } from '#crypto/hash.ts'

/** The credential secret s of a seed. */
export function credentialSecret(seed: Uint8Array): bigint {
  return hashToField('credential', seed)
}

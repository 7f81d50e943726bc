// Officials: people who sign official acts with a passkey that they use for nothing else. SPEC 7.8.
import * as z from 'zod/mini'
import { toHex } from '#crypto/encoding.ts'
import { bytes, bytesUpTo, slug, text } from './codec.ts'
import { approvalCounts, distinct } from './genesis.ts'

/** What an official may sign: an `owner` everything, a `registrar` what concerns rolls and names, a `moderator` decisions about
 *  people's words. */
export const ROLES = ['owner', 'registrar', 'moderator'] as const
export type Role = (typeof ROLES)[number]

/** The role as the record can name it; undefined of those whose accounts sign nothing. */
export function signingRole(role: string): Role | undefined {
  return ROLES.find((known) => known === role)
}

const official = z.strictObject({
  id: slug,
  name: text(200),
  role: z.enum(ROLES),
  /** ES256 public key, 0x04 || x || y. */
  key: bytes(65),
})
export type Official = z.output<typeof official>

/** The officials from here on, all of them, and how many of them must agree. */
export const changeOfficials = z.strictObject({
  type: z.literal('change-officials'),
  officials: z.array(official).check(
    z.minLength(1),
    z.maxLength(64),
    z.refine(
      (x) => distinct(x.map((o) => o.id)) && distinct(x.map((o) => toHex(o.key))),
      'an official twice',
    ),
  ),
  approvals: approvalCounts,
})
export type Officials = z.output<typeof changeOfficials>

/** What a passkey makes of a challenge (WebAuthn Level 3, 5.2.2): authenticatorData, clientDataJSON, signature. */
export const assertion = z.tuple([bytesUpTo(1024), bytesUpTo(2048), bytesUpTo(80)])
export type Assertion = z.output<typeof assertion>

/** One official's agreement to an act. */
export const approval = z.discriminatedUnion('kind', [
  z.strictObject({ signer: slug, kind: z.literal('ed25519'), proof: bytes(64) }),
  z.strictObject({ signer: slug, kind: z.literal('webauthn'), proof: assertion }),
])

// Assertions of passkeys (WebAuthn Level 3, section 7.2), as far as they can be checked by anybody at any time. SPEC 7.8.
import * as z from 'zod/mini'
import { concat, equalBytes } from '#crypto/encoding.ts'
import { checkEs256 } from '#crypto/es256.ts'
import { sha256 } from '#crypto/hash.ts'
import { encodeBase64Url } from '#ledger/base64.ts'
import type { Genesis } from './genesis.ts'
import type { Assertion } from './official.ts'

/** Flags of authenticatorData: user present, user verified; those that say that more data follows. */
const PRESENT_AND_VERIFIED = 0x05
const MORE_DATA = 0xc0
const BARE_LENGTH = 37

const clientDataSchema = z.looseObject({
  type: z.literal('webauthn.get'),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.optional(z.literal(false)),
  topOrigin: z.optional(z.never()),
})

/** Whether a person, verified by the passkey with this key, signed the 32 bytes of `challenge` at one of the officials'
 *  own pages. */
export function checkAssertion(
  { relyingParty, webOrigins }: Pick<Genesis, 'relyingParty' | 'webOrigins'>,
  key: Uint8Array,
  challenge: Uint8Array,
  [authenticatorData, clientDataJson, signature]: Assertion,
): boolean {
  const flags = authenticatorData[32] ?? 0
  const client = clientDataSchema.safeParse(jsonOf(clientDataJson)).data
  return (
    equalBytes(authenticatorData.subarray(0, 32), sha256(new TextEncoder().encode(relyingParty))) &&
    (flags & PRESENT_AND_VERIFIED) === PRESENT_AND_VERIFIED &&
    ((flags & MORE_DATA) !== 0 || authenticatorData.length === BARE_LENGTH) &&
    client?.challenge === encodeBase64Url(challenge) &&
    webOrigins.includes(client.origin) &&
    checkEs256(key, concat(authenticatorData, sha256(clientDataJson)), signature)
  )
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}

// Registration of credentials with one-time codes, or with the ticket of a voter who has signed in (SPEC 4.4).
import * as z from 'zod/mini'
import { decodeField } from '#crypto/babyjubjub.ts'
import { EncodingError, fromHex } from '#crypto/encoding.ts'
import { Attempts } from './attempts.ts'
import { type Entitlement, isUnknownCode } from './data/register.ts'
import { guard } from './guard.ts'
import { hashText, operation, type Operation } from './operation.ts'
import type { Parts } from './parts.ts'
import { Problem } from './problem.ts'
import { sourceOf } from './source.ts'

const claimSchema = z.strictObject({ code: z.string().check(z.maxLength(64)), commitment: hashText })
const registeredSchema = z.strictObject({
  process: z.string(),
  roll: z.string(),
  /** Place in the roll. */
  index: z.int().check(z.gte(0)),
  entry: z.int().check(z.gte(0)),
})

type Needed = Pick<Parts, 'registrar' | 'signIns' | 'proxies' | 'clock'>

export function registrationOperations({ registrar, signIns, proxies, clock }: Needed): Operation[] {
  const attempts = new Attempts(clock)
  const entitlement = (code: string, commitment: string): Entitlement => {
    if (signIns?.isTicket(code) !== true) return { code }
    const id = signIns.rowFor(code, commitment)
    if (id === undefined)
      throw new Problem('sign-in-failed', 'This sign-in was too long ago, or has been used.')
    return { id }
  }
  return [
    operation(
      {
        method: 'POST',
        path: '/api/registrations',
        access: 'anybody',
        summary:
          'Puts a credential on the roll that a one-time code or a ticket is for. The same again gives the same answer.',
        parameters: {},
        query: {},
        body: {
          type: 'application/json',
          maximum: 1024,
          schema: claimSchema,
          description:
            'The code as it was typed, or the ticket of a sign-in, and the commitment (32 bytes, hexadecimal).',
        },
        success: [
          { status: 201, description: 'Registered.', type: 'application/json', schema: registeredSchema },
        ],
      },
      ({ body: { code, commitment }, c }) =>
        guard(
          attempts,
          sourceOf(c, proxies),
          async () => {
            const by = entitlement(code, commitment)
            const registered = await registrar.register(by, fieldBytes(commitment))
            if ('id' in by) signIns?.used(code, commitment)
            return c.json(registered, 201)
          },
          isUnknownCode,
        ),
    ),
  ]
}

/** Canonical field elements only, since nothing else can stand on the roll. */
function fieldBytes(text: string): Uint8Array {
  const bytes = fromHex(text)
  try {
    decodeField(bytes)
    return bytes
  } catch (error) {
    if (error instanceof EncodingError) throw new Problem('malformed', 'Not as it must be: commitment.')
    throw error
  }
}

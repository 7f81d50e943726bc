// Registration of credentials with one-time codes (SPEC 4.4).
import * as z from 'zod/mini'
import { decodeField } from '#crypto/babyjubjub.ts'
import { EncodingError, fromHex } from '#crypto/encoding.ts'
import { Attempts } from './attempts.ts'
import { RegisterRefusal } from './data/register.ts'
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

type Needed = Pick<Parts, 'registrar' | 'proxies' | 'clock'>

export function registrationOperations({ registrar, proxies, clock }: Needed): Operation[] {
  const attempts = new Attempts(clock)
  return [
    operation(
      {
        method: 'POST',
        path: '/api/registrations',
        access: 'anybody',
        summary:
          'Puts a credential on the roll that a one-time code is for. The same again gives the same answer.',
        parameters: {},
        query: {},
        body: {
          type: 'application/json',
          maximum: 1024,
          schema: claimSchema,
          description: 'The code as it was typed, and the commitment (32 bytes, hexadecimal).',
        },
        success: [
          { status: 201, description: 'Registered.', type: 'application/json', schema: registeredSchema },
        ],
      },
      async ({ body: { code, commitment }, c }) => {
        const source = sourceOf(c, proxies)
        const wait = attempts.wait(source)
        if (wait > 0) throw new Problem('too-many-attempts', 'Too many wrong codes from here.', wait)
        try {
          return c.json(await registrar.register(code, fieldBytes(commitment)), 201)
        } catch (error) {
          if (error instanceof RegisterRefusal && error.code === 'code-unknown') attempts.fail(source)
          throw error
        }
      },
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

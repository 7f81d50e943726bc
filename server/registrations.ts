// Registration of credentials with one-time codes, and the operator's import of who may register (SPEC 4.4).
import * as z from 'zod/mini'
import type { Context } from 'hono'
import { decodeField } from '#crypto/babyjubjub.ts'
import { EncodingError, fromHex } from '#crypto/encoding.ts'
import { slug } from '#protocol/codec.ts'
import { Refusal } from '#protocol/refusal.ts'
import { Attempts, sourceOf } from './attempts.ts'
import { importVoters, type IssuedCode, RegisterRefusal, type RegisterRow } from './data/register.ts'
import { hashText, operation, type Operation } from './operation.ts'
import type { Parts } from './parts.ts'
import { Problem } from './problem.ts'

const claimSchema = z.strictObject({ code: z.string().check(z.maxLength(64)), commitment: hashText })
const registeredSchema = z.strictObject({
  process: z.string(),
  roll: z.string(),
  /** Place in the roll. */
  index: z.int().check(z.gte(0)),
  entry: z.int().check(z.gte(0)),
})

type Needed = Pick<Parts, 'board' | 'database' | 'registrar' | 'proxies' | 'clock'>

export function registrationOperations(parts: Needed): Operation[] {
  const { board, database, registrar, proxies, clock } = parts
  const attempts = new Attempts(clock)
  return [
    operation(
      {
        method: 'POST',
        path: '/api/registrations',
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
        const source = sourceOf(addressOf(c), c.req.header('x-forwarded-for'), proxies)
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
    operation(
      {
        method: 'POST',
        path: '/api/operator/voters',
        summary: 'Adds voters to the register of a roll, all or none; answers with a one-time code for each.',
        parameters: {},
        query: { process: slug, roll: slug },
        operator: true,
        body: {
          type: 'text/csv',
          maximum: 32 * 2 ** 20,
          description: 'Lines `row,weight` in UTF-8 without a heading; the row may be quoted.',
        },
        success: [{ status: 200, description: 'Lines `row,code` in the same order.', type: 'text/csv' }],
      },
      async ({ query: { process, roll }, body, c }) => {
        if (board.state.processes.get(process)?.rolls.get(roll)?.frozen !== undefined) {
          throw new Refusal('roll-frozen', roll)
        }
        const issued = await importVoters(database, { process, roll, rows: rowsOf(body) })
        c.header('Cache-Control', 'no-store')
        return c.body(writeCsv(issued), 200, { 'Content-Type': 'text/csv; charset=utf-8' })
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

/** Address of the other end of the connection. */
function addressOf(c: Context): string {
  const bindings = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined
  return bindings?.incoming?.socket?.remoteAddress ?? 'unknown'
}

// eslint-disable-next-line @typescript-eslint/require-await -- the register takes rows as they come
async function* rowsOf(csv: Uint8Array): AsyncGenerator<RegisterRow> {
  let line = 0
  for (const text of textOf(csv).split(/\r?\n/)) {
    line += 1
    if (text === '') continue
    const comma = text.lastIndexOf(',')
    const weight = text.slice(comma + 1)
    if (comma < 0) throw new RegisterRefusal('row-malformed', line)
    if (!/^[1-9][0-9]{0,5}$/.test(weight)) throw new RegisterRefusal('weight-invalid', line)
    yield { row: unquote(text.slice(0, comma), line), weight: BigInt(weight) }
  }
}

function textOf(csv: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(csv)
  } catch {
    throw new Problem('malformed', 'The body is not UTF-8.')
  }
}

/** A field of RFC 4180: bare, or in quotation marks with inner ones doubled. */
function unquote(field: string, line: number): string {
  if (!field.includes('"')) return field
  if (!/^"(?:[^"]|"")*"$/.test(field)) throw new RegisterRefusal('row-malformed', line)
  return field.slice(1, -1).replaceAll('""', '"')
}

function writeCsv(issued: readonly IssuedCode[]): string {
  const quote = (field: string) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)
  return issued.map(({ row, code }) => `${quote(row)},${code}\n`).join('')
}

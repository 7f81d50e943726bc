// Who may register (SPEC 4.4): the import of a roll's register, by the operator or by officials, and how far each roll is.
import type { Context } from 'hono'
import * as z from 'zod/mini'
import { toHex } from '#crypto/encoding.ts'
import { slug } from '#protocol/codec.ts'
import { Refusal } from '#protocol/refusal.ts'
import { formatCsv } from '#tally/formats/csv.ts'
import { parseSeparated, SeparatedError } from '#tally/formats/separated.ts'
import { streamOf } from './answer.ts'
import { drawCodes } from './data/printing.ts'
import {
  checkRows,
  countRows,
  importVoters,
  type IssuedCode,
  type Language,
  RegisterRefusal,
  type RegisterRow,
} from './data/register.ts'
import { LANGUAGES } from './data/schema.ts'
import { checkSigned, hashList, isSigned } from './lists.ts'
import { answers, body, EVERYBODY, READERS, SIGNERS } from './officials/shapes.ts'
import { hashText, officialOf, operation, type Operation } from './operation.ts'
import type { Parts } from './parts.ts'
import { Problem } from './problem.ts'

const count = z.int().check(z.gte(0))
const roll = z.strictObject({
  process: z.string(),
  roll: z.string(),
  /** In the register, and how many of them have claimed a credential. */
  rows: count,
  registered: count,
  /** On the ledger. */
  size: count,
  frozen: z.boolean(),
})
export type RollView = z.output<typeof roll>

/** All five fields at their longest, with each quotation mark doubled. */
const LONGEST_LINE = 2000

/** The import, whoever asks for it. */
const IMPORT = {
  method: 'POST',
  summary:
    'Adds voters to the register of a roll, all or none; answers with a one-time code for each. Officials first agree to the list.',
  parameters: {},
  query: { process: slug, roll: slug },
  body: {
    type: 'text/csv',
    maximum: 32 * 2 ** 20,
    description:
      'Lines `row,weight`, with `,address`, `,language` and `,identity` behind as far as wanted, in UTF-8 without a heading.',
  },
  success: [{ status: 200, description: 'Lines `row,code` in the same order.', type: 'text/csv' }],
} as const

const listing = z.strictObject({
  rows: count,
  /** By which the act that agrees to it names it. */
  list: hashText,
  /** Whether the record has that act. */
  signed: z.boolean(),
})
export type ListingView = z.output<typeof listing>

type Needed = Pick<Parts, 'board' | 'database' | 'officials' | 'operator' | 'clock'>

export function voterOperations({ board, database, officials, operator, clock }: Needed): Operation[] {
  const openRoll = (process: string, roll: string): void => {
    if (board.state.processes.get(process)?.rolls.get(roll)?.frozen !== undefined)
      throw new Refusal('roll-frozen', roll)
  }
  const take = (process: string, roll: string, csv: Uint8Array): Promise<IssuedCode[]> => {
    const list = hashList(operator, { process, roll }, csv)
    const allowed = (): void => {
      openRoll(process, roll)
      // As long as there are no officials nobody could sign.
      if (board.state.officials !== undefined) checkSigned(board.state, process, list)
    }
    allowed()
    return importVoters(database, { process, roll, rows: rowsIn(csv), allowed })
  }
  return [
    operation(
      { ...IMPORT, path: '/api/operator/voters', access: 'operator' },
      async ({ query: { process, roll }, body, c }) => codesFor(c, await take(process, roll, body)),
    ),
    operation(
      { ...IMPORT, path: '/api/officials/voters', access: SIGNERS },
      async ({ query: { process, roll }, body, c }) => {
        const issued = await take(process, roll, body)
        await officials.accounts.note(officialOf(c).id, 'imported', `${process}/${roll} ${issued.length}`)
        return codesFor(c, issued)
      },
    ),
    operation(
      {
        ...{ method: 'POST', path: '/api/officials/lists', access: READERS },
        summary:
          'Looks a list of voters through, of which nothing is stored, and says by which hash two officials agree to it.',
        ...{ parameters: {}, query: IMPORT.query, body: IMPORT.body },
        success: answers(listing),
      },
      async ({ query: of, body, c }) => {
        const list = hashList(operator, of, body)
        const signed = isSigned(board.state, of.process, list)
        const answer: ListingView = { rows: await checkRows(rowsIn(body)), list: toHex(list), signed }
        return c.json(answer)
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/letters',
        access: SIGNERS,
        summary:
          'Letters with new codes for all of a roll who have not registered, a page each; handed out once.',
        parameters: {},
        query: {},
        body: body(
          z.strictObject({ process: slug, roll: slug, language: z.enum(LANGUAGES) }),
          'Which roll, and the language for those of whom none is known.',
        ),
        success: [{ status: 200, description: 'A tagged PDF.', type: 'application/pdf' }],
      },
      async ({ body: { process, roll, language }, c }) => {
        openRoll(process, roll)
        await officials.accounts.note(officialOf(c).id, 'mailed', `${process}/${roll} letters`)
        const { printLetters } = await import('./print/letters.ts')
        const name = { process, roll }
        const letters = printLetters(board.state, drawCodes(database, name), { name, language, now: clock() })
        c.header('Cache-Control', 'no-store')
        c.header('Content-Type', 'application/pdf')
        return c.body(streamOf(letters))
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/officials/rolls',
        access: EVERYBODY,
        summary: 'All rolls that the ledger or the register names, and how many have registered.',
        parameters: {},
        query: {},
        success: answers(z.strictObject({ rolls: z.array(roll) })),
      },
      async ({ c }) => c.json({ rolls: await rollsOf({ board, database }) }),
    ),
  ]
}

/** In the ledger's order, then those that only the register names. */
async function rollsOf({ board, database }: Pick<Parts, 'board' | 'database'>): Promise<RollView[]> {
  const { processes } = board.state
  const named = [...processes].flatMap(([process, { rolls, elections }]) => {
    const wanted = [...elections.values()].flatMap(({ manifest }) =>
      manifest.contests.map(({ roll }) => roll),
    )
    return [...rolls.keys(), ...wanted].map((roll) => ({ process, roll, rows: 0, registered: 0 }))
  })
  const all = [...named, ...(await countRows(database))].map(
    (one) => [`${one.process}/${one.roll}`, one] as const,
  )
  return [...new Map(all).values()].map((one) => {
    const known = processes.get(one.process)?.rolls.get(one.roll)
    return { ...one, size: known?.credentials.length ?? 0, frozen: known?.frozen !== undefined }
  })
}

/** Its rows, made anew whenever somebody goes through them. */
function rowsIn(csv: Uint8Array): Iterable<RegisterRow> {
  const text = textOf(csv)
  return { [Symbol.iterator]: () => rowsOf(text) }
}

function* rowsOf(csv: string): Generator<RegisterRow> {
  let line = 0
  for (let at = 0, end; at < csv.length; at = end + 1) {
    const found = csv.indexOf('\n', at)
    end = found === -1 ? csv.length : found
    const text = csv.slice(at, end).replace(/\r$/, '')
    line += 1
    if (text === '') continue
    const [row, weight, address = '', language = '', identity = '', ...more] = fieldsOf(text, line)
    if (row === undefined || weight === undefined || more.length > 0)
      throw new RegisterRefusal('row-malformed', line)
    if (!/^[1-9][0-9]{0,5}$/.test(weight)) throw new RegisterRefusal('weight-invalid', line)
    yield {
      ...{ row, weight: BigInt(weight) },
      ...(address !== '' && { address }),
      ...(language !== '' && { language: languageOf(language, line) }),
      ...(identity !== '' && { identity }),
    }
  }
}

function languageOf(text: string, line: number): Language {
  const found = LANGUAGES.find((known) => known === text)
  if (found === undefined) throw new RegisterRefusal('language-unknown', line)
  return found
}

function textOf(csv: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(csv)
  } catch {
    throw new Problem('malformed', 'The body is not UTF-8.')
  }
}

/** A line's fields (RFC 4180). No identifier has line ends in it. What is too long for any row is not looked at. */
function fieldsOf(text: string, line: number): string[] {
  if (text.length > LONGEST_LINE) throw new RegisterRefusal('row-malformed', line)
  try {
    return parseSeparated(text, ',').flatMap(({ fields }) => fields)
  } catch (error) {
    if (error instanceof SeparatedError) throw new RegisterRefusal('row-malformed', line)
    throw error
  }
}

/** The codes, which nobody in between may keep, for a spreadsheet. */
function codesFor(c: Context, issued: readonly IssuedCode[]): Response {
  c.header('Cache-Control', 'no-store')
  const lines = formatCsv(issued.map(({ row, code }) => [row, code]))
  return c.body(lines, 200, { 'Content-Type': 'text/csv; charset=utf-8' })
}

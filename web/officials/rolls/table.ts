// A list of voters as spreadsheets save it: found out how it is written, read, and looked through row by row before
// anything goes to the server.
import { formatCsv } from '#tally/formats/csv.ts'
import { type Locale, locales } from '#words/runtime.js'
import { formatSeparated, parseSeparated, SeparatedError, type Separator } from '#tally/formats/separated.ts'

/** A file larger than this is no list of voters; the server takes as much. */
const LARGEST = 32 * 2 ** 20
const LONGEST = 200
const HEAVIEST = 65_535
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u

export interface Row {
  /** Where it begins in the file, from 1. */
  readonly line: number
  readonly fields: readonly string[]
}

/** The file's first row, and all that follow. */
export interface Table {
  readonly header: readonly string[]
  readonly rows: readonly Row[]
  /** Not UTF-8: letters beyond a to z may be wrong. */
  readonly guessed: boolean
}

/** What columns mean, by number; `weight` undefined where everybody's is 1, `address` where nobody gets mail, `identity` where
 *  nobody signs in. */
export interface Mapping {
  readonly row: number
  readonly weight: number | undefined
  readonly address: number | undefined
  /** One for all mails, or a column. */
  readonly language: Locale | number
  readonly identity: number | undefined
}

export type RowProblem =
  'columns' | 'empty' | 'long' | 'unprintable' | 'twice' | 'weight' | 'address' | 'language' | 'identity'
export interface Finding {
  readonly line: number
  readonly problem: RowProblem
}

/** A file that is no table. `code` is one of the app's words for failures. */
export class TableError extends Error {
  readonly code: 'table-large' | 'table-unreadable' | 'table-empty'

  constructor(code: TableError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** Reads a file of comma-, semicolon- or tab-separated values with a heading. Rejects with `TableError`. */
export async function readTable(file: Blob): Promise<Table> {
  return tableOf(await readText(file))
}

/** A file's text, and whether how it is written had to be guessed. Rejects with `TableError` where it is too large. */
export async function readText(file: Blob): Promise<{ text: string; guessed: boolean }> {
  if (file.size > LARGEST) throw new TableError('table-large', 'over 32 MB')
  return decoded(new Uint8Array(await file.arrayBuffer()))
}

/** The table that a text is. Throws `TableError`. */
export function tableOf({ text, guessed }: { text: string; guessed: boolean }): Table {
  const [header, ...rows] = records(text).filter(({ fields }) => fields.some((field) => field !== ''))
  if (header === undefined || rows.length === 0) throw new TableError('table-empty', 'no rows')
  const width = header.fields.length
  return {
    header: header.fields,
    rows: rows.map((row) => ({ ...row, fields: squared(row.fields, width) })),
    guessed,
  }
}

/** Every problem, in the order of the rows. */
export function problemsOf({ header, rows }: Pick<Table, 'header' | 'rows'>, mapping: Mapping): Finding[] {
  const seen = new Set<string>()
  const identities = new Set<string>()
  return rows.flatMap((row) => {
    const [id, identity] = [idOf(row, mapping), identityOf(row, mapping)]
    const problem =
      row.fields.length === header.length
        ? (problemOf(id, weightOf(row, mapping), seen) ??
          mailProblemOf(row, mapping) ??
          identityProblemOf(identity, identities))
        : 'columns'
    seen.add(id)
    identities.add(identity)
    return problem === undefined ? [] : [{ line: row.line, problem }]
  })
}

/** Lines `row,weight`, with `,address,language,identity` behind as far as they say anything, for the server. */
export function linesOf(rows: readonly Row[], mapping: Mapping): string {
  const fields = rows.map((row) => {
    const own = [idOf(row, mapping), weightOf(row, mapping)]
    const [address, identity] = [addressOf(row, mapping), identityOf(row, mapping)]
    const language = address === '' ? '' : languageOf(row, mapping)
    if (identity !== '') return [...own, address, language, identity]
    return address === '' ? own : [...own, address, language]
  })
  return formatSeparated(fields, ',')
}

/** The file's own rows with each voter's code behind, for a mail merge.
 *  @param answer the server's lines `row,code`, in the order of the rows */
export function withCodes({ header, rows }: Table, answer: string, title: string): string {
  const codes = parseSeparated(answer, ',').map(({ fields }) => fields.at(-1))
  if (codes.length !== rows.length) throw new Error('a code for each row')
  return formatCsv([[...header, title], ...rows.map(({ fields }, i) => [...fields, codes[i] ?? ''])])
}

/** As many fields as the heading has, as far as only empty ones are missing or too many: spreadsheets leave those out, or
 *  add them, as they like. */
function squared(fields: readonly string[], width: number): readonly string[] {
  const missing = Array.from({ length: Math.max(0, width - fields.length) }, () => '')
  return fields.slice(width).some((field) => field !== '') ? fields : [...fields.slice(0, width), ...missing]
}

function problemOf(id: string, weight: string, seen: ReadonlySet<string>): RowProblem | undefined {
  if (id === '') return 'empty'
  if (id.length > LONGEST) return 'long'
  if (UNPRINTABLE.test(id)) return 'unprintable'
  if (seen.has(id)) return 'twice'
  if (!/^[1-9][0-9]{0,4}$/.test(weight) || Number(weight) > HEAVIEST) return 'weight'
  return undefined
}

/** What the server would say of an address, which is not asked for everybody. */
function mailProblemOf(row: Row, mapping: Mapping): RowProblem | undefined {
  const address = addressOf(row, mapping)
  if (address === '') return undefined
  if (address.length > 254 || !/^[^\s"(),:;<>@[\\\]]{1,64}@[\p{L}\p{N}.-]+$/u.test(address)) return 'address'
  return locales.some((known) => known === languageOf(row, mapping)) ? undefined : 'language'
}

/** What the server would say of an identity. */
function identityProblemOf(identity: string, seen: ReadonlySet<string>): RowProblem | undefined {
  if (identity === '') return undefined
  return identity.length > LONGEST || UNPRINTABLE.test(identity) || seen.has(identity)
    ? 'identity'
    : undefined
}

function identityOf({ fields }: Row, { identity }: Mapping): string {
  return identity === undefined ? '' : (fields[identity] ?? '').normalize('NFC').trim()
}

function addressOf({ fields }: Row, { address }: Mapping): string {
  return address === undefined ? '' : (fields[address] ?? '').trim()
}

function languageOf({ fields }: Row, { language }: Mapping): string {
  return typeof language === 'string' ? language : (fields[language] ?? '').trim().toLowerCase()
}

function idOf({ fields }: Row, { row }: Mapping): string {
  return (fields[row] ?? '').normalize('NFC').trim()
}

function weightOf({ fields }: Row, { weight }: Mapping): string {
  return weight === undefined ? '1' : (fields[weight] ?? '').trim()
}

/** UTF-8, UTF-16 with its mark, or what older spreadsheets write in the west. */
function decoded(bytes: Uint8Array): { text: string; guessed: boolean } {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe)
    return { text: new TextDecoder('utf-16le').decode(bytes), guessed: false }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), guessed: false }
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), guessed: true }
  }
}

function records(text: string): Row[] {
  try {
    return parseSeparated(text, separatorOf(text))
  } catch (error) {
    if (error instanceof SeparatedError) throw new TableError('table-unreadable', `line ${error.line}`)
    throw error
  }
}

/** Whichever the first line has most of, outside quotes. */
function separatorOf(text: string): Separator {
  const [heading = ''] = text.slice(0, 10_000).split('\n')
  const bare = heading.replace(/"[^"]*"/g, '')
  const counts = ([',', ';', '\t'] as const).map((one) => ({ one, count: bare.split(one).length }))
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).one
}

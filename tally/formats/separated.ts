// Records of separated fields with double quotes (RFC 4180): PaBuLib's sections have `;` between them, spreadsheets also
// `,` or a tab.

export type Separator = ';' | ',' | '\t'

/** Fields of one record and the line (from 1) on which it begins. A blank line is a record of one empty field. */
export interface SeparatedRecord {
  line: number
  fields: string[]
}

/** Why and where a text is not separated records. */
export class SeparatedError extends Error {
  readonly line: number
  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

/**
 * All records. Lines end in LF or CRLF; a field in quotes may hold separators, line ends and doubled quotes; white
 * space around a field without quotes (a byte order mark is white space too) does not belong to it. Throws `SeparatedError` on a quote that is left open or
 * stands inside a field.
 */
export function parseSeparated(text: string, separator: Separator = ';'): SeparatedRecord[] {
  const field = FIELDS[separator]
  const records: SeparatedRecord[] = []
  let line = 1
  let at = 0
  while (at < text.length) {
    const record: SeparatedRecord = { line, fields: [] }
    for (;;) {
      field.lastIndex = at
      const [whole = '', quoted, plain = ''] = field.exec(text) ?? []
      at += whole.length
      if (quoted === undefined && plain.includes('"'))
        throw new SeparatedError(line, 'a quote inside a field, or left open')
      line += whole.split('\n').length - 1
      record.fields.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'))
      if (text[at] !== separator) break
      at += 1
    }
    const end = text.startsWith('\r\n', at) ? 2 : text.startsWith('\n', at) ? 1 : 0
    if (end === 0 && at < text.length)
      throw new SeparatedError(line, 'something stands after a closing quote')
    at += end
    line += 1
    records.push(record)
  }
  return records
}

/** Records as text, a quoted field only where it must be; `parseSeparated` gives the same fields back. */
export function formatSeparated(records: readonly (readonly string[])[], separator: Separator = ';'): string {
  const quoted = (field: string): string =>
    field.includes(separator) || /["\r\n]/.test(field) || field !== field.trim()
      ? `"${field.replaceAll('"', '""')}"`
      : field
  return records.map((fields) => fields.map(quoted).join(separator) + '\n').join('')
}

// A quoted field (group 1), or everything up to the next separator or line end (group 2).
const FIELDS = { ';': fieldOf(';'), ',': fieldOf(','), '\t': fieldOf('\t') }

function fieldOf(separator: Separator): RegExp {
  const blank = separator === '\t' ? ' *' : '[ \\t]*'
  const bare = `[^${separator}\\r\\n]*`
  return new RegExp(
    `${blank}"([^"]*(?:""[^"]*)*)"${blank}(?=${separator}|\\r?\\n|$)|(${bare}(?:\\r(?!\\n)${bare})*)`,
    'y',
  )
}

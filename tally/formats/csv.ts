// Comma-separated values (RFC 4180) for spreadsheets.

/** Records as text, each field quoted where it must be. A field that a spreadsheet would take for a formula gets an
 *  apostrophe in front, which is how spreadsheets mark text. */
export function formatCsv(records: readonly (readonly (string | bigint | number)[])[]): string {
  return records.map((fields) => `${fields.map(fieldOf).join(',')}\r\n`).join('')
}

function fieldOf(value: string | bigint | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

// Options of a question out of a file: a published budget (.pb), or a spreadsheet with titles in the first column and, where
// it has them, columns named `cost` and `description`.
import { parsePb, PbError } from '#tally/formats/pabulib.ts'
import { readText, TableError, tableOf } from '#web/officials/rolls/table.ts'
import type { ContestDraft, OptionDraft } from './draft.ts'

/** What the file says of a question. */
export type FromFile = Pick<ContestDraft, 'options'> & Partial<ContestDraft>

/** Reads such a file, whose texts are in this language. Rejects with `TableError`. */
export async function readOptions(file: Blob, language: string): Promise<FromFile> {
  const read = await readText(file)
  return /^\uFEFF?META\b/.test(read.text) ? fromBudget(read.text, language) : fromTable(read, language)
}

function fromBudget(text: string, language: string): FromFile {
  try {
    const { projects, budget, meta } = parsePb(text)
    return {
      options: projects.map(({ id, cost, row }) =>
        option(language, row.get('name') ?? id, row.get('description') ?? '', String(cost)),
      ),
      ...{ funds: true, budget: String(budget), currency: meta.get('currency') ?? '' },
    }
  } catch (error) {
    if (error instanceof PbError) throw new TableError('table-unreadable', error.message)
    throw error
  }
}

function fromTable(read: Parameters<typeof tableOf>[0], language: string): FromFile {
  const { header, rows } = tableOf(read)
  const column = (name: string) => header.findIndex((title) => title.trim().toLowerCase() === name)
  const [cost, description] = [column('cost'), column('description')]
  const options = rows.map(({ fields }) =>
    option(language, fields[0] ?? '', fields[description] ?? '', fields[cost] ?? ''),
  )
  return cost < 0 ? { options } : { options, funds: true }
}

function option(language: string, title: string, description: string, cost: string): OptionDraft {
  return { title: { [language]: title }, description: description ? { [language]: description } : {}, cost }
}

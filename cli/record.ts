// Where a record comes from on the command line: a file, or a server.
import { EncodingError } from '#crypto/encoding.ts'
import { openRecord, type PublicRecord } from '#tally/record.ts'
import { Unusable } from './command.ts'
import { withBytes } from './file.ts'
import { connect } from './server.ts'

/** Runs `use` with the record at a path or URL. Throws `Unusable` if there is none. */
export async function withRecord<T>(place: string, use: (record: PublicRecord) => Promise<T>): Promise<T> {
  if (/^https?:\/\//.test(place)) return connect(place).record(use)
  try {
    return await withBytes(place, async (source) => use(await openRecord(source)))
  } catch (error) {
    if (error instanceof EncodingError) throw new Unusable(`${place} is no Comitia record: ${error.message}`)
    throw error
  }
}

// Where a record comes from on the command line: a file, or a server.
import { EncodingError } from '#crypto/encoding.ts'
import type { Server } from '#client/server.ts'
import { openRecord, type PublicRecord } from '#tally/record.ts'
import { Unusable } from './command.ts'
import { withBytes } from './file.ts'
import { connect } from './server.ts'

/** Runs `use` with the record at a path or URL, and with the server that it is from. Throws `Unusable` if there is none. */
export async function withRecord<T>(
  place: string,
  use: (record: PublicRecord, server?: Server) => Promise<T>,
): Promise<T> {
  if (/^https?:\/\//.test(place)) {
    const server = connect(place)
    return server.record((record) => use(record, server))
  }
  try {
    return await withBytes(place, async (source) => use(await openRecord(source)))
  } catch (error) {
    if (error instanceof EncodingError) throw new Unusable(`${place} is no Comitia record: ${error.message}`)
    throw error
  }
}

// The whole record as one file, and the circuits' files (SPEC 7.6, 10).
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { UNPACKED_LENGTH } from '#client/server.ts'
import { toHex } from '#crypto/encoding.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import { parseVerifierKey } from '#ledger/note.ts'
import { formatLogPolicy } from '#ledger/policy.ts'
import { picturesOf } from '#protocol/contest.ts'
import type { Setup } from '#protocol/setup.ts'
import { writeRecord } from '#tally/record.ts'
import type { RecordState } from '#tally/state.ts'
import type { Attachments } from './attachments.ts'
import { bufferOf, immutable, reads, streamOf } from './answer.ts'
import { hashText, operation, type Operation } from './operation.ts'
import type { Parts } from './parts.ts'
import { Problem } from './problem.ts'

export function recordOperations({
  board,
  attachments,
  setups,
}: Pick<Parts, 'board' | 'attachments' | 'setups'>): Operation[] {
  const { ledger } = board
  return [
    operation(
      {
        method: 'GET',
        path: '/api/record',
        access: 'anybody',
        summary: 'The record so far as one file, which `comitia verify` checks.',
        parameters: {},
        query: {},
        success: [{ status: 200, description: 'A record file.', type: 'application/octet-stream' }],
      },
      ({ c }) => {
        // The checkpoint comes first: what is appended meanwhile is not part of it.
        const checkpoint = ledger.checkpoint()
        const file = recordFile({ board, attachments }, checkpoint)
        c.header('Content-Type', 'application/octet-stream')
        c.header('Content-Disposition', 'attachment; filename="record.comitia"')
        c.header('Cache-Control', 'no-cache')
        return c.body(streamOf(file))
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/artifacts/:hash',
        access: 'anybody',
        summary: 'A proving key, witness code or constraint file of a circuit by its SHA-256.',
        parameters: { hash: hashText },
        query: {},
        success: [{ status: 200, description: 'The file.', type: 'application/octet-stream' }],
      },
      async ({ parameters: { hash }, c }) => {
        // Looked up in a list of known files: what a request says is never part of a path.
        const file = setups.file(hash)
        if (file === undefined) throw new Problem('not-found', 'No such file.')
        const { size } = await stat(file.path)
        c.header('Vary', 'Accept-Encoding')
        c.header(UNPACKED_LENGTH, String(size))
        if (reads(c.req.header('accept-encoding'), 'br')) {
          c.header('Content-Encoding', 'br')
          return immutable(c.body(bufferOf(await setups.packed(file))), 'application/octet-stream')
        }
        c.header('Content-Length', String(size))
        return immutable(c.body(streamOf(createReadStream(file.path))), 'application/octet-stream')
      },
    ),
  ]
}

/** The record up to a checkpoint of the board's log, piece by piece. */
export function recordFile(
  { board: { ledger, state }, attachments }: Pick<Parts, 'board' | 'attachments'>,
  checkpoint: string,
): AsyncIterable<Uint8Array> {
  const { size } = parseCheckpoint(checkpoint)
  const policy = formatLogPolicy(parseVerifierKey(ledger.verifierKey))
  return writeRecord(policy, checkpoint, ledger.entries(0, size), namedIn(state, size, attachments))
}

/** The attachments that entries before `size` name, each once: setups of openings and plans, pictures of definitions,
 *  published files. */
async function* namedIn(
  state: RecordState,
  size: number,
  attachments: Attachments,
): AsyncGenerator<Uint8Array> {
  const processes = [...state.processes.values()]
  const elections = processes.flatMap((process) => [...process.elections.values()])
  const opened = elections.flatMap(({ opening }): readonly Setup[] =>
    opening !== undefined && opening.index < size ? opening.act.setups : [],
  )
  const planned = processes.flatMap(({ plans }) =>
    plans.flatMap(({ index, plan: { participation } }): readonly Setup[] =>
      participation !== undefined && index < size ? [participation.setup] : [],
    ),
  )
  const published = processes.flatMap(({ accountability: { publications } }) =>
    publications.flatMap(({ index, act }) => (index < size ? [act.file] : [])),
  )
  const pictures = elections.flatMap(({ definedAt, manifest }) =>
    definedAt < size ? picturesOf(manifest) : [],
  )
  const setups = [...opened, ...planned]
  const files = setups.flatMap(({ verificationKey, transcript }) => [verificationKey, transcript])
  for (const hash of new Set([...[...files, ...published].map(toHex), ...pictures])) {
    const content = await attachments.get(hash)
    if (content !== undefined) yield content
  }
}

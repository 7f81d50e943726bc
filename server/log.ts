// The log as everybody may read it: checkpoint, tiles, entries, trust policy (SPEC 7.5; C2SP tlog-tiles).
import * as z from 'zod/mini'
import { EncodingError } from '#crypto/encoding.ts'
import type { Ledger } from '#ledger/engine.ts'
import { parseVerifierKey } from '#ledger/note.ts'
import { formatLogPolicy } from '#ledger/policy.ts'
import { parseTilePath } from '#ledger/tile.ts'
import { bufferOf, immutable } from './answer.ts'
import { naturalText, operation, type Operation } from './operation.ts'
import { Problem } from './problem.ts'

export function logOperations(ledger: Ledger): Operation[] {
  return [
    operation(
      {
        method: 'GET',
        path: '/log/checkpoint',
        access: 'anybody',
        summary: 'The newest signed checkpoint.',
        parameters: {},
        query: {},
        success: [{ status: 200, description: 'A signed note (C2SP tlog-checkpoint).', type: 'text/plain' }],
      },
      ({ c }) => {
        c.header('Cache-Control', 'no-cache')
        return c.text(ledger.checkpoint())
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/log/policy',
        access: 'anybody',
        summary: 'The trust policy that believes this log and asks for no witness.',
        parameters: {},
        query: {},
        success: [{ status: 200, description: 'C2SP tlog-policy.', type: 'text/plain' }],
      },
      ({ c }) => c.text(formatLogPolicy(parseVerifierKey(ledger.verifierKey))),
    ),
    operation(
      {
        method: 'GET',
        path: '/log/entries/:index',
        access: 'anybody',
        summary: 'One entry.',
        parameters: { index: naturalText },
        query: {},
        success: [{ status: 200, description: 'Canonical CBOR.', type: 'application/cbor' }],
      },
      async ({ parameters: { index }, c }) => {
        if (index >= ledger.size) throw new Problem('not-found', 'No such entry.')
        return immutable(c.body(bufferOf(await ledger.entry(index))), 'application/cbor')
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/log/tile/:path{.+}',
        access: 'anybody',
        summary: 'A tile of hashes, or a bundle of entries: L/N[.p/W] or entries/N[.p/W].',
        parameters: { path: z.string().check(z.maxLength(100)) },
        query: {},
        success: [{ status: 200, description: 'C2SP tlog-tiles.', type: 'application/octet-stream' }],
      },
      async ({ parameters: { path }, c }) => {
        const { level, index, width } = parsePath(`tile/${path}`)
        const bytes =
          level === 'entries'
            ? await ledger.entryBundle(index, width)
            : await ledger.tile(level, index, width)
        if (bytes === undefined) throw new Problem('not-found', 'The log has no such tile yet.')
        return immutable(c.body(bufferOf(bytes)), 'application/octet-stream')
      },
    ),
  ]
}

function parsePath(path: string): ReturnType<typeof parseTilePath> {
  try {
    return parseTilePath(path)
  } catch (error) {
    if (error instanceof EncodingError) throw new Problem('malformed', error.message)
    throw error
  }
}

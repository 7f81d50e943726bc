// Attachments over HTTP: the operator brings in pictures of options (SPEC 8.1), everybody gets them and all others (7.6).
import * as z from 'zod/mini'
import { bufferOf, immutable } from './answer.ts'
import { hashText, operation, type Operation } from './operation.ts'
import type { Parts } from './parts.ts'
import { Problem } from './problem.ts'

/** Largest picture, bytes. */
const MAX_PICTURE = 512 * 1024

/** How each kind of picture begins; `undefined` stands for any byte. */
const KINDS: Readonly<Record<string, readonly (number | undefined)[]>> = {
  'image/png': [0x89, ...ascii('PNG'), 0x0d, 0x0a, 0x1a, 0x0a],
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/webp': [...ascii('RIFF'), ...Array<undefined>(4), ...ascii('WEBP')],
  'image/avif': [...Array<undefined>(4), ...ascii('ftypavif')],
}

const attachedSchema = z.strictObject({ hash: hashText })

export function pictureOperations({ attachments }: Pick<Parts, 'attachments'>): Operation[] {
  return [
    operation(
      {
        method: 'POST',
        path: '/api/operator/attachments',
        access: 'operator',
        summary:
          'Keeps a picture, which a manifest may then name by its SHA-256. The same again changes nothing.',
        parameters: {},
        query: {},
        body: {
          type: 'application/octet-stream',
          maximum: MAX_PICTURE,
          description: 'PNG, JPEG, WebP or AVIF, as its first bytes say.',
        },
        success: [{ status: 201, description: 'Kept.', type: 'application/json', schema: attachedSchema }],
      },
      async ({ body, c }) => {
        if (kindOf(body) === undefined)
          throw new Problem('unsupported-type', 'The file is neither PNG nor JPEG, WebP or AVIF.')
        const hash = await attachments.put(body)
        return c.json({ hash } satisfies z.output<typeof attachedSchema>, 201)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/attachments/:hash',
        access: 'anybody',
        summary: 'An attachment of the record by its SHA-256.',
        parameters: { hash: hashText },
        query: {},
        success: [
          {
            status: 200,
            description: 'Its content; a picture comes under its own media type.',
            type: 'application/octet-stream',
          },
        ],
      },
      async ({ parameters: { hash }, c }) => {
        const content = await attachments.get(hash)
        if (content === undefined) throw new Problem('not-found', 'No such attachment.')
        return immutable(c.body(bufferOf(content)), kindOf(content) ?? 'application/octet-stream')
      },
    ),
  ]
}

/** The media type that the first bytes show. */
function kindOf(content: Uint8Array): string | undefined {
  const fits = (start: readonly (number | undefined)[]) =>
    start.every((byte, i) => (byte === undefined ? i < content.length : byte === content[i]))
  return Object.keys(KINDS).find((kind) => fits(KINDS[kind] ?? []))
}

function ascii(text: string): number[] {
  return [...new TextEncoder().encode(text)]
}

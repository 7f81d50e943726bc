// Promises and spending over HTTP: for everybody to read and to take along, and documents that officials or the operator
// bring in, before an act names them. SPEC 13.1, 13.2.
import type { Context } from 'hono'
import * as z from 'zod/mini'
import { toHex } from '#crypto/encoding.ts'
import { slug } from '#protocol/codec.ts'
import { Refusal } from '#protocol/refusal.ts'
import { type Access, hashText, operation, type Operation } from '#server/operation.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import { canonicalBytes, publicationOf, releasesOf } from '#tally/formats/ocds.ts'
import type { ProcessState } from '#tally/state.ts'
import { Publications } from './publications.ts'
import { accountabilitySchema, accountabilityView } from './views.ts'

/** Largest document, bytes. */
const MAX_DOCUMENT = 16 * 2 ** 20

const named = z.strictObject({ ocid: z.string(), id: z.string(), hash: hashText })
const listSchema = z.strictObject({
  /** Each with the entry that published it, and whether the file that it stands in is still the one that was signed. */
  releases: z.array(
    z.strictObject({ ...named.shape, index: z.int(), time: z.int(), file: hashText, intact: z.boolean() }),
  ),
})
const checkedSchema = z.strictObject({
  /** Where (RFC 6901) and what; nothing is kept if there are any. */
  problems: z.array(z.strictObject({ path: z.string(), message: z.string() })),
  /** SHA-256 of the canonical form, under which it is kept. */
  file: z.nullable(hashText),
  releases: z.array(named),
})
export type CheckedView = z.output<typeof checkedSchema>

type Needed = Pick<Parts, 'board' | 'attachments' | 'clock'>

export function accountabilityOperations({ board, attachments, clock }: Needed): Operation[] {
  const { state } = board
  const files = new Publications(attachments, clock)

  function processOf(slug: string): ProcessState {
    const found = state.processes.get(slug)
    if (found === undefined) throw new Problem('not-found', 'No such process.')
    return found
  }
  const json = (schema: z.ZodMiniType, description = 'Here it is.') =>
    [{ status: 200, description, type: 'application/json', schema }] as const

  /** Takes a document in, whoever brings it. */
  const bringing = (path: string, access: Access) =>
    operation(
      {
        ...{ method: 'POST', path, access, parameters: {}, query: {} },
        summary:
          'Checks an OCDS 1.1 document and keeps it, if it is sound, for an act to publish. The same again changes nothing.',
        body: {
          ...{ type: 'application/json', maximum: MAX_DOCUMENT },
          description: 'A release package, a record package, a record or a release.',
        },
        success: json(checkedSchema, 'What is wrong with it, or what an act says of it.'),
      },
      async ({ body, c }) => {
        // The schema takes longer to load than the server to start.
        const { readOcds } = await import('#tally/formats/ocds-schema.ts')
        const { problems, document } = readOcds(decoded(body))
        if (problems.length > 0)
          return c.json({ problems: [...problems], file: null, releases: [] } satisfies CheckedView)
        const { file, releases } = publicationOf(document)
        await attachments.put(canonicalBytes(document))
        return c.json({
          ...{ problems: [], file: toHex(file) },
          releases: releases.map(({ hash, ...name }) => ({ ...name, hash: toHex(hash) })),
        } satisfies CheckedView)
      },
    )

  return [
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/accountability',
        access: 'anybody',
        summary: 'What was promised in a process and what became of it, and what is spent.',
        parameters: { process: slug },
        query: {},
        success: json(accountabilitySchema),
      },
      async ({ parameters: { process }, c }) =>
        c.json(await accountabilityView(process, processOf(process), board.time, files)),
    ),
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/releases',
        access: 'anybody',
        summary: 'All published releases by name.',
        parameters: { process: slug },
        query: {},
        success: json(listSchema),
      },
      async ({ parameters: { process }, c }) => {
        const { publications } = processOf(process).accountability
        const listed = publications.map(async (one) => {
          const intact = (await files.read(one)) !== undefined
          const { index, time, act } = one
          return act.releases.map(({ ocid, id, hash }) => ({
            ...{ ocid, id, hash: toHex(hash), index, time, file: toHex(act.file), intact },
          }))
        })
        return c.json({ releases: (await Promise.all(listed)).flat() })
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/releases/:ocid',
        access: 'anybody',
        summary: 'All published releases of a contracting process as an OCDS release package.',
        parameters: { process: slug, ocid: z.string().check(z.maxLength(200)) },
        query: {},
        success: json(z.looseObject({ releases: z.array(z.looseObject({})) }), 'A release package.'),
      },
      async ({ parameters: { process, ocid }, c }) => {
        const { publications } = processOf(process).accountability
        const own = publications.filter(({ act }) => act.releases.some((one) => one.ocid === ocid))
        const last = own.at(-1)
        const genesis = state.founded?.genesis
        if (last === undefined || genesis === undefined) throw new Problem('not-found', 'No such releases.')
        const texts = await Promise.all(
          own.map(async (one) => {
            const file = await files.read(one)
            // A part of them would pass for all of them.
            if (file === undefined) throw new Refusal('release-missing', `entry ${one.index}`)
            return file.text
          }),
        )
        const [origin = ''] = genesis.webOrigins
        download(c, `${ocid.replaceAll(/[^\w.-]/g, '_')}.json`)
        return c.json({
          uri: `${origin}/api/processes/${process}/releases/${encodeURIComponent(ocid)}`,
          version: '1.1',
          publishedDate: new Date(last.time).toISOString(),
          publisher: { name: genesis.origin },
          releases: texts
            .flatMap((text) => releasesOf(JSON.parse(text)))
            .filter((release) => release.ocid === ocid),
        })
      },
    ),
    bringing('/api/officials/releases', ['owner']),
    bringing('/api/operator/releases', 'operator'),
  ]
}

function download(c: Context, name: string): void {
  c.header('Content-Disposition', `attachment; filename="${name}"`)
}

function decoded(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw new Problem('malformed', 'The body is not UTF-8.')
  }
}

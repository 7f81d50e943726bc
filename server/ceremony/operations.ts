// How a ceremony is led and contributed to over HTTP. Its transcript and keys are everybody's to see.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import * as z from 'zod/mini'
import { fromHex } from '#crypto/encoding.ts'
import { text } from '#protocol/codec.ts'
import { immutable, streamOf } from '#server/answer.ts'
import { answers, body, DONE } from '#server/officials/shapes.ts'
import {
  contributorOf,
  hashText,
  naturalText,
  officialOf,
  operation,
  type Operation,
} from '#server/operation.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import { ceremonyView, circuit, turn } from './shapes.ts'

/** Bytes of the largest key, and of phase 1 for the largest circuit, with room. */
const MAX_FILE = 2 ** 25
const BASE = '/api/officials/ceremonies'

const beginning = z.strictObject({
  circuits: z.array(circuit).check(
    z.minLength(1),
    z.refine((circuits) => new Set(circuits).size === circuits.length),
  ),
  /** Which public value, not known yet, will end it. */
  beacon: text(500),
  /** SHA-256 of phase 1, as it was kept; without one it is the development setup's. */
  powers: z.nullable(hashText),
})
/** 1 to 255 bytes. */
const value = z.string().check(z.regex(/^([0-9a-f]{2}){1,255}$/))

export function ceremonyOperations({
  ceremonies,
  officials: { accounts },
}: Pick<Parts, 'ceremonies' | 'officials'>): Operation[] {
  return [
    operation(
      {
        method: 'GET',
        path: '/api/ceremonies',
        access: 'anybody',
        summary: 'The public transcripts of all ceremonies of the proof system that were held here.',
        parameters: {},
        query: {},
        success: answers(z.strictObject({ ceremonies: z.array(ceremonyView) })),
      },
      async ({ c }) => c.json({ ceremonies: await ceremonies.list() }),
    ),
    operation(
      {
        method: 'GET',
        path: '/api/ceremonies/keys/:hash',
        access: 'anybody',
        summary: 'A key of a ceremony by its SHA-256, which `comitia ceremony verify` checks.',
        parameters: { hash: hashText },
        query: {},
        success: [{ status: 200, description: 'A .zkey file.', type: 'application/octet-stream' }],
      },
      async ({ parameters: { hash }, c }) => {
        const file = await ceremonies.key(hash)
        if (file === undefined) throw new Problem('not-found', 'There is no such key.')
        c.header('Content-Length', String((await stat(file.path)).size))
        return immutable(c.body(streamOf(createReadStream(file.path))), 'application/octet-stream')
      },
    ),
    operation(
      {
        method: 'POST',
        path: `${BASE}/powers`,
        access: ['owner'],
        summary: 'Keeps a file of phase 1, if its hash is known; its SHA-256.',
        parameters: {},
        query: {},
        body: { type: 'application/octet-stream', maximum: MAX_FILE, description: 'A .ptau file.' },
        success: answers(z.strictObject({ powers: hashText })),
      },
      async ({ body: file, c }) => c.json({ powers: await ceremonies.keepPowers(file) }),
    ),
    operation(
      {
        method: 'POST',
        path: BASE,
        access: ['owner'],
        summary: 'Begins a ceremony: makes the keys that the first contributor gets.',
        parameters: {},
        query: {},
        body: body(beginning, 'For which circuits, from what, and what will end it.'),
        success: answers(z.strictObject({ id: z.int() }), 201, 'Its number.'),
      },
      async ({ body: { circuits, beacon, powers }, c }) => {
        const id = await ceremonies.begin(circuits, beacon, powers)
        await accounts.note(officialOf(c).id, 'ceremony-begun', String(id))
        return c.json({ id }, 201)
      },
    ),
    operation(
      {
        method: 'POST',
        path: `${BASE}/:id/contributors`,
        access: ['owner'],
        summary: 'Invites somebody to contribute.',
        parameters: { id: naturalText },
        query: {},
        body: body(z.strictObject({ name: text(64) }), 'The name, as it will stand in the transcript.'),
        success: answers(z.strictObject({ code: z.string() }), 201, 'The code of the link, shown once.'),
      },
      async ({ parameters: { id }, body: { name }, c }) => {
        const code = await ceremonies.invite(id, name)
        await accounts.note(officialOf(c).id, 'contributor-invited', `${id} ${name}`)
        return c.json({ code }, 201)
      },
    ),
    operation(
      {
        method: 'POST',
        path: `${BASE}/:id/skip`,
        access: ['owner'],
        summary: 'Waits no longer for somebody who does not come.',
        parameters: { id: naturalText },
        query: {},
        body: body(z.strictObject({ name: text(64), reason: text(500) }), 'Whom, and the public reason.'),
        success: DONE,
      },
      async ({ parameters: { id }, body: { name, reason }, c }) => {
        await ceremonies.skip(id, name, reason)
        await accounts.note(officialOf(c).id, 'contributor-skipped', `${id} ${name}`)
        return c.body(null, 204)
      },
    ),
    operation(
      {
        method: 'POST',
        path: `${BASE}/:id/end`,
        access: ['owner'],
        summary: 'Ends a ceremony with the public value that was announced; elections then use its keys.',
        parameters: { id: naturalText },
        query: {},
        body: body(z.strictObject({ value }), 'The value in hexadecimal.'),
        success: DONE,
      },
      async ({ parameters: { id }, body: { value }, c }) => {
        await ceremonies.end(id, fromHex(value))
        await accounts.note(officialOf(c).id, 'ceremony-ended', String(id))
        return c.body(null, 204)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/ceremony/turn',
        access: 'contributor',
        summary: 'Who is invited by a link, and how the ceremony stands.',
        parameters: {},
        query: {},
        success: answers(turn),
      },
      async ({ c }) => c.json(await ceremonies.turn(contributorOf(c))),
    ),
    operation(
      {
        method: 'POST',
        path: '/api/ceremony/turn',
        access: 'contributor',
        summary: 'Begins or goes on with a contribution: for a while nobody else may contribute.',
        parameters: {},
        query: {},
        success: answers(turn),
      },
      async ({ c }) => c.json(await ceremonies.take(contributorOf(c))),
    ),
    operation(
      {
        method: 'POST',
        path: '/api/ceremony/contributions/:circuit',
        access: 'contributor',
        summary: 'Hands in the key with the contribution; answered once it is verified and kept.',
        parameters: { circuit },
        query: {},
        body: { type: 'application/octet-stream', maximum: MAX_FILE, description: 'A .zkey file.' },
        success: answers(z.strictObject({ hash: z.string() }), 201, 'Hash of the contribution.'),
      },
      async ({ parameters, body: file, c }) =>
        c.json({ hash: await ceremonies.contribute(contributorOf(c), parameters.circuit, file) }, 201),
    ),
  ]
}

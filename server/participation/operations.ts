// Taking part over HTTP: processes and proposals to be read, signals to be sent with what they commit to. SPEC 12.
import * as z from 'zod/mini'
import { EncodingError } from '#crypto/encoding.ts'
import { decodeBase64 } from '#ledger/base64.ts'
import { slug, text } from '#protocol/codec.ts'
import { decodeEntry, MAX_ENTRY_BYTES } from '#protocol/entry.ts'
import { LONGEST_STATEMENT } from '#protocol/position.ts'
import { Refusal } from '#protocol/refusal.ts'
import { MAX_BOX_BYTES } from '#protocol/sealed-comment.ts'
import { signalOf } from '#protocol/signal.ts'
import { LONGEST_TEXT } from '#protocol/text.ts'
import { placeSchema } from '#server/entries.ts'
import { hashText, naturalText, operation, type Operation } from '#server/operation.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import { sourceOf } from '#server/source.ts'
import type { ProposalState } from '#tally/state.ts'
import { participationOf } from './find.ts'
import { beforeText, nextSchema, pageOf } from './page.ts'
import { processSchema, processView, processViews, proposalSchema, proposalViews } from './views.ts'

/** Proposals in one answer. */
const PAGE = 20

/** A signal with its text. */
export const signalBody = z.strictObject({
  /** The entry's canonical bytes in base 64. */
  entry: z.string().check(z.maxLength((MAX_ENTRY_BYTES / 3) * 4 + 4)),
  /** What the deed commits to: the text, and the key in base 64. */
  text: z.optional(text(LONGEST_TEXT)),
  key: z.optional(z.string().check(z.maxLength(64))),
  /** The box of a sealed comment, in base 64. */
  box: z.optional(z.string().check(z.maxLength((MAX_BOX_BYTES / 3) * 4 + 4))),
})

const pageSchema = z.strictObject({
  proposals: z.array(proposalSchema),
  next: nextSchema,
})
/** Entries of a nullifier so far: the sequence number of the next. */
const voiceSchema = z.strictObject({ entries: z.int().check(z.gte(0)) })
const supporterSchema = z.strictObject({ ...voiceSchema.shape, on: z.boolean() })

type Needed = Pick<Parts, 'board' | 'setups' | 'writings' | 'proxies'>

export function participationOperations({ board, setups, writings, proxies }: Needed): Operation[] {
  const { state, ledger } = board
  const describe = setups.describe.bind(setups)

  function proposal(process: string, index: number): ProposalState {
    const found = participationOf(board, process).proposals.get(index)
    if (found === undefined) throw new Problem('not-found', 'No such proposal.')
    return found
  }
  const json = (schema: z.ZodMiniType, description: string) =>
    ({ status: 200, description, type: 'application/json', schema }) as const

  return [
    operation(
      {
        method: 'GET',
        path: '/api/processes',
        access: 'anybody',
        summary: 'All processes.',
        parameters: {},
        query: {},
        success: [json(z.strictObject({ processes: z.array(processSchema) }), 'Here they are.')],
      },
      ({ c }) => c.json({ processes: processViews(state, describe) }),
    ),
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process',
        access: 'anybody',
        summary: 'A process: what it is for, its phases, who takes part.',
        parameters: { process: slug },
        query: {},
        success: [json(processSchema, 'Here it is.')],
      },
      ({ parameters: { process }, c }) => {
        const found = state.processes.get(process)
        if (found === undefined) throw new Problem('not-found', 'No such process.')
        return c.json(processView(state, process, found, describe))
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/proposals',
        access: 'anybody',
        summary: `Proposals, the newest first, ${PAGE} at a time.`,
        parameters: { process: slug },
        /** Those older than the proposal of this entry. */
        query: { before: beforeText },
        success: [json(pageSchema, 'A page of them.')],
      },
      async ({ parameters: { process }, query: { before }, c }) => {
        const { proposals } = participationOf(board, process)
        const { indices, next } = pageOf([...proposals.keys()], before, PAGE)
        const page = indices.flatMap((index) => proposals.get(index) ?? [])
        return c.json({ proposals: await proposalViews(state, page, writings), next })
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/proposals/:proposal',
        access: 'anybody',
        summary: 'One proposal, by the index of its entry.',
        parameters: { process: slug, proposal: naturalText },
        query: {},
        success: [json(proposalSchema, 'Here it is.')],
      },
      async ({ parameters: { process, proposal: index }, c }) => {
        const [view] = await proposalViews(state, [proposal(process, index)], writings)
        return c.json(view)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/voices/:nullifier',
        access: 'anybody',
        summary: 'How many entries of a pseudonym there are: the sequence number of the next.',
        parameters: { process: slug, nullifier: hashText },
        query: {},
        success: [json(voiceSchema, 'So many.')],
      },
      ({ parameters: { process, nullifier }, c }) => {
        const voice = participationOf(board, process).voices.get(BigInt(`0x${nullifier}`))
        return c.json({ entries: voice?.entries ?? 0 })
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/proposals/:proposal/supporters/:nullifier',
        access: 'anybody',
        summary: 'Whether a nullifier supports a proposal, and how many entries of it there are.',
        parameters: { process: slug, proposal: naturalText, nullifier: hashText },
        query: {},
        success: [json(supporterSchema, 'Here it is.')],
      },
      ({ parameters: { process, proposal: index, nullifier }, c }) => {
        const supporter = proposal(process, index).supporters.get(BigInt(`0x${nullifier}`))
        return c.json(supporter ?? { entries: 0, on: false })
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/signals',
        access: 'anybody',
        summary: 'Offers a signal together with the text that it commits to.',
        parameters: {},
        query: {},
        body: {
          type: 'application/json',
          maximum: 128 * 1024,
          schema: signalBody,
          description: 'The entry, and text and key, or the box, where the deed has one.',
        },
        success: [
          {
            ...{ status: 201, description: 'Recorded and durable, the text too.' },
            ...{ type: 'application/json', schema: placeSchema },
          },
          {
            ...{ status: 200, description: 'It was recorded before.' },
            ...{ type: 'application/json', schema: placeSchema },
          },
        ],
      },
      async ({ body, c }) => {
        const bytes = bytesOf(body.entry)
        const [type, content] = decodeEntry(bytes)
        if (type !== 'signal') throw new Refusal('not-expected-here', type)
        const { deed } = signalOf(content)
        if (deed.type === 'introduce') throw new Problem('not-shown', 'Nothing shows whose name it is.')
        const writing =
          body.text === undefined ? undefined : { text: body.text, key: bytesOf(body.key ?? '') }
        const box = body.box === undefined ? undefined : bytesOf(body.box)
        const keep = async () => {
          if (deed.type === 'sealed-comment') {
            const kept = box !== undefined && (await writings.keepBox(deed.text, deed.box, box))
            if (!kept) throw new Refusal('attachment-missing', 'the box is not the one named')
            return
          }
          if (!('text' in deed) || writing === undefined) return
          if (deed.type === 'statement' && writing.text.length > LONGEST_STATEMENT)
            throw new Problem('malformed', `A statement has at most ${LONGEST_STATEMENT} characters.`)
          if (!(await writings.keep(deed.text, writing)))
            throw new Refusal('attachment-missing', 'the text is not the one committed to')
        }
        const { index, recorded } = await board.submit(bytes, sourceOf(c, proxies), keep)
        return c.json({ index, receipt: await ledger.receipt(index) }, recorded ? 200 : 201)
      },
    ),
  ]
}

/** Throws `Problem`. */
export function bytesOf(base64: string): Uint8Array {
  try {
    return decodeBase64(base64)
  } catch (error) {
    if (error instanceof EncodingError) throw new Problem('malformed', 'Not base 64.')
    throw error
  }
}

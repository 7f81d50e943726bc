// Acts that officials propose, and approve for each other.
import { base64urlnopad } from '@scure/base'
import * as z from 'zod/mini'
import { equalBytes, fromHex, toHex } from '#crypto/encoding.ts'
import { type Act, actCodec } from '#protocol/act.ts'
import { maySign } from '#protocol/approval.ts'
import { slug, text } from '#protocol/codec.ts'
import type { Assertion } from '#protocol/official.ts'
import { hashUnlisted } from '#server/lists.ts'
import { naturalText, officialOf, operation, type Operation } from '#server/operation.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import { frozenRolls, madeKeys, nextActs, openings, openRolls } from './next.ts'
import type { Proposed } from './proposals.ts'
import { answers, body, EVERYBODY, instant, NAMED, SIGNERS } from './shapes.ts'

/** Acts that are listed. */
const MOST = 200

const bytesText = z.string().check(z.maxLength(4096), z.regex(/^[\w-]+$/))
/** authenticatorData, clientDataJSON, signature, each in base64url. */
const assertion = z.tuple([bytesText, bytesText, bytesText])

const proposed = z.strictObject({
  id: z.int(),
  process: z.string(),
  stateCounter: instant,
  expiry: instant,
  /** Canonical bytes (SPEC 7.4) in hexadecimal. */
  act: z.string(),
  proposer: z.string(),
  reason: z.string(),
  /** Of an act that removes credentials: whether their people are to register again. */
  replacement: z.boolean(),
  /** Rows of the register that leave the roll or its list by it, while it waits. */
  concerns: z.array(z.string()),
  createdAt: instant,
  approvers: z.array(z.string()),
  needed: z.int(),
  standing: z.enum(['pending', 'recorded', 'withdrawn', 'refused', 'expired', 'stale']),
  entry: z.nullable(z.int()),
  refusal: z.nullable(z.string()),
})
const place = z.strictObject({ process: z.string(), stateCounter: instant, expiry: instant })

const sizedRoll = z.strictObject({ process: z.string(), roll: z.string(), size: z.int() })
const nextSchema = z.strictObject({
  acts: z.array(z.strictObject({ process: z.string(), act: z.string() })),
  rolls: z.array(sizedRoll),
  /** Those that are, which a plan can name. */
  frozen: z.array(sizedRoll),
  /** Keys that are made, to which a plan can have comments sealed. */
  keys: z.array(z.strictObject({ process: z.string(), election: z.string(), key: z.string() })),
  /** Elections that are not opened, each with the code for which the record would refuse its opening. */
  openings: z.array(
    z.strictObject({ process: z.string(), election: z.string(), refusal: z.nullable(z.string()) }),
  ),
})
export type ProposedView = z.output<typeof proposed>
export type NextView = z.output<typeof nextSchema>

export function actOperations(
  parts: Pick<Parts, 'officials' | 'board' | 'setups' | 'operator'>,
): Operation[] {
  const { officials, board, setups, operator } = parts
  const { accounts, proposals } = officials
  /** Whether it is this one person whom an act takes off the list; true of other acts without a row. */
  const namesRow = (act: Act, process: string, row: string | undefined): boolean => {
    if (act.type !== 'unlist-voters' || row === undefined)
      return act.type !== 'unlist-voters' && row === undefined
    return act.rows === 1 && equalBytes(act.list, hashUnlisted(operator, { process, roll: act.roll, row }))
  }
  return [
    operation(
      {
        method: 'GET',
        path: '/api/officials/next',
        access: SIGNERS,
        summary:
          'Acts whose content follows from the record and which it would take now; rolls that can be frozen; and what keeps elections from being opened.',
        parameters: {},
        query: {},
        success: answers(nextSchema),
      },
      ({ c }) => {
        const state = { ...board.state, time: board.time }
        const acts = nextActs(state, setups.own).map(({ process, act }) => ({
          process,
          act: toHex(actCodec.encode(act)),
        }))
        const rolls = { rolls: openRolls(state), frozen: frozenRolls(state), keys: madeKeys(state) }
        return c.json({ acts, ...rolls, openings: openings(state, setups.own) } satisfies NextView)
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/freezing',
        access: SIGNERS,
        summary:
          'The act that freezes a roll as it is, and its place. Nobody registers for five minutes, in which it can be proposed.',
        parameters: {},
        query: {},
        body: body(z.strictObject({ process: slug, roll: slug }), 'Which roll.'),
        success: answers(z.strictObject({ ...place.shape, act: z.string() })),
      },
      async ({ body: of, c }) => {
        const { act, ...at } = await proposals.freezing(of)
        return c.json({ ...at, act: toHex(actCodec.encode(act)) })
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/officials/place',
        access: NAMED,
        summary: 'Where an act in a process would stand now, and until when it may be signed.',
        parameters: {},
        query: { process: slug },
        success: answers(place),
      },
      ({ query: { process }, c }) => c.json(proposals.place(process)),
    ),
    operation(
      {
        method: 'GET',
        path: '/api/officials/acts',
        access: EVERYBODY,
        summary:
          'Acts that wait for approvals, and what became of earlier ones, the newest first; for moderators those that they may sign.',
        parameters: {},
        query: {},
        success: answers(z.strictObject({ acts: z.array(proposed) })),
      },
      async ({ c }) => {
        const role = officials.roleOf(officialOf(c))
        const known = await proposals.list(MOST)
        // Some name rows of the register, which moderators do not see.
        const theirs = known.filter(
          ({ unsigned: { act } }) => role !== 'moderator' || maySign(role, act.type),
        )
        return c.json({ acts: theirs.map(viewOf) })
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/acts',
        access: NAMED,
        summary: 'Proposes an act that the proposer has signed.',
        parameters: {},
        query: {},
        body: body(
          z.strictObject({
            ...{ process: slug, stateCounter: instant, expiry: instant },
            act: z.string().check(z.regex(/^([0-9a-f]{2})+$/)),
            reason: text(2000),
            replacement: z.optional(z.boolean()),
            row: z.optional(z.string().check(z.maxLength(200))),
            assertion,
          }),
          'Place, act (hexadecimal), why, the signature; of an act that removes credentials whether their people are to register again, of one that takes somebody off the list their row.',
          200_000,
        ),
        success: answers(proposed, 201, 'It is recorded, or waits for others.'),
      },
      async ({ body: { act: bytes, assertion, replacement, row, ...at }, c }) => {
        const { id } = officialOf(c)
        const act = actCodec.decode(fromHex(bytes))
        if (replacement === true && act.type !== 'remove-from-roll')
          throw new Problem('malformed', 'Only an act that removes credentials can replace them.')
        if (!namesRow(act, at.process, row))
          throw new Problem('malformed', 'The act and the row are not of the same person.')
        const plan = { ...(replacement !== undefined && { replacement }), ...(row !== undefined && { row }) }
        const known = await proposals.propose(id, { ...at, act }, plan, bytesOf(assertion))
        await accounts.note(id, 'proposed', [known.id, ...known.concerns].join(' '))
        return c.json(viewOf(known), 201)
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/acts/:id/approvals',
        access: NAMED,
        summary: 'Signs an act of somebody else.',
        parameters: { id: naturalText },
        query: {},
        body: body(z.strictObject({ assertion }), 'The signature.'),
        success: answers(proposed),
      },
      async ({ parameters: { id: number }, body: { assertion }, c }) => {
        const { id } = officialOf(c)
        const known = await proposals.approve(id, number, bytesOf(assertion))
        await accounts.note(id, 'approved', String(number))
        return c.json(viewOf(known))
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/acts/:id/withdrawal',
        access: NAMED,
        summary: 'Takes an act back that was proposed by whoever asks.',
        parameters: { id: naturalText },
        query: {},
        success: answers(proposed),
      },
      async ({ parameters: { id: number }, c }) => {
        const { id } = officialOf(c)
        const known = await proposals.withdraw(id, number)
        await accounts.note(id, 'withdrew', String(number))
        return c.json(viewOf(known))
      },
    ),
  ]
}

function viewOf({ unsigned, approvers, concerns, ...rest }: Proposed): ProposedView {
  const { act, ...at } = unsigned
  return {
    ...rest,
    ...at,
    act: toHex(actCodec.encode(act)),
    approvers: [...approvers],
    concerns: [...concerns],
  }
}

function bytesOf(parts: readonly [string, string, string]): Assertion {
  const [data, client, signature] = parts.map((part) => {
    try {
      return base64urlnopad.decode(part)
    } catch {
      throw new Problem('malformed', 'Not as it must be: assertion.')
    }
  })
  if (data === undefined || client === undefined || signature === undefined) throw new Error('three parts')
  return [data, client, signature]
}

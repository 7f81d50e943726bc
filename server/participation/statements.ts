// Statements and opinions over HTTP: what there is to agree or disagree with, and what people think of it, as files that
// Polis reads and from which the map follows. SPEC 12.8.
import * as z from 'zod/mini'
import { encodeField } from '#crypto/babyjubjub.ts'
import { toHex } from '#crypto/encoding.ts'
import { slug } from '#protocol/codec.ts'
import { type Position, POSITIONS } from '#protocol/position.ts'
import { LANGUAGES } from '#server/data/schema.ts'
import { answers } from '#server/officials/shapes.ts'
import { hashText, operation, type Operation } from '#server/operation.ts'
import { textIn } from '#server/pages.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import {
  formatPolisComments,
  formatPolisPeople,
  formatPolisVotes,
  type PolisComment,
} from '#tally/formats/polis.ts'
import { type OpinionVote, opinionTable, type Stance } from '#tally/opinion/table.ts'
import { stands } from '#tally/statements.ts'
import type { ContributionState, ParticipationState, StatementState } from '#tally/state.ts'
import { participationOf, processWithPeople } from './find.ts'
import { beforeText, nextSchema, pageOf } from './page.ts'
import { sumsCsv, voteSchema, votesOnStatements } from './sealed-opinions.ts'
import { contributionView, momentSchema, shown, standingSchema, writtenSchema, writtenView } from './views.ts'
import type { Writing, Writings } from './writings.ts'

/** Statements in one answer. */
const PAGE = 100

const count = z.int().check(z.gte(0))

const statementSchema = z.strictObject({
  /** From 0 in the order of the record: its name in files. */
  number: count,
  /** 32 bytes in hexadecimal: what an opinion on it says. */
  name: z.string(),
  index: count,
  time: count,
  /** Whether opinions on it are taken and are on the map. */
  stands: z.boolean(),
  /** Words of officials by language. */
  seed: z.nullable(z.record(z.string(), z.string())),
  /** Words of somebody who takes part, which come once officials let them through. */
  said: z.nullable(
    z.strictObject({
      index: count,
      /** The author's pseudonym in this process, which nothing links to their opinions. */
      author: z.string(),
      text: writtenSchema,
      erased: momentSchema,
      standing: standingSchema,
    }),
  ),
  /** People by what they think of it now. */
  agree: count,
  disagree: count,
  pass: count,
  /** Votes on it, the latest last: opinions that were sealed, of which there are but sums. */
  votes: z.array(voteSchema),
})
const statementsSchema = z.strictObject({
  statements: z.array(statementSchema),
  /** Those that wait to be let through. */
  waiting: count,
  next: nextSchema,
})
/** Entries of the nullifier in this process so far, and what it says of the statement now. */
const thinkerSchema = z.strictObject({ entries: count, position: z.nullable(z.enum(POSITIONS)) })
export type StatementView = z.output<typeof statementSchema>
export type StatementsView = z.output<typeof statementsSchema>

const STANCE: Readonly<Record<Position, Stance>> = { agree: 1, disagree: -1, pass: 0 }

export function statementOperations({ board, writings }: Pick<Parts, 'board' | 'writings'>): Operation[] {
  const file = { status: 200, description: 'RFC 4180, with a heading.', type: 'text/csv' } as const
  const CSV = { 'Content-Type': 'text/csv; charset=utf-8', 'Cache-Control': 'no-cache' }
  return [
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/statements',
        access: 'anybody',
        summary: `Statements to agree or disagree with, the newest first, ${PAGE} at a time.`,
        parameters: { process: slug },
        /** Those with a smaller number. */
        query: { before: beforeText },
        success: answers(statementsSchema),
      },
      async ({ parameters: { process }, query: { before }, c }) => {
        const { participation: within, elections } = processWithPeople(board, process)
        const all = [...within.statements.values()]
        const { indices, next } = pageOf([...all.keys()], before, PAGE)
        const page = indices.flatMap((number) => all[number] ?? [])
        const waiting = [...within.waiting.keys()].filter((index) => awaits(within, index)).length
        const statements = await statementViews(page, votesOnStatements({ elections }), writings)
        return c.json({ statements, waiting, next } satisfies StatementsView)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/statements/:statement/thinkers/:nullifier',
        access: 'anybody',
        summary: 'What a nullifier thinks of a statement, and how many opinions of it there are in all.',
        parameters: { process: slug, statement: hashText, nullifier: hashText },
        query: {},
        success: answers(thinkerSchema),
      },
      ({ parameters: { process, statement: name, nullifier }, c }) => {
        const { statements, thinkers } = participationOf(board, process)
        const statement = statements.get(name)
        if (statement === undefined) throw new Problem('not-found', 'No such statement.')
        const thinker = thinkers.get(BigInt(`0x${nullifier}`))
        const position = thinker?.positions.get(statement.number) ?? null
        return c.json({ entries: thinker?.entries ?? 0, position } satisfies z.output<typeof thinkerSchema>)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/opinions/votes.csv',
        access: 'anybody',
        summary:
          'All opinions on statements that stand, in the order of the record, as Polis publishes votes.',
        parameters: { process: slug },
        query: {},
        success: [file],
      },
      ({ parameters: { process }, c }) =>
        c.body(formatPolisVotes(votesOf(participationOf(board, process)), dated), 200, CSV),
    ),
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/opinions/participants-votes.csv',
        access: 'anybody',
        summary: 'The last opinions of each person, as Polis publishes them.',
        parameters: { process: slug },
        query: {},
        success: [file],
      },
      ({ parameters: { process }, c }) =>
        c.body(formatPolisPeople(opinionTable(votesOf(participationOf(board, process)))), 200, CSV),
    ),
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/:language/opinions/comments.csv',
        access: 'anybody',
        summary: 'All statements, as Polis publishes them.',
        parameters: { process: slug, language: z.enum(LANGUAGES) },
        query: {},
        success: [file],
      },
      async ({ parameters: { process, language }, c }) => {
        const statements = [...participationOf(board, process).statements.values()]
        const kept = await keptOf(statements, writings)
        const rows = statements.map((statement) => {
          const { time, number, seed, said, totals } = statement
          return {
            ...{ time, statement: number, agrees: totals.agree, disagrees: totals.disagree },
            moderated: moderationOf(statement),
            author: said === undefined ? '' : toHex(encodeField(said.author)),
            body: (seed && textIn(seed, language)) ?? (said && wordsOf(statement, kept)?.text) ?? '',
          }
        })
        return c.body(formatPolisComments(rows, dated), 200, CSV)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/:language/opinions/sums.csv',
        access: 'anybody',
        summary: 'The sums of sealed opinions, for each statement that was put to a vote.',
        parameters: { process: slug, language: z.enum(LANGUAGES) },
        query: {},
        success: [file],
      },
      ({ parameters: { process, language }, c }) =>
        c.body(sumsCsv(processWithPeople(board, process), language), 200, CSV),
    ),
  ]
}

/** As people read it. */
function dated(time: number): string {
  return new Date(time).toISOString()
}

/** Whether what waits there is a statement to be let through. */
function awaits({ sayings }: ParticipationState, index: number): boolean {
  const said = sayings.get(index)
  return said !== undefined && !isDecided(said)
}

function isDecided({ moderation }: ContributionState): boolean {
  return moderation !== undefined && moderation.decisions.length > 0
}

function moderationOf(statement: StatementState): PolisComment['moderated'] {
  const { said } = statement
  if (said === undefined || stands(statement)) return 1
  return isDecided(said) || said.erased !== undefined ? -1 : 0
}

/** Opinions on statements that stand, each with those before it that it took the place of. SPEC 12.8. */
function votesOf({ statements, opinions }: ParticipationState): OpinionVote[] {
  const standing = new Set([...statements.values()].filter(stands).map(({ number }) => number))
  return opinions
    .filter(({ statement }) => standing.has(statement))
    .map(({ time, statement, person, position }) => ({ time, statement, person, stance: STANCE[position] }))
}

/** These statements with their texts, read at once. */
async function statementViews(
  statements: readonly StatementState[],
  votes: ReturnType<typeof votesOnStatements>,
  writings: Pick<Writings, 'of'>,
): Promise<StatementView[]> {
  const kept = await keptOf(statements, writings)
  return statements.map((statement) => {
    const { number, name, index, time, seed = null, said, totals } = statement
    const [text] = said?.texts ?? []
    return {
      ...{ number, name: toHex(name), index, time, stands: stands(statement), seed, ...totals },
      votes: votes.get(toHex(name)) ?? [],
      said:
        said === undefined || text === undefined
          ? null
          : { ...contributionView(said), text: writtenView(text, shown(said, kept)) },
    }
  })
}

function keptOf(
  statements: readonly StatementState[],
  writings: Pick<Writings, 'of'>,
): Promise<Map<string, Writing>> {
  return writings.of(statements.flatMap(({ said, name }) => (said === undefined ? [] : [name])))
}

/** Words of somebody that everybody may read. */
function wordsOf({ said, name }: StatementState, kept: ReadonlyMap<string, Writing>): Writing | undefined {
  return said && shown(said, kept).get(toHex(name))
}

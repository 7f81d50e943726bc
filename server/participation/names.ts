// Speaking under one's verified name over HTTP: somebody introduces themselves and shows this server, and nobody else, who on the
// roll they are; officials compare; everybody sees under which nullifiers people may speak so. SPEC 12.12.
import * as z from 'zod/mini'
import { leaf, rollRoot } from '#circuits/roll.ts'
import { CIRCUITS } from '#circuits/sizes.ts'
import { encodeField } from '#crypto/babyjubjub.ts'
import { bytesToBigint, fromHex, toHex } from '#crypto/encoding.ts'
import type { ActOf } from '#protocol/act.ts'
import { slug } from '#protocol/codec.ts'
import { decodeEntry } from '#protocol/entry.ts'
import { ensure, Refusal } from '#protocol/refusal.ts'
import { type Signal, signalHash, signalOf, signalStatement } from '#protocol/signal.ts'
import { isName, lookOf } from '#protocol/name.ts'
import type { Database } from '#server/data/database.ts'
import { eq, inArray } from '#server/data/drizzle.ts'
import { introduction, voter } from '#server/data/schema.ts'
import { placeSchema } from '#server/entries.ts'
import { answers, body, READERS } from '#server/officials/shapes.ts'
import { hashText, naturalText, operation, type Operation } from '#server/operation.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import { sourceOf } from '#server/source.ts'
import { holds, nameIn, numberOf } from '#tally/speakers.ts'
import type { IntroductionState, ParticipationState } from '#tally/state.ts'
import { participationOf } from './find.ts'
import { bytesOf, signalBody } from './operations.ts'
import { writtenSchema, writtenView } from './views.ts'
import type { Writings } from './writings.ts'

/** Names that wait, in one answer. */
const PAGE = 20

const count = z.int().check(z.gte(0))
const standing = z.enum(['waiting', 'holds', 'refused', 'erased'])

const speakersSchema = z.strictObject({
  speakers: z.array(
    z.strictObject({
      ...{ introduction: count, speaker: z.string(), standing, number: count },
      /** Of those that hold. */
      name: z.nullable(writtenSchema),
      /** The entry of what officials have found last. */
      finding: z.nullable(count),
    }),
  ),
})
const caseSchema = z.strictObject({
  ...{ index: count, time: count, standing },
  /** The name, unless it is erased. */
  name: writtenSchema,
  /** What the register knows of the person: its own name of the row, their address, how they sign in. */
  row: z.nullable(
    z.strictObject({ row: z.string(), address: z.nullable(z.string()), identity: z.nullable(z.string()) }),
  ),
  /** Those who speak under names that look the same, and the first number that is free. */
  alike: z.array(z.strictObject({ introduction: count, name: z.string(), number: count })),
  free: count,
})
const queueSchema = z.strictObject({ names: z.array(caseSchema), waiting: count, next: z.nullable(count) })
export type SpeakersView = z.output<typeof speakersSchema>
export type NameCase = z.output<typeof caseSchema>
export type NameQueue = z.output<typeof queueSchema>

type Needed = Pick<Parts, 'board' | 'database' | 'writings' | 'proxies'>

export function nameOperations({ board, database, writings, proxies }: Needed): Operation[] {
  return [
    operation(
      {
        method: 'POST',
        path: '/api/introductions',
        access: 'anybody',
        summary:
          'Offers an introduction with the name that it commits to, and shows who on the roll it is from, which only officials see.',
        parameters: {},
        query: {},
        body: body(
          z.strictObject({
            ...signalBody.shape,
            /** The credential of the person, as on the roll. */
            commitment: hashText,
            /** In base 64: the same statement as the signal's proof, for a roll of this credential alone. */
            proof: z.string().check(z.maxLength(400)),
          }),
          'The entry, name and key, the credential, and the proof that it is theirs.',
        ),
        success: [
          ...answers(placeSchema, 201, 'Recorded and durable, the name too.'),
          ...answers(placeSchema, 200, 'It was recorded before.'),
        ],
      },
      async ({ body: { entry, text, key, commitment, proof }, c }) => {
        const bytes = bytesOf(entry)
        const [type, content] = decodeEntry(bytes)
        if (type !== 'signal') throw new Refusal('not-expected-here', type)
        const signal = signalOf(content)
        const { deed, process } = signal
        if (deed.type !== 'introduce') throw new Refusal('not-expected-here', deed.type)
        if (text === undefined || !isName(text))
          throw new Problem('name-invalid', 'No name can be like this.')
        const { rules } = participationOf(board, process)
        const shown = fromHex(commitment)
        const source = sourceOf(c, proxies)
        await show({ ...signal, proof: bytesOf(proof) }, shown, source)
        const row = await rowOf(process, rules.roll, shown)
        const keep = async () => {
          const kept = await writings.keep(deed.text, { text, key: bytesOf(key ?? '') })
          if (!kept) throw new Refusal('attachment-missing', 'the name is not the one committed to')
          const claim = { commitment: deed.text, voterId: row }
          await database.orm.insert(introduction).values(claim).onConflictDoNothing()
        }
        const { index, recorded } = await board.submit(bytes, source, keep)
        return c.json({ index, receipt: await board.ledger.receipt(index) }, recorded ? 200 : 201)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/speakers',
        access: 'anybody',
        summary: 'All who speak under a verified name or want to, so that nobody has to ask for their own.',
        parameters: { process: slug },
        query: {},
        success: answers(speakersSchema),
      },
      async ({ parameters: { process }, c }) => {
        const all = [...participationOf(board, process).introductions.values()]
        const kept = await writings.of(all.filter(holds).map((one) => nameIn(one).commitment))
        const speakers = all.map((one) => ({
          introduction: one.index,
          speaker: toHex(encodeField(one.author)),
          ...{ standing: standingOf(one), number: numberOf(one) },
          name: holds(one) ? writtenView(nameIn(one), kept) : null,
          finding: one.findings.at(-1)?.index ?? null,
        }))
        return c.json({ speakers } satisfies SpeakersView)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/officials/processes/:process/names',
        access: READERS,
        summary: `Names that wait to be compared, what has waited longest first, ${PAGE} at a time.`,
        parameters: { process: slug },
        query: { after: z.union([z.literal('oldest'), naturalText]) },
        success: answers(queueSchema),
      },
      async ({ parameters: { process }, query: { after }, c }) => {
        const within = participationOf(board, process)
        const waiting = [...within.introductions.values()].filter((one) => standingOf(one) === 'waiting')
        const later = waiting.filter(({ index }) => after === 'oldest' || index > after)
        const page = later.slice(0, PAGE)
        const names = await casesOf(within, page)
        const next = later.length > PAGE ? (page.at(-1)?.index ?? null) : null
        return c.json({ names, waiting: waiting.length, next } satisfies NameQueue)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/officials/processes/:process/names/:introduction',
        access: READERS,
        summary: 'One name, by the index of its entry.',
        parameters: { process: slug, introduction: naturalText },
        query: {},
        success: answers(caseSchema),
      },
      async ({ parameters: { process, introduction: index }, c }) => {
        const within = participationOf(board, process)
        const found = within.introductions.get(index)
        if (found === undefined) throw new Problem('not-found', 'No such introduction.')
        const [one] = await casesOf(within, [found])
        return c.json(one)
      },
    ),
  ]

  /** Throws `Refusal` unless the credential is on the roll and made this signal. */
  async function show(signal: Signal, commitment: Uint8Array, source: string): Promise<void> {
    const { founded, processes } = board.state
    const { rules } = participationOf(board, signal.process)
    const roll = processes.get(signal.process)?.rolls.get(rules.roll)
    const place = roll?.places.get(bytesToBigint(commitment))
    const credential = place === undefined ? undefined : roll?.credentials[place]
    if (credential === undefined || founded === undefined) throw new Refusal('credential-unknown')
    const alone = rollRoot([leaf(credential.commitment, credential.weight)], CIRCUITS.L.levels)
    const sound = await board.proves(
      {
        statement: signalStatement(founded.log, alone, signal),
        proof: signal.proof,
        verificationKey: toHex(rules.setup.verificationKey),
        id: toHex(signalHash(signal)),
      },
      source,
    )
    ensure(sound, 'signal-proof-invalid', 'of the credential')
  }

  /** The row of the register whose person has registered the credential: of this roll, or else of another, for one credential may
   *  be on several. */
  async function rowOf(process: string, roll: string, commitment: Uint8Array): Promise<bigint> {
    const rows = await database.orm.select().from(voter).where(eq(voter.commitment, commitment))
    const found = rows.find((row) => row.process === process && row.roll === roll) ?? rows[0]
    if (found === undefined) throw new Problem('not-shown', 'The register here does not have this person.')
    return found.id
  }

  async function casesOf(
    within: ParticipationState,
    those: readonly IntroductionState[],
  ): Promise<NameCase[]> {
    const names = await writings.of(those.map((one) => nameIn(one).commitment))
    const rows = await rowsOf(
      database,
      those.map((one) => nameIn(one).commitment),
    )
    const standing = await standingNames(writings, within)
    return those.map((one) => {
      const name = writtenView(nameIn(one), names)
      const look = lookOf(name.text ?? '')
      const alike = standing.filter(
        (other) => other.introduction !== one.index && lookOf(other.name) === look,
      )
      return {
        ...{ index: one.index, time: nameIn(one).time, standing: standingOf(one), name },
        row: rows.get(name.commitment) ?? null,
        ...{ alike, free: 1 + Math.max(0, ...alike.map(({ number }) => number)) },
      }
    })
  }
}

/** Whether a name that looks the same stands under this number. */
export async function nameTaken(
  writings: Pick<Writings, 'of'>,
  within: ParticipationState,
  { introduction, number }: ActOf<'vouch-name'>,
): Promise<boolean> {
  const asked = within.introductions.get(introduction)
  if (asked === undefined) return false
  const { commitment } = nameIn(asked)
  const name = (await writings.of([commitment])).get(toHex(commitment))?.text ?? ''
  const standing = await standingNames(writings, within)
  return standing.some(
    (other) =>
      other.introduction !== introduction && other.number === number && lookOf(other.name) === lookOf(name),
  )
}

/** All names that hold. */
async function standingNames(
  writings: Pick<Writings, 'of'>,
  { introductions }: ParticipationState,
): Promise<NameCase['alike']> {
  const standing = [...introductions.values()].filter(holds)
  const kept = await writings.of(standing.map((one) => nameIn(one).commitment))
  return standing.flatMap((one) => {
    const name = kept.get(toHex(nameIn(one).commitment))?.text
    return name === undefined ? [] : [{ introduction: one.index, name, number: numberOf(one) }]
  })
}

/** What the register knows of those who want to speak under these names, by commitment in hexadecimal. */
async function rowsOf(
  database: Database,
  commitments: readonly Uint8Array[],
): Promise<Map<string, NonNullable<NameCase['row']>>> {
  if (commitments.length === 0) return new Map()
  const { row, address, identity } = voter
  const rows = await database.orm
    .select({ commitment: introduction.commitment, row, address, identity })
    .from(introduction)
    .innerJoin(voter, eq(voter.id, introduction.voterId))
    .where(inArray(introduction.commitment, [...commitments]))
  return new Map(rows.map(({ commitment, ...own }) => [toHex(commitment), own]))
}

function standingOf(one: IntroductionState): z.output<typeof standing> {
  if (holds(one)) return 'holds'
  if (one.erased === undefined) return 'waiting'
  const { findings } = one
  return findings.at(-1)?.act.holds === false ? 'refused' : 'erased'
}

// What people and pages want to know of an election, as a view of the folded record: never more than the record says,
// so never a partial result. Amounts are decimal strings, bytes are hexadecimal.
import * as z from 'zod/mini'
import { toHex } from '#crypto/encoding.ts'
import { decodeCbor } from '#protocol/codec.ts'
import type { ContestResult } from '#protocol/result.ts'
import type { Setup } from '#protocol/setup.ts'
import { type KeygenStage, stageOf } from '#tally/keygen.ts'
import type { ContestState, ElectionState, KeygenAttempt, ProcessState, RecordState } from '#tally/state.ts'
import { type Groups, groupsOf } from './groups.ts'

const texts = z.record(z.string(), z.string())
const hex = z.string().check(z.regex(/^([0-9a-f]{2})+$/))
const amount = z.string().check(z.regex(/^[0-9]+$/))
const count = z.int().check(z.gte(0))
const numbers = z.array(z.int().check(z.gte(1)))

/** The files of a circuit's setup by SHA-256. */
export const setupSummarySchema = z.strictObject({
  circuit: z.enum(['S', 'L', 'signal']),
  r1cs: hex,
  witnessCode: hex,
  provingKey: hex,
  verificationKey: hex,
  transcript: hex,
  /** Made with secrets that everybody knows: for practice only. */
  development: z.boolean(),
  /** Names of those whose secrets protect the keys: nobody can forge ballots unless all of them conspire. */
  contributors: z.array(z.string()),
})

const resultSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('withheld'), ballots: z.nullable(count) }),
  z.strictObject({
    status: z.literal('counted'),
    ballots: count,
    blank: amount,
    /** In the order of the options. */
    sums: z.array(amount),
    winners: z.array(z.string()),
    /** One for each option in the order of counting; further fields say why. */
    rounds: z.array(z.looseObject({ kind: z.string(), option: z.string(), score: amount })),
    totals: z.strictObject({ ballots: amount, blank: amount, points: amount }),
  }),
])

const optionSchema = z.strictObject({
  id: z.string(),
  title: texts,
  description: z.optional(texts),
  cost: z.optional(amount),
  /** An attachment by its SHA-256. */
  picture: z.optional(z.strictObject({ hash: hex, alt: texts })),
  /** Millionths of a degree. */
  point: z.optional(z.strictObject({ lat: z.int(), lon: z.int() })),
  /** What it came from. */
  proposal: z.optional(z.strictObject({ process: z.string(), entry: count })),
})

const contestSchema = z.strictObject({
  title: texts,
  description: z.optional(texts),
  roll: z.string(),
  options: z.array(optionSchema),
  order: z.enum(['fixed', 'rotated']),
  rule: z.looseObject({ type: z.string() }),
  count: z.looseObject({ name: z.string() }),
  blank: z.boolean(),
  weighted: z.boolean(),
  /** The entry that froze its roll. */
  frozen: z.nullable(z.strictObject({ index: count })),
  /** Credentials on the roll, voters whose ballot counts, ballots with those that were replaced; null where the roll is too
   *  small for that to be told. */
  turnout: z.strictObject({ credentials: count, voters: z.nullable(count), ballots: z.nullable(count) }),
  /** Whether voting is over with too few ballots for any to be decrypted. */
  few: z.boolean(),
  /** Guardians who have said what they will decrypt, and who have decrypted. */
  intents: numbers,
  shares: numbers,
  result: z.nullable(resultSchema),
})

export const electionSummarySchema = z.strictObject({
  process: z.string(),
  processTitle: z.string(),
  election: z.string(),
  title: texts,
  description: texts,
  languages: z.array(z.string()),
  organiser: z.string(),
  practice: z.boolean(),
  /** Entries that changed the officials, of the whole log. */
  officials: z.array(count),
  /** The entry that defines it, and its SHA-256. */
  definition: z.strictObject({ index: count, hash: hex }),
  state: z.enum(['defined', 'keygen', 'ready', 'open', 'closed', 'announced']),
  /** Milliseconds since 1970; a ballot counts if opensAt <= its ledger time < closesAt. */
  opensAt: count,
  closesAt: count,
  revoting: z.enum(['last', 'first']),
  threshold: count,
  quorum: count,
  minBallots: count,
  guardians: z.array(z.strictObject({ number: z.int(), name: z.string(), key: hex })),
  keygen: z.nullable(
    z.strictObject({
      attempt: z.int(),
      stage: z.enum(['commit', 'reveal', 'deal', 'confirm', 'rehearse', 'done', 'failed']),
      guardians: numbers,
      /** Who has yet to act before the next stage. */
      missing: numbers,
      /** Who is left out of the next attempt. */
      judged: z.nullable(z.int()),
    }),
  ),
  opening: z.nullable(
    z.strictObject({
      /** E, which names the election in ballots. */
      hash: hex,
      index: count,
      key: hex,
      setups: z.array(setupSummarySchema),
    }),
  ),
  /** The entries that closed it and announced its result. */
  closing: z.nullable(z.strictObject({ index: count })),
  announcement: z.nullable(z.strictObject({ index: count })),
  /** What officials have told voters, oldest first. While the last pause is newer than the last resumption no ballot is taken. */
  notices: z.array(
    z.strictObject({
      index: count,
      time: count,
      type: z.enum(['pause-voting', 'resume-voting', 'tell-voters']),
      message: texts,
    }),
  ),
  contests: z.array(contestSchema),
  /** How many have voted by roll, null where the roll is too small for that to be told; and of all but so many small rolls. */
  turnout: z.strictObject({
    rolls: z.array(z.strictObject({ roll: z.string(), credentials: count, voters: z.nullable(count) })),
    together: z.strictObject({ credentials: count, voters: count }),
    leftOut: count,
  }),
})
export type ElectionSummary = z.output<typeof electionSummarySchema>
export type SetupSummary = z.output<typeof setupSummarySchema>

/** Who stands behind a setup. */
export type Describe = (setup: Setup) => Pick<SetupSummary, 'development' | 'contributors'>

/** All elections, in the order in which they were defined within their processes. */
export function summaries(state: RecordState, describe: Describe): ElectionSummary[] {
  return [...state.processes.values()].flatMap((process) =>
    [...process.elections.values()].map((election) => summary(state, process, election, describe)),
  )
}

/** One election of a process. */
export function summary(
  state: RecordState,
  process: ProcessState,
  election: ElectionState,
  describe: Describe,
): ElectionSummary {
  const { manifest, opening } = election
  const { title, description, languages, organiser, practice, opensAt, revoting } = manifest
  const attempt = election.attempts.at(-1)
  const { closedAt, announcedAt } = election
  const groups = groupsOf(process, election)
  return {
    process: election.process,
    processTitle: process.title,
    election: election.slug,
    ...{ title, description, languages, organiser, practice, opensAt, revoting },
    officials: [...(state.officials?.changes ?? [])],
    definition: { index: election.definedAt, hash: toHex(election.definition) },
    state: stageOfElection(election),
    closesAt: election.closesAt,
    threshold: manifest.threshold,
    quorum: manifest.quorum,
    minBallots: manifest.minBallots,
    guardians: manifest.guardians.map(({ name, key }, i) => ({ number: i + 1, name, key: toHex(key) })),
    keygen: attempt === undefined ? null : keygenOf(attempt),
    opening:
      opening === undefined
        ? null
        : {
            hash: toHex(opening.hash),
            index: opening.index,
            key: toHex(opening.act.key),
            setups: opening.act.setups.map((setup) => setupSummary(setup, describe(setup))),
          },
    closing: closedAt === undefined ? null : { index: closedAt },
    announcement: announcedAt === undefined ? null : { index: announcedAt },
    notices: election.notices.map(({ index, time, act: { type, message } }) => ({
      index,
      time,
      type,
      message,
    })),
    contests: manifest.contests.map((contest, i) => {
      const { options, rule, count, ...said } = contest
      const tally = election.contests[i]
      const result = election.result?.contests[i]
      const roll = process.rolls.get(contest.roll)
      const told = turnout(groups, contest.roll, tally)
      return {
        ...said,
        options: options.map(({ cost, picture, ...option }) => ({
          ...option,
          ...(cost !== undefined && { cost: String(cost) }),
          ...(picture && { picture: { hash: toHex(picture.hash), alt: picture.alt } }),
        })),
        rule: { ...plainObject(rule), type: rule.type },
        count: { ...plainObject(count), name: count.name },
        frozen: roll?.frozen === undefined ? null : { index: roll.frozen.index },
        turnout: told,
        few: closedAt !== undefined && (tally?.voters.size ?? 0) < manifest.minBallots,
        intents: [...(tally?.intents.keys() ?? [])],
        shares: [...(tally?.shares.keys() ?? [])],
        result: result === undefined ? null : resultOf(result, told.voters),
      }
    }),
    turnout: {
      ...groups,
      rolls: groups.rolls.map(({ voters = null, ...group }) => ({ ...group, voters })),
    },
  }
}

/** A setup by its hashes in hexadecimal. */
export function setupSummary(
  { circuit, ...files }: Setup,
  { development, contributors }: ReturnType<Describe>,
): SetupSummary {
  const { r1cs, witnessCode, provingKey, verificationKey, transcript } = files
  return {
    circuit,
    r1cs: toHex(r1cs),
    witnessCode: toHex(witnessCode),
    provingKey: toHex(provingKey),
    verificationKey: toHex(verificationKey),
    transcript: toHex(transcript),
    development,
    contributors: [...contributors],
  }
}

function stageOfElection({ opening, closedAt, result, attempts }: ElectionState): ElectionSummary['state'] {
  if (result !== undefined) return 'announced'
  if (closedAt !== undefined) return 'closed'
  if (opening !== undefined) return 'open'
  const attempt = attempts.at(-1)
  if (attempt === undefined) return 'defined'
  return stageOf(attempt) === 'done' ? 'ready' : 'keygen'
}

function keygenOf(attempt: KeygenAttempt): NonNullable<ElectionSummary['keygen']> {
  const stage = stageOf(attempt)
  const heard: Record<KeygenStage, { has(guardian: number): boolean }> = {
    commit: attempt.commits,
    reveal: attempt.reveals,
    deal: attempt.deals,
    confirm: attempt.confirmed,
    rehearse: attempt.rehearsals,
    done: attempt.rehearsals,
    failed: { has: () => true },
  }
  const missing = attempt.guardians.filter((guardian) => !heard[stage].has(guardian))
  const judged = attempt.failed?.judged ?? null
  return { attempt: attempt.number, stage, guardians: [...attempt.guardians], missing, judged }
}

function turnout({ rolls }: Groups, roll: string, contest: ContestState | undefined) {
  const group = rolls.find((one) => one.roll === roll)
  const credentials = group?.credentials ?? 0
  if (group?.voters === undefined) return { credentials, voters: null, ballots: null }
  const voters = contest?.voters ?? new Map<bigint, { ballots: number }>()
  let ballots = 0
  for (const voter of voters.values()) ballots += voter.ballots
  return { credentials, voters: voters.size, ballots }
}

function resultOf(result: ContestResult, voters: number | null): z.output<typeof resultSchema> {
  if (result.status === 'withheld') return { status: 'withheld', ballots: voters }
  const { ballots, blank, sums } = result
  // Decimal strings throughout: the same field must not change its type with its size.
  const counted = plain(decodeCbor(result.count), String) as {
    winners: string[]
    rounds: { kind: string; option: string; score: string }[]
    totals: { ballots: string; blank: string; points: string }
  }
  const { winners, rounds, totals } = counted
  return {
    status: 'counted',
    ballots,
    blank: String(blank),
    sums: sums.map(String),
    winners,
    rounds,
    totals,
  }
}

/** Data without bigints. */
function plain(value: unknown, integer: (n: number) => unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return integer(value)
  if (Array.isArray(value)) return value.map((item) => plain(item, integer))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item, integer)]))
}

function plainObject(value: object): Record<string, unknown> {
  return plain(value, (n) => n) as Record<string, unknown>
}

// Promises and spending of a process, as programs and pages read them. SPEC 13.1, 13.2.
import * as z from 'zod/mini'
import { toHex } from '#crypto/encoding.ts'
import { PROGRESS } from '#protocol/promise.ts'
import { standingOf, termsOf } from '#tally/accountability.ts'
import { formatDecimal } from '#tally/formats/decimal.ts'
import { FIGURES, type Money, type Procurement, procurementOf, STAGES, sumOf } from '#tally/procurement.ts'
import type { Accountability, ProcessState, PromiseState } from '#tally/state.ts'
import type { Publications } from './publications.ts'

const texts = z.record(z.string(), z.string())
const count = z.int().check(z.gte(0))
const hex = z.string().check(z.regex(/^[0-9a-f]{64}$/))
/** An exact decimal number and ISO 4217. */
const money = z.strictObject({ amount: z.string(), currency: z.string() })
const moment = { index: count, time: count }
const terms = { title: texts, owner: texts, due: count, cost: money }

/** Comments on it, of any depth; null where nobody takes part. */
const thread = z.nullable(count)

const promiseSchema = z.strictObject({
  ...moment,
  subject: z.union([
    z.strictObject({ election: z.string(), contest: count, option: z.nullable(count), title: texts }),
    z.strictObject({ proposal: count }),
  ]),
  /** By the time of the ledger. */
  standing: z.enum(['on-time', 'late', 'done', 'done-late', 'dropped']),
  ...terms,
  /** So many decimals its amounts have on the record. */
  decimals: count,
  /** Earlier terms, and why others took their place; the first ones first. */
  earlier: z.array(z.strictObject({ ...moment, ...terms, reasons: texts })),
  reports: z.array(
    z.strictObject({
      ...moment,
      state: z.enum(PROGRESS),
      milestone: texts,
      reasons: z.nullable(texts),
      evidence: z.nullable(z.strictObject({ link: z.string(), hash: z.nullable(hex) })),
      spent: z.nullable(money),
    }),
  ),
  /** What voters were told that it costs; what contracts say, and what was paid, in the currency of the cost. */
  voted: z.nullable(money),
  contracted: z.nullable(money),
  paid: z.nullable(money),
  /** Contracting processes that it is spent on. */
  ocids: z.array(z.string()),
  thread,
})

const procurementSchema = z.strictObject({
  ocid: z.string(),
  title: z.nullable(z.string()),
  buyer: z.nullable(z.string()),
  stages: z.array(z.enum(STAGES)),
  figures: z.array(
    z.strictObject({
      what: z.enum(FIGURES),
      id: z.nullable(z.string()),
      title: z.nullable(z.string()),
      date: z.nullable(z.string()),
      names: z.array(z.string()),
      value: z.nullable(money),
      ...moment,
      earlier: z.array(z.strictObject({ ...moment, value: z.nullable(money) })),
    }),
  ),
})

export const accountabilitySchema = z.strictObject({
  process: z.string(),
  title: z.string(),
  /** Of the ledger. */
  time: count,
  promises: z.array(promiseSchema),
  procurements: z.array(procurementSchema),
  publications: z.array(
    z.strictObject({
      ...moment,
      file: hex,
      releases: z.array(z.strictObject({ ocid: z.string(), id: z.string(), hash: hex })),
      promise: z.nullable(count),
      /** Whether the file is here and still the one that was signed. */
      intact: z.boolean(),
      thread,
    }),
  ),
})
export type AccountabilityView = z.output<typeof accountabilitySchema>
export type PromiseView = AccountabilityView['promises'][number]
export type ProcurementView = AccountabilityView['procurements'][number]

/** All that is promised and published in a process. */
export async function accountabilityView(
  process: string,
  within: ProcessState,
  time: number,
  files: Publications,
): Promise<AccountabilityView> {
  const { publications, promises } = within.accountability
  const read = await Promise.all(publications.map(async (one) => (await files.read(one))?.releases))
  const procurements = procurementsOf(publications, read)
  return {
    ...{ process, title: within.title, time },
    promises: [...promises.values()].map((promise) => {
      const named = publications.filter(({ act }) => act.promise === promise.made.index)
      const ocids = [...new Set(named.flatMap(({ act }) => act.releases.map(({ ocid }) => ocid)))]
      const own = procurements.filter(({ ocid }) => ocids.includes(ocid))
      return promiseView(within, promise, time, own, ocids)
    }),
    procurements: procurements.map(({ stages, figures, ...own }) => ({
      ...{ ...own, stages: [...stages] },
      figures: figures.map(({ names, earlier, ...one }) => ({
        ...{ ...one, names: [...names], earlier: [...earlier] },
      })),
    })),
    publications: publications.map(({ index, time, act: { file, releases, promise } }, i) => ({
      ...{ index, time, file: toHex(file), promise: promise ?? null, intact: read[i] !== undefined },
      thread: commentsOn(within, index),
      releases: releases.map(({ ocid, id, hash }) => ({ ocid, id, hash: toHex(hash) })),
    })),
  }
}

function commentsOn({ participation }: ProcessState, index: number): number | null {
  return participation === undefined ? null : (participation.documents.get(index)?.thread ?? 0)
}

/** Contracting processes in the order in which they first appear.
 *  @param read the releases of each file that is intact */
function procurementsOf(
  publications: Accountability['publications'],
  read: readonly (readonly unknown[] | undefined)[],
): Procurement[] {
  const published = publications.flatMap(({ index, time, act }, i) =>
    (read[i] ?? []).map((release, j) => ({ ocid: act.releases[j]?.ocid ?? '', index, time, release })),
  )
  return [...Map.groupBy(published, ({ ocid }) => ocid)].map(([ocid, own]) => procurementOf(ocid, own))
}

function promiseView(
  within: ProcessState,
  promise: PromiseState,
  time: number,
  own: readonly Procurement[],
  ocids: string[],
): PromiseView {
  const { made, changes, reports } = promise
  const held = [made, ...changes]
  const now = termsOf(promise)
  const { currency, decimals } = now.cost
  const moneyOf = (digits: bigint): Money => ({ amount: formatDecimal({ digits, decimals }), currency })
  const viewOf = ({ title, owner, due, cost }: typeof now) => ({
    ...{ title, owner, due, cost: moneyOf(cost.amount) },
  })
  return {
    ...{ index: made.index, time: made.time, ocids, ...subjectOf(within, promise) },
    ...{ standing: standingOf(promise, time), decimals, thread: commentsOn(within, made.index) },
    ...viewOf(now),
    earlier: changes.map(({ act: { reasons } }, i) => {
      const before = held[i] ?? made
      return { index: before.index, time: before.time, ...viewOf(before.act), reasons }
    }),
    reports: reports.map(({ index, time, act: { state, milestone, reasons, evidence, spent } }) => ({
      ...{ index, time, state, milestone, reasons: reasons ?? null },
      evidence: evidence === undefined ? null : { link: evidence.link, hash: hexOf(evidence.hash) },
      spent: spent === undefined ? null : moneyOf(spent),
    })),
    contracted: sumOf(own, 'contract', currency),
    paid: sumOf(own, 'payment', currency) ?? lastSpent(promise, moneyOf),
  }
}

/** What it follows from, in words, and what voters were told that it costs. */
function subjectOf(
  { elections }: ProcessState,
  { made: { act } }: PromiseState,
): Pick<PromiseView, 'subject' | 'voted'> {
  if ('proposal' in act.subject) return { subject: act.subject, voted: null }
  const { election, contest, option } = act.subject
  const asked = elections.get(election)?.manifest.contests[contest]
  const chosen = option === undefined ? undefined : asked?.options[option]
  const title = chosen?.title ?? asked?.title ?? {}
  const [cost, currency] = [chosen?.cost, asked?.currency]
  return {
    subject: { election, contest, option: option ?? null, title },
    voted: cost === undefined || currency === undefined ? null : { amount: cost.toString(), currency },
  }
}

/** What the office says that it has spent, where no payment is published. */
function lastSpent({ reports }: PromiseState, moneyOf: (digits: bigint) => Money): Money | null {
  const last = reports.findLast(({ act }) => act.spent !== undefined)
  return last?.act.spent === undefined ? null : moneyOf(last.act.spent)
}

function hexOf(hash: Uint8Array | undefined): string | null {
  return hash === undefined ? null : toHex(hash)
}

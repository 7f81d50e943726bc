// Announced results as files: found in the state, written in a language.
import { slug } from '#protocol/codec.ts'
import { Problem } from '#server/problem.ts'
import { textIn } from '#server/pages.ts'
import { type Announced as Counted, nistReport } from '#tally/formats/nist.ts'
import { budgetPb, resultCsv, type Words } from '#tally/formats/result-files.ts'
import type { RecordState } from '#tally/state.ts'

/** Which election. */
export interface ElectionName {
  readonly process: string
  readonly election: string
}

export const electionName = { process: slug, election: slug }

/** A counted election. Its times in milliseconds since 1970. */
export interface Announced extends Counted {
  readonly closesAt: number
  readonly announcedTime: number
}

/** The election with its result. Throws `Problem('not-found')` before a result is announced. */
export function announcedOf({ processes }: RecordState, { process, election }: ElectionName): Announced {
  const found = processes.get(process)?.elections.get(election)
  const { result, announcedTime } = found ?? {}
  if (found === undefined || result === undefined || announcedTime === undefined)
    throw new Problem('not-found', 'No announced result of such an election.')
  return { ...found, result, announcedTime }
}

/** Texts in a language, else in English, else in the first there is. */
export function wordsIn(language: string): Words {
  return (texts) => textIn(texts, language) ?? ''
}

export function csvOf({ manifest, result }: Announced, language: string): string {
  return resultCsv(manifest, result, wordsIn(language))
}

/** The budget of a contest, counted from 1; undefined where it is none or was not counted. */
export function pbOf(announced: Announced, contest: number, language: string): string | undefined {
  const { manifest, result, closesAt } = announced
  const described = manifest.contests[contest - 1]
  const counted = result.contests[contest - 1]
  if (described === undefined || counted?.status !== 'counted') return undefined
  const day = (instant: number) => dayOf(instant).split('-').reverse().join('.')
  const held = { unit: manifest.organiser, begin: day(manifest.opensAt), end: day(closesAt) }
  return budgetPb(described, counted, held, wordsIn(language))
}

export function nistOf({ processes }: RecordState, announced: Announced): string {
  const { manifest, process } = announced
  const rolls = processes.get(process)?.rolls
  const sizes = manifest.contests.map(({ roll }) => [roll, rolls?.get(roll)?.frozen?.size ?? 0] as const)
  const dates = {
    begin: dayOf(manifest.opensAt),
    end: dayOf(announced.closesAt),
    announced: `${new Date(announced.announcedTime).toISOString().slice(0, 19)}Z`,
  }
  return nistReport(announced, dates, new Map(sizes), wordsIn(manifest.languages[0] ?? 'en'))
}

/** A day in UTC. */
function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10)
}

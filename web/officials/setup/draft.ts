// An election while it is being written: fields as they are typed, templates to begin with, and the manifest that they
// make (SPEC 8.1).
import * as z from 'zod/mini'
import { fromHex } from '#crypto/encoding.ts'
import { checkManifest, type ManifestProblem } from '#protocol/contest.ts'
import type { ProposalReference } from '#protocol/assessment.ts'
import { type Contest, defaultQuorum, type Manifest, manifestSchema, type Rule } from '#protocol/manifest.ts'
import { statementContest } from '#protocol/sealed-opinion.ts'
import { plain } from '#protocol/text.ts'
import { type Texts, written } from '#web/officials/texts.ts'

export type Kind = Rule['type']

export interface OptionDraft {
  title: Texts
  description: Texts
  /** Whole units of the currency, as typed. */
  cost: string
  /** What it came from; its cost is then what was found of that. */
  proposal?: ProposalReference
}

export interface ContestDraft {
  title: Texts
  description: Texts
  kind: Kind
  /** Fewest and most options that are chosen or ranked. */
  least: number
  most: number
  /** Largest number of points for one option. */
  points: number
  /** Points or credits that each voter has. */
  total: number
  /** Projects are funded from a budget, instead of options winning seats. */
  funds: boolean
  budget: string
  currency: string
  seats: number
  blank: boolean
  rotated: boolean
  weighted: boolean
  /** Short name of the roll of those who answer; empty where it is the election's. */
  roll: string
  options: OptionDraft[]
  /** The statement that it puts to a vote, by its name in hexadecimal, and its words where they are officials'; nothing else
   *  but the roll is then to be chosen. */
  statement?: { name: string; seed: Texts | null }
}

export interface ElectionDraft {
  processTitle: string
  process: string
  election: string
  title: Texts
  description: Texts
  organiser: string
  languages: string[]
  practice: boolean
  /** Local times of this device, as `datetime-local` has them. */
  opensAt: string
  closesAt: string
  revotes: boolean
  /** Short name of the roll of whoever answers a question that names no other. */
  roll: string
  minBallots: number
  threshold: number
  guardians: { name: string; key: string }[]
  contests: ContestDraft[]
}

export const TEMPLATES = ['single', 'board', 'budget', 'ranking', 'question'] as const
export type Template = (typeof TEMPLATES)[number]

export const KINDS: readonly Kind[] = [
  ...(['plurality', 'approval', 'score', 'cumulative', 'quadratic', 'borda', 'ranking', 'knapsack'] as const),
]

/** An election to begin with.
 *  @param words in the language given: Yes and No */
export function fromTemplate(template: Template, language: string, words: [string, string]): ElectionDraft {
  const contest = newContest()
  switch (template) {
    case 'single':
      break
    case 'board':
      Object.assign(contest, { kind: 'approval', most: 3, seats: 3, rotated: true })
      break
    case 'budget':
      Object.assign(contest, { kind: 'knapsack', funds: true, budget: '100000', currency: 'EUR' })
      break
    case 'ranking':
      Object.assign(contest, { kind: 'ranking', most: 3 })
      break
    case 'question':
      contest.options = words.map((title) => ({ ...newOption(), title: { [language]: title } }))
  }
  return {
    ...{ processTitle: '', process: '', election: '', title: {}, description: {}, organiser: '' },
    ...{ languages: [language], practice: false, opensAt: '', closesAt: '', revotes: true, roll: 'voters' },
    ...{ minBallots: 20, threshold: 2, guardians: [newGuardian(), newGuardian(), newGuardian()] },
    contests: [contest],
  }
}

export function newContest(): ContestDraft {
  return {
    ...{ title: {}, description: {}, kind: 'plurality', least: 0, most: 1, points: 5, total: 10 },
    ...{
      funds: false,
      budget: '',
      currency: '',
      seats: 1,
      blank: true,
      rotated: false,
      weighted: false,
      roll: '',
    },
    options: [newOption(), newOption()],
  }
}

export function newOption(): OptionDraft {
  return { title: {}, description: {}, cost: '' }
}

export function newGuardian(): ElectionDraft['guardians'][number] {
  return { name: '', key: '' }
}

/** Whether options have costs. */
export function hasCosts({ kind, funds }: ContestDraft): boolean {
  return funds || kind === 'knapsack'
}

/** The names in addresses: those that were typed, else out of the titles. */
export function namesOf({ process, election, processTitle, title, languages }: ElectionDraft) {
  return {
    process: process || slugOf(processTitle) || 'process',
    election: election || slugOf(title[languages[0] ?? ''] ?? '') || 'election',
  }
}

/** "Ohjelma 2027: Äänestys" gives "ohjelma-2027-aanestys". */
function slugOf(title: string): string {
  const plain = title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const words = plain.replace(/[^a-z0-9]+/g, ' ').trim()
  return words.slice(0, 40).trim().replaceAll(' ', '-')
}

/** The contest as far as it is written; what is missing has no text yet.
 *  @param roll the election's */
export function contestOf(draft: ContestDraft, languages: readonly string[], roll: string): Contest {
  const { title, description, options, blank, weighted, rotated, currency, statement } = draft
  if (statement !== undefined) {
    const [agree = {}, disagree = {}] = options.map((option) => written(option.title, languages))
    const asked = { statement: fromHex(statement.name), title: written(title, languages) }
    return statementContest({ ...asked, roll: draft.roll || roll, agree, disagree })
  }
  return {
    title: written(title, languages),
    ...optional('description', written(description, languages)),
    roll: draft.roll || roll,
    options: options.map((option, i) => ({
      id: String(i + 1),
      title: written(option.title, languages),
      ...optional('description', written(option.description, languages)),
      ...(hasCosts(draft) && { cost: amount(option.cost) }),
      ...(option.proposal && { proposal: option.proposal }),
    })),
    order: rotated ? 'rotated' : 'fixed',
    rule: ruleOf(draft),
    ...{ blank, weighted, count: countOf(draft) },
    ...(hasCosts(draft) && currency !== '' && { currency }),
  }
}

/** What keeps an election from being held: a field that is missing or written wrongly, or a fault of the whole. */
export type DraftProblem = ManifestProblem | { readonly code: 'field'; readonly path: readonly PropertyKey[] }

/** The manifest, or everything that is wrong with it. */
export function manifestOf(draft: ElectionDraft): { manifest: Manifest } | { problems: DraftProblem[] } {
  const { languages, guardians, threshold } = draft
  const manifest: Manifest = {
    title: written(draft.title, languages),
    description: written(draft.description, languages),
    ...{ languages: [...languages], organiser: plain(draft.organiser), practice: draft.practice },
    ...{ opensAt: new Date(draft.opensAt).getTime(), closesAt: new Date(draft.closesAt).getTime() },
    revoting: draft.revotes ? 'last' : 'first',
    guardians: guardians.map(({ name, key }) => ({ name: plain(name), key: keyOf(key) })),
    ...{ threshold, quorum: defaultQuorum(guardians.length, threshold), minBallots: draft.minBallots },
    contests: draft.contests.map((contest) => contestOf(contest, languages, draft.roll)),
  }
  const { error } = z.safeEncode(manifestSchema, manifest)
  const problems: DraftProblem[] =
    error === undefined ? checkManifest(manifest) : error.issues.map(({ path }) => ({ code: 'field', path }))
  return problems.length > 0 ? { problems } : { manifest }
}

/** A text that has yet to be written in one of the election's languages, and where the form asks for it. */
export interface MissingText {
  readonly path: readonly (string | number)[]
  readonly language: string
}

/** All of them in the form's order; what may be left out counts where it is written in another language. */
export function missingTexts(draft: ElectionDraft): MissingText[] {
  const { languages, title, description, contests } = draft
  const missing = (texts: Texts, path: MissingText['path'], needed: boolean): MissingText[] => {
    const known = written(texts, languages)
    if (!needed && Object.keys(known).length === 0) return []
    return languages.flatMap((language) => (known[language] === undefined ? [{ path, language }] : []))
  }
  return [
    ...missing(title, ['title'], true),
    ...missing(description, ['description'], true),
    ...contests.flatMap((contest, i) => [
      ...missing(contest.title, ['contests', i, 'title'], true),
      ...missing(contest.description, ['contests', i, 'description'], false),
      ...contest.options.flatMap((option, k) => [
        ...missing(option.title, ['contests', i, 'options', k, 'title'], true),
        ...missing(option.description, ['contests', i, 'options', k, 'description'], false),
      ]),
    ]),
  ]
}

/** The id of the field in which a text is written. */
export function fieldId({ path, language }: MissingText): string {
  return ['text', ...path, language].join('-')
}

function ruleOf({ kind, least, most, points, total, budget }: ContestDraft): Rule {
  switch (kind) {
    case 'plurality':
      return { type: kind }
    case 'approval':
    case 'ranking':
      return { type: kind, min: whole(least), max: whole(most) }
    case 'score':
      return { type: kind, max: whole(points) }
    case 'cumulative':
      return { type: kind, minTotal: 0n, maxTotal: whole(total), max: whole(points) }
    case 'quadratic':
      return { type: kind, credits: whole(total), max: whole(Math.floor(Math.sqrt(total))) }
    case 'borda':
      return { type: kind, points: Array.from({ length: Number(whole(most)) }, (_, i) => whole(most - i)) }
    case 'knapsack':
      return { type: kind, budget: amount(budget) }
  }
}

function countOf(draft: ContestDraft): Contest['count'] {
  if (hasCosts(draft)) return { name: 'greedy', budget: amount(draft.budget) }
  const { kind, seats } = draft
  if (kind === 'knapsack') throw new Error('projects have costs')
  return { name: kind === 'ranking' ? 'borda' : kind, seats: Number(whole(seats)) }
}

function optional<K extends string>(name: K, texts: Texts): Partial<Record<K, Texts>> {
  return Object.keys(texts).length === 0 ? {} : ({ [name]: texts } as Record<K, Texts>)
}

/** An empty field is 0, which no rule takes where it matters. */
function whole(value: number | null): bigint {
  return BigInt(Math.max(0, Math.trunc(value ?? 0)))
}

function amount(text: string): bigint {
  return /^[0-9]{1,18}$/.test(text.trim()) ? BigInt(text.trim()) : 0n
}

/** No key at all where the text is none: the schema then refuses it. */
function keyOf(text: string): Uint8Array {
  const plain = text.trim().toLowerCase()
  return /^([0-9a-f]{2})*$/.test(plain) ? fromHex(plain) : new Uint8Array()
}

// A process as files that other programs follow: a feed (RFC 4287), a calendar (RFC 5545), its proposals as a table.
import { Feed } from 'feed'
import ical from 'ical-generator'
import { encodeField } from '#crypto/babyjubjub.ts'
import { toHex } from '#crypto/encoding.ts'
import type { Language } from '#server/data/register.ts'
import { moneyIn } from '#server/mail/letter.ts'
import { addressOf, textIn } from '#server/pages.ts'
import type { ActOf } from '#protocol/act.ts'
import { termsOf } from '#tally/accountability.ts'
import { measureOf } from '#tally/contributions.ts'
import { formatCsv } from '#tally/formats/csv.ts'
import { formatDecimal } from '#tally/formats/decimal.ts'
import type { ProcessState, PromiseState, ProposalState, RecordState } from '#tally/state.ts'
import { followedTitle, type News, newsOf } from './news.ts'
import { TEXTS } from './texts.ts'
import { speakersIn } from './views.ts'
import type { Writings } from './writings.ts'

/** Entries of a feed. */
const NEWEST = 50

/** A process, its name and where it stands. */
export interface Named {
  readonly state: RecordState
  readonly process: string
  readonly within: ProcessState
}

/** The newest that has happened, as an Atom feed; of one promise alone where that is named. */
export async function feedOf(
  { state, process, within }: Named,
  writings: Pick<Writings, 'of'>,
  language: Language,
  about: number | null = null,
): Promise<string> {
  const news = newsOf(within, about).slice(0, NEWEST)
  const words = await wordsOf(
    news.flatMap(({ proposal }) => (proposal === undefined ? [] : [proposal])),
    writings,
  )
  const page = addressOf(state, pathOf(process, about))
  const plan = within.plans.at(-1)?.plan
  const own = about === null ? '' : `promises/${about}/`
  const feed = new Feed({
    id: page,
    link: page,
    title: followedTitle(within, about, language) ?? within.title,
    description: plan === undefined ? '' : (textIn(plan.purpose, language) ?? ''),
    language,
    updated: new Date(news[0]?.time ?? 0),
    feedLinks: { atom: addressOf(state, `/api/processes/${process}/${language}/${own}feed.atom`) },
    generator: 'Comitia',
  })
  for (const one of news) {
    const text = one.proposal && (words.get(one.proposal) ?? TEXTS[language].gone)
    feed.addItem({
      id: addressOf(state, `/record/${one.index}`),
      link: addressOf(state, pathTo(process, one)),
      title: asHtml(titleOf(one, text, language)),
      date: new Date(one.time),
      description: asHtml(contentOf(one, text, within, language)),
    })
  }
  return feed.atom1()
}

/** The page of what is followed: of a process, or of a promise in it. */
export function pathOf(process: string, promise: number | null): string {
  return `/processes/${process}${promise === null ? '' : `/results#promise-${promise}`}`
}

/** The page on which one reads more of this. */
export function pathTo(process: string, { proposal, promise }: News): string {
  const page = pathOf(process, promise?.made.index ?? null)
  return proposal === undefined ? page : `${page}/proposals/${proposal.index}`
}

/** Its phases and the times of its votes, as a calendar. */
export function calendarOf({ state, process, within }: Named, language: Language): string {
  const page = addressOf(state, `/processes/${process}`)
  const { host } = new URL(page)
  const plan = within.plans.at(-1)
  const calendar = ical({ name: within.title, prodId: '//Comitia//EN', url: page })
  for (const [i, phase] of (plan?.plan.phases ?? []).entries())
    calendar.createEvent({
      id: `phase-${i}.${process}@${host}`,
      stamp: new Date(plan?.time ?? 0),
      start: new Date(phase.opensAt),
      end: new Date(phase.closesAt),
      summary: `${textIn(phase.title, language) ?? ''} – ${within.title}`,
      url: page,
    })
  for (const [slug, { manifest, closesAt }] of within.elections) {
    const url = addressOf(state, `/elections/${process}/${slug}`)
    calendar.createEvent({
      id: `${slug}.${process}@${host}`,
      stamp: new Date(manifest.opensAt),
      start: new Date(manifest.opensAt),
      end: new Date(closesAt),
      summary: TEXTS[language].voting(textIn(manifest.title, language) ?? slug),
      url,
    })
  }
  return calendar.toString()
}

/** All proposals, the oldest first; docs/open-data.md says what the columns are. */
export async function proposalsCsv(
  { within }: Named,
  writings: Pick<Writings, 'of'>,
  language: Language,
): Promise<string> {
  const proposals = [...(within.participation?.proposals.values() ?? [])]
  const words = await wordsOf(proposals, writings)
  const speakerOf = await speakersIn(proposals, writings)
  const rows = proposals.map((proposal) => {
    const { index, author, texts, support, withdrawn, reached, answer, projects } = proposal
    const assessment = proposal.assessments.at(-1)
    const finding = assessment?.act.finding
    return [
      index,
      instant(texts[0]?.time),
      toHex(encodeField(author)),
      words.get(proposal) ?? '',
      support,
      instant(withdrawn?.time),
      instant(reached?.time),
      instant(reached?.due),
      instant(answer?.time),
      answer?.act.decision ?? '',
      answer === undefined ? '' : (textIn(answer.act.office, language) ?? ''),
      answer === undefined ? '' : (textIn(answer.act.reasons, language) ?? ''),
      instant(assessment?.time),
      finding?.kind ?? '',
      ...(finding?.kind === 'feasible' ? [finding.cost.amount, finding.cost.currency] : ['', '']),
      finding === undefined ? '' : (textIn(foundIn(finding), language) ?? ''),
      projects.map((one) => `${one.process}/${one.election}/${one.contest + 1}/${one.option + 1}`).join(' '),
      speakerOf(proposal)?.name.text ?? '',
      speakerOf(proposal)?.number ?? '',
      withdrawn?.into ?? '',
    ]
  })
  return formatCsv([COLUMNS, ...rows])
}

const COLUMNS = [
  ...['entry', 'proposed_at', 'author', 'text', 'support', 'withdrawn_at', 'threshold_reached_at'],
  ...['answer_due_at', 'answered_at', 'decision', 'office', 'reasons'],
  ...['assessed_at', 'feasibility', 'cost', 'currency', 'assessment', 'options'],
  ...['verified_name', 'name_number', 'merged_into'],
]

/** The words of an assessment. */
function foundIn(finding: ActOf<'assess-proposal'>['finding']): Record<string, string> {
  return finding.kind === 'feasible' ? finding.project : finding.reasons
}

function instant(time: number | undefined): string {
  return time === undefined ? '' : new Date(time).toISOString()
}

/** The latest words of these proposals that everybody may read. */
export async function wordsOf(
  proposals: readonly ProposalState[],
  writings: Pick<Writings, 'of'>,
): Promise<Map<ProposalState, string>> {
  const latest = proposals.flatMap((proposal) => {
    const commitment = proposal.texts.at(-1)?.commitment
    return commitment === undefined || measureOf(proposal) === 'hide' ? [] : [{ proposal, commitment }]
  })
  const kept = await writings.of(latest.map(({ commitment }) => commitment))
  return new Map(
    latest.flatMap(({ proposal, commitment }) => {
      const text = kept.get(toHex(commitment))?.text
      return text === undefined ? [] : [[proposal, text] as const]
    }),
  )
}

/** Words as they are: what feeds hold is read as HTML. */
function asHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** What happened, in a line. */
export function titleOf(news: News, text: string | undefined, language: Language): string {
  const words = TEXTS[language][news.kind]
  if (typeof words === 'string') return words
  // A proposal's first line is its title.
  return words(
    news.promise === undefined ? (text?.split('\n')[0] ?? '') : progressOf(news, news.promise, language),
  )
}

/** A promise by its title, with what this entry says of it: a milestone, money spent, another cost. */
function progressOf({ index }: News, promise: PromiseState, language: Language): string {
  const { made, changes, reports } = promise
  const report = reports.find((one) => one.index === index)?.act
  const at = changes.findIndex((one) => one.index === index)
  const terms = changes[at]?.act ?? termsOf(promise)
  const title = textIn(terms.title, language) ?? ''
  const { currency, decimals } = terms.cost
  const money = (digits: bigint) => moneyIn(language, formatDecimal({ digits, decimals }), currency)
  if (report !== undefined) {
    const spent = report.spent === undefined ? [] : [TEXTS[language].spent(money(report.spent))]
    return `${title}: ${[textIn(report.milestone, language) ?? '', ...spent].join('; ')}`
  }
  if (index === made.index) return `${title}, ${money(made.act.cost.amount)}`
  const before = (changes[at - 1] ?? made).act.cost.amount
  if (at < 0 || before === terms.cost.amount) return title
  return `${title}: ${money(before)} → ${money(terms.cost.amount)}`
}

function contentOf(
  { kind, index, proposal, promise }: News,
  text: string | undefined,
  { plans, archived }: ProcessState,
  language: Language,
): string {
  if (kind === 'archived') return textIn(archived?.act.outcome ?? {}, language) ?? ''
  if (kind === 'planned') return textIn(plans.at(-1)?.plan.purpose ?? {}, language) ?? ''
  if (kind === 'answered') return textIn(proposal?.answer?.act.reasons ?? {}, language) ?? ''
  if (promise !== undefined) {
    const said = [...promise.changes, ...promise.reports].find((one) => one.index === index)
    return textIn(said?.act.reasons ?? {}, language) ?? ''
  }
  const finding = proposal?.assessments.find((one) => one.index === index)?.act.finding
  return (finding === undefined ? text : textIn(foundIn(finding), language)) ?? ''
}

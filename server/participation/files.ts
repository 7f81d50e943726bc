// A process as files that other programs follow: a feed (RFC 4287), a calendar (RFC 5545), its proposals as a table.
import { Feed } from 'feed'
import ical from 'ical-generator'
import { encodeField } from '#crypto/babyjubjub.ts'
import { toHex } from '#crypto/encoding.ts'
import type { Language } from '#server/data/register.ts'
import { addressOf, textIn } from '#server/pages.ts'
import type { ActOf } from '#protocol/act.ts'
import { measureOf } from '#tally/contributions.ts'
import { formatCsv } from '#tally/formats/csv.ts'
import type { ProcessState, ProposalState, RecordState } from '#tally/state.ts'
import { type News, newsOf } from './news.ts'
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

/** The newest that has happened, as an Atom feed. */
export async function feedOf(
  { state, process, within }: Named,
  writings: Pick<Writings, 'of'>,
  language: Language,
): Promise<string> {
  const news = newsOf(within).slice(0, NEWEST)
  const words = await wordsOf(
    news.flatMap(({ proposal }) => (proposal === undefined ? [] : [proposal])),
    writings,
  )
  const page = addressOf(state, `/processes/${process}`)
  const plan = within.plans.at(-1)?.plan
  const feed = new Feed({
    id: page,
    link: page,
    title: within.title,
    description: plan === undefined ? '' : (textIn(plan.purpose, language) ?? ''),
    language,
    updated: new Date(news[0]?.time ?? 0),
    feedLinks: { atom: addressOf(state, `/api/processes/${process}/${language}/feed.atom`) },
    generator: 'Comitia',
  })
  for (const one of news) {
    const link = one.proposal === undefined ? page : `${page}/proposals/${one.proposal.index}`
    const text = one.proposal && (words.get(one.proposal) ?? TEXTS[language].gone)
    feed.addItem({
      id: addressOf(state, `/record/${one.index}`),
      link,
      title: asHtml(titleOf(one, text, language)),
      date: new Date(one.time),
      description: asHtml(contentOf(one, text, within, language)),
    })
  }
  return feed.atom1()
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
    ]
  })
  return formatCsv([COLUMNS, ...rows])
}

const COLUMNS = [
  ...['entry', 'proposed_at', 'author', 'text', 'support', 'withdrawn_at', 'threshold_reached_at'],
  ...['answer_due_at', 'answered_at', 'decision', 'office', 'reasons'],
  ...['assessed_at', 'feasibility', 'cost', 'currency', 'assessment', 'options'],
  ...['verified_name', 'name_number'],
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
export function titleOf({ kind }: News, text: string | undefined, language: Language): string {
  const words = TEXTS[language]
  // A proposal's first line is its title.
  return kind === 'planned' || kind === 'archived' ? words[kind] : words[kind](text?.split('\n')[0] ?? '')
}

function contentOf(
  { kind, index, proposal }: News,
  text: string | undefined,
  { plans, archived }: ProcessState,
  language: Language,
): string {
  if (kind === 'archived') return textIn(archived?.act.outcome ?? {}, language) ?? ''
  if (kind === 'planned') return textIn(plans.at(-1)?.plan.purpose ?? {}, language) ?? ''
  if (kind === 'answered') return textIn(proposal?.answer?.act.reasons ?? {}, language) ?? ''
  const finding = proposal?.assessments.find((one) => one.index === index)?.act.finding
  return (finding === undefined ? text : textIn(foundIn(finding), language)) ?? ''
}

// A mail as a voter reads it: plain text, from what the record says about the election and the code it brings.
import type { Language, RollName } from '#server/data/register.ts'
import { addressOf, textIn } from '#server/pages.ts'
import type { RecordState } from '#tally/state.ts'
import type { MailKind } from './queue.ts'
import { TEXTS } from './texts.ts'

export interface Letter {
  readonly kind: MailKind
  readonly language: Language
  readonly code: string
  /** Who it is from, to whom answers go. */
  readonly from: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Stands where a code would, in mails that are only looked at. */
export const SAMPLE_CODE = 'XXXX-XXXX-XXXX-XXXX-X'

/** Subject and text of a mail to a voter of this roll. */
export function writeLetter(
  state: RecordState,
  name: RollName,
  { kind, language, code, from, now }: Letter,
): { subject: string; text: string } {
  const words = TEXTS[language]
  const { title, organiser, opensAt } = occasionOf(state, name, language)
  const invited = organiser === undefined ? words.invited(title) : words.invitedBy(title, organiser)
  const link = addressOf(state, `/join#${code}`)
  const paragraphs = [
    words.hello,
    kind === 'invitation' ? invited : words.reminded(title),
    `${words.register}\n\n${link}`,
    opensAt !== undefined && opensAt > now ? words.until(timeIn(language, opensAt)) : words.soon,
    words.secret,
    ...(kind === 'reminder' ? [words.earlier] : []),
    words.questions(from),
  ]
  const subject = kind === 'invitation' ? words.invitationSubject(title) : words.reminderSubject(title)
  return { subject, text: `${paragraphs.join('\n\n')}\n` }
}

interface Occasion {
  readonly title: string
  readonly organiser?: string
  readonly opensAt?: number
}

/** What the roll is for: the election that was defined last, else the process. */
export function occasionOf(
  { processes }: RecordState,
  { process, roll }: RollName,
  language: Language,
): Occasion {
  const within = processes.get(process)
  const manifests = [...(within?.elections.values() ?? [])].map(({ manifest }) => manifest)
  const manifest = manifests.findLast(({ contests }) => contests.some((contest) => contest.roll === roll))
  if (manifest === undefined) return { title: within?.title ?? process }
  const { title, organiser, opensAt } = manifest
  return { title: textIn(title, language) ?? process, organiser, opensAt }
}

/** By the server's own clock and time zone, which it names. */
export function timeIn(language: Language, time: number): string {
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    ...{ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', timeZoneName: 'short' },
  })
  return format.format(time)
}

/** An exact amount in a currency. */
export function moneyIn(language: Language, decimal: string, currency: string): string {
  const decimals = decimal.split('.')[1]?.length ?? 0
  const format = new Intl.NumberFormat(language === 'en' ? 'en-GB' : language, {
    ...{ style: 'currency', currency, minimumFractionDigits: decimals, maximumFractionDigits: decimals },
  })
  return format.format(decimal as Intl.StringNumericLiteral)
}

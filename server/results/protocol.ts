// The protocol of a count, to be printed and signed: the report for people, in one of the app's languages.
import type { Contest } from '#protocol/manifest.ts'
import type { ContestResult } from '#protocol/result.ts'
import type { Language } from '#server/data/register.ts'
import { PrintedDocument, type Row } from '#server/print/document.ts'
import { countContest } from '#tally/count/contest.ts'
import type { CountMethod, Round } from '#tally/count/result.ts'
import type { Finding } from '#tally/verify/finding.ts'
import { type Announced, wordsIn } from './announced.ts'
import { COUNT_TEXTS } from './count-texts.ts'
import { filled } from './filled.ts'
import { findingsIn } from './finding-texts.ts'
import { PROTOCOL_TEXTS } from './protocol-texts.ts'
import type { CountReport } from './report.ts'

/** The PDF's bytes: the same for the same report and language. */
export async function protocolPdf(
  report: CountReport,
  announced: Announced,
  language: Language,
): Promise<Uint8Array> {
  const document = new CountProtocol(report, announced, language, await findingsIn(language))
  const chunks: Uint8Array[] = []
  for await (const chunk of document.write()) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

class CountProtocol {
  readonly #report: CountReport
  readonly #announced: Announced
  readonly #language: Language
  readonly #found: (finding: Finding) => string
  readonly #print: PrintedDocument

  constructor(
    report: CountReport,
    announced: Announced,
    language: Language,
    found: (finding: Finding) => string,
  ) {
    const { manifest, announcedTime: date } = announced
    const title = `${PROTOCOL_TEXTS[language].title}: ${wordsIn(language)(manifest.title)}`
    this.#report = report
    this.#announced = announced
    this.#language = language
    this.#found = found
    this.#print = new PrintedDocument({ title, language, author: manifest.organiser, date })
  }

  write(): PDFKit.PDFDocument {
    const { manifest } = this.#announced
    const texts = PROTOCOL_TEXTS[this.#language]
    const print = this.#print
    print.page()
    print.heading('H1', `${texts.title}: ${this.#words(manifest.title)}`)
    if (manifest.practice) print.paragraph(texts.practice, 'bold')
    this.#facts()
    for (const [i, contest] of manifest.contests.entries()) this.#contest(contest, i)
    this.#guardians()
    this.#findings()
    this.#hashes()
    print.section()
    print.heading('H2', texts.signatures)
    for (const label of [texts.place, ...this.#report.announced.by]) {
      print.pdf.moveDown(1)
      print.paragraph(`${label}: ${'_'.repeat(50)}`)
    }
    print.end((page, pages) => filled(texts.page, { page, pages }))
    return print.pdf
  }

  #facts(): void {
    const texts = PROTOCOL_TEXTS[this.#language]
    const { manifest, process, slug, closesAt, announcedTime } = this.#announced
    this.#print.section()
    this.#print.heading('H2', texts.facts)
    const rows: Row[] = [
      [texts.organiser, manifest.organiser],
      [texts.name, `${process}/${slug}`],
      [texts.began, this.#instant(manifest.opensAt)],
      [texts.ended, this.#instant(closesAt)],
      [texts.announced, this.#instant(announcedTime)],
      [texts.announcedBy, new Intl.ListFormat(this.#language).format(this.#report.announced.by)],
    ]
    this.#print.table(undefined, rows, [1, 3])
  }

  #contest(contest: Contest, index: number): void {
    const texts = PROTOCOL_TEXTS[this.#language]
    const print = this.#print
    const result = this.#announced.result.contests[index]
    const { credentials, voters, ballots } = this.#report.election.contests[index]?.turnout ?? UNTOLD
    print.section()
    print.heading('H2', `${index + 1}. ${this.#words(contest.title)}`)
    const share = new Intl.NumberFormat(this.#language, { style: 'percent', maximumFractionDigits: 1 })
    // A roll too small to be told of is too small for its ballots to be decrypted.
    if (voters !== null && ballots !== null)
      print.paragraph(
        [
          filled(texts.turnout, {
            ...{ voters: this.#number(voters), roll: this.#number(credentials) },
            share: share.format(credentials === 0 ? 0 : voters / credentials),
          }),
          filled(texts.ballots, { ballots: this.#number(ballots) }),
          ...(result?.status === 'counted' && contest.blank
            ? [filled(texts.blank, { blank: this.#number(result.blank) })]
            : []),
        ].join(' '),
      )
    if (result?.status === 'counted') this.#count(contest, result)
    else
      print.paragraph(
        filled(texts.withheld, { least: this.#number(this.#announced.manifest.minBallots) }),
        'bold',
      )
  }

  #count(contest: Contest, counted: Extract<ContestResult, { status: 'counted' }>): void {
    const texts = PROTOCOL_TEXTS[this.#language]
    const words = COUNT_TEXTS[this.#language]
    const { method, rounds } = countContest(contest, counted)
    const titles = new Map(contest.options.map(({ id, title }) => [id, this.#words(title)]))
    this.#print.paragraph(this.#method(method))
    const rows = rounds.map((round, turn): Row => {
      const outcome = [this.#outcome(contest, method, round), ...this.#tie(round, titles)].join('. ')
      const title = titles.get(round.option) ?? round.option
      return [String(turn + 1), title, this.#number(round.score), outcome]
    })
    this.#print.table([texts.turn, words.option, words.sum, words.outcome], rows, [2, 7, 3, 12])
  }

  #method(method: CountMethod): string {
    const words = COUNT_TEXTS[this.#language]
    switch (method.name) {
      case 'greedy':
        return words.greedy
      case 'greedy-threshold':
        return filled(words.threshold, { threshold: this.#number(method.threshold) })
      case 'greedy-no-skip':
        return words.noSkip
      default:
        return filled(words.seats, { seats: this.#number(method.seats) })
    }
  }

  #outcome({ currency }: Contest, method: CountMethod, round: Round): string {
    const words = COUNT_TEXTS[this.#language]
    const money = (amount: bigint) => `${this.#number(amount)}${currency === undefined ? '' : ` ${currency}`}`
    switch (round.kind) {
      case 'elected':
        return filled(words.seat, { seat: this.#number(round.seat) })
      case 'not-elected':
        return round.reason === 'no-votes' ? words.nobody : words.seatsFilled
      case 'funded':
        return filled(words.funded, { left: money(round.left) })
      case 'not-funded':
        switch (round.reason) {
          case 'no-votes':
            return words.unfunded
          case 'after-stop':
            return words.afterStop
          case 'over-budget':
            return filled(words.overBudget, { cost: money(round.cost), left: money(round.left) })
          case 'below-threshold': {
            const threshold = method.name === 'greedy-threshold' ? method.threshold : 0n
            return filled(words.below, { threshold: this.#number(threshold) })
          }
        }
    }
  }

  #tie({ tie, option }: Round, titles: ReadonlyMap<string, string>): string[] {
    if (tie === null) return []
    const words = COUNT_TEXTS[this.#language]
    const tied = tie.options.filter((other) => other !== option).map((other) => titles.get(other) ?? other)
    const others = new Intl.ListFormat(this.#language).format(tied)
    const rule = filled(tie.rule === 'lower-cost' ? words.tieCost : words.tieOrder, { others })
    return [`${rule} ${tie.decisive ? words.decisive : words.harmless}`]
  }

  #guardians(): void {
    const texts = PROTOCOL_TEXTS[this.#language]
    const { guardians, threshold, contests } = this.#report.election
    this.#print.section()
    this.#print.heading('H2', texts.guardians)
    const numbers = { threshold: this.#number(threshold), count: this.#number(guardians.length) }
    this.#print.paragraph(filled(texts.threshold, numbers))
    const rows = guardians.map(({ number, name }): Row => {
      const decrypted = contests.some(({ shares }) => shares.includes(number))
      return [String(number), name, decrypted ? texts.decrypted : texts.absent]
    })
    this.#print.table([texts.number, texts.guardian, texts.part], rows, [2, 6, 6])
  }

  #findings(): void {
    const texts = PROTOCOL_TEXTS[this.#language]
    const { findings, checkpoint } = this.#report
    this.#print.section()
    this.#print.heading('H2', texts.verification)
    this.#print.paragraph(filled(texts.verify, { entries: this.#number(checkpoint.size - 1) }))
    const rows = findings.map((finding): Row => {
      const { check, status, entry } = finding
      const words = this.#found(finding)
      return [
        check,
        texts[status],
        entry === undefined ? words : filled(texts.entry, { index: entry, words }),
      ]
    })
    this.#print.table([texts.check, COUNT_TEXTS[this.#language].outcome, texts.finding], rows, [2, 4, 12])
  }

  #hashes(): void {
    const texts = PROTOCOL_TEXTS[this.#language]
    const { election, checkpoint } = this.#report
    const { definition, opening } = election
    this.#print.section()
    this.#print.heading('H2', texts.hashes)
    const hashes = [
      [filled(texts.definition, { index: definition.index }), definition.hash],
      ...(opening === null ? [] : [[texts.opening, opening.hash]]),
      ...(opening?.setups ?? []).map(({ circuit, verificationKey, transcript }) => [
        filled(texts.setup, { circuit }),
        `${verificationKey}\n${transcript}`,
      ]),
      [texts.checkpoint, `${checkpoint.origin}\n${checkpoint.size}\n${checkpoint.root}`],
    ]
    for (const [label = '', hash = ''] of hashes) {
      this.#print.paragraph(label)
      this.#print.paragraph(hash, 'mono')
    }
  }

  #words(texts: Readonly<Record<string, string>>): string {
    return wordsIn(this.#language)(texts)
  }

  #number(value: number | bigint): string {
    return new Intl.NumberFormat(this.#language).format(value)
  }

  /** In UTC, so that the same report is the same everywhere. */
  #instant(time: number): string {
    const format = new Intl.DateTimeFormat(this.#language === 'en' ? 'en-GB' : this.#language, {
      ...{ dateStyle: 'long', timeStyle: 'long', timeZone: 'UTC' },
    })
    return format.format(time)
  }
}

const UNTOLD = { credentials: 0, voters: null, ballots: null }

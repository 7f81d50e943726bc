// Letters with registration codes, one page a voter, as one PDF that is made while it is taken: no more than a few pages
// are in memory, and nothing of it stays here.
import { setImmediate as immediate } from 'node:timers/promises'
import { encode } from 'uqr'
import type { PrintedCode } from '#server/data/printing.ts'
import type { Language, RollName } from '#server/data/register.ts'
import { occasionOf, timeIn } from '#server/mail/letter.ts'
import { TEXTS } from '#server/mail/texts.ts'
import { addressOf } from '#server/pages.ts'
import type { RecordState } from '#tally/state.ts'
import { PrintedDocument } from './document.ts'

interface Printing {
  readonly name: RollName
  /** Of whoever has none of their own, and of the document. */
  readonly language: Language
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Points: a camera reads it from a hand's distance. */
const QR_SIZE = 140

/** The PDF's bytes, piece by piece. */
export async function* printLetters(
  state: RecordState,
  codes: AsyncIterable<PrintedCode>,
  { name, language, now }: Printing,
): AsyncGenerator<Uint8Array> {
  const { title, organiser = name.process } = occasionOf(state, name, language)
  const subject = TEXTS[language].invitationSubject(title)
  const print = new PrintedDocument({ title: subject, language, author: organiser, date: now }, false)
  for await (const { row, code, language: own } of codes) {
    print.page(own ?? language)
    writePage(print, state, { row, code, language: own ?? language, name, now })
    yield* taken(print.pdf)
    // Other requests have their turn.
    await immediate()
  }
  // A document has at least one page.
  if (print.pdf.page === (null as unknown)) print.page()
  print.end()
  for await (const chunk of print.pdf) yield chunk as Uint8Array
}

function writePage(
  print: PrintedDocument,
  state: RecordState,
  { row, code, language, name, now }: Printing & { row: string; code: string },
): void {
  const words = TEXTS[language]
  const { title, organiser, opensAt } = occasionOf(state, name, language)
  const page = addressOf(state, '/join')
  const link = `${page}#${code}`
  const soon = opensAt !== undefined && opensAt > now ? words.until(timeIn(language, opensAt)) : words.soon
  print.paragraph(row, 'bold', 12)
  print.pdf.moveDown(4)
  print.heading('H1', words.invitationSubject(title))
  print.paragraph(words.hello)
  print.paragraph(organiser === undefined ? words.invited(title) : words.invitedBy(title, organiser))
  print.paragraph(words.register)
  print.paragraph(link, 'mono')
  print.figure(link, () => drawQr(print.pdf, link))
  print.paragraph(words.type(page))
  print.paragraph(code, 'mono', 16)
  print.paragraph(soon)
  print.paragraph(words.secret)
}

/** What the document has ready. */
function* taken(pdf: PDFKit.PDFDocument): Generator<Uint8Array> {
  for (let chunk = pdf.read() as Uint8Array | null; chunk !== null; chunk = pdf.read() as Uint8Array | null)
    yield chunk
}

function drawQr(pdf: PDFKit.PDFDocument, text: string): void {
  const { size, data } = encode(text, { ecc: 'M', border: 4 })
  const side = QR_SIZE / size
  const [left, top] = [pdf.x, pdf.y]
  data.forEach((cells, y) =>
    cells.forEach((dark, x) => dark && pdf.rect(left + x * side, top + y * side, side, side)),
  )
  pdf.fill('black')
  pdf.y = top + QR_SIZE
}

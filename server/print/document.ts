// A printed document as a tagged PDF (PDF/UA-1, ISO 14289-1): title and language are said, everything that is read has its
// place in the structure. The same calls give the same bytes.
import { createRequire } from 'node:module'
import PDFDocument from 'pdfkit'

export interface Imprint {
  readonly title: string
  /** BCP 47. */
  readonly language: string
  readonly author: string
  /** What the document bears as its date, milliseconds since 1970. */
  readonly date: number
}

/** A row of a table; its first cell heads the row. */
export type Row = readonly [string, ...string[]]

const { resolve } = createRequire(import.meta.url)
/** They have Latin, Greek, Cyrillic and more: names come in every script. */
const FONTS = {
  plain: resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
  mono: resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf'),
}
const SIZES = { H1: 20, H2: 14, P: 10, small: 8 } as const
/** Missing in the library's types. */
const UNIVERSAL = 'PDF/UA' as string as PDFKit.Mixins.PDFSubsets
const MARGIN = 56
const LINE_GAP = 3

export class PrintedDocument {
  readonly pdf: PDFKit.PDFDocument
  readonly #root: PDFKit.PDFStructureElement
  #section: PDFKit.PDFStructureElement

  /** @param whole kept in memory until the end, which page numbers need */
  constructor({ title, language, author, date }: Imprint, whole = true) {
    // The metadata takes them as they are, and it is XML.
    const [plainTitle, plainAuthor] = [title, author].map((text) => text.replace(/[<>&]/g, ' '))
    this.pdf = new PDFDocument({
      ...{ size: 'A4', margin: MARGIN, autoFirstPage: false, bufferPages: whole },
      ...{ pdfVersion: '1.7', subset: UNIVERSAL, tagged: true, displayTitle: true, lang: language },
      font: FONTS.plain,
      // In many pages few words come twice.
      fontLayoutCache: whole,
      info: {
        ...{ Title: plainTitle ?? '', Author: plainAuthor ?? '', Creator: 'Comitia', Producer: 'Comitia' },
        CreationDate: new Date(date),
      },
    })
    this.#root = this.pdf.struct('Document')
    this.pdf.addStructure(this.#root)
    this.#section = this.#root
  }

  /** A new page, and with it a new section.
   *  @param language if other than the document's */
  page(language?: string): void {
    this.section(language)
    this.pdf.addPage()
  }

  /** What follows is a part of its own.
   *  @param language if other than the document's */
  section(language?: string): void {
    this.#endSection()
    this.#section = this.pdf.struct('Sect', language === undefined ? {} : { lang: language })
    this.#root.add(this.#section)
  }

  heading(level: 'H1' | 'H2', text: string): void {
    if (level === 'H2') this.pdf.moveDown(1)
    this.#write(level, text, FONTS.bold, SIZES[level])
  }

  paragraph(text: string, look: 'plain' | 'bold' | 'mono' = 'plain', size: number = SIZES.P): void {
    this.#write('P', text, FONTS[look], size)
    this.pdf.moveDown(0.5)
  }

  /** @param widths shares of the page's width */
  table(head: readonly string[] | undefined, rows: readonly Row[], widths: readonly number[]): void {
    const { pdf } = this
    pdf.font(FONTS.plain, SIZES.small)
    const full = pdf.page.width - 2 * MARGIN
    const all = widths.reduce((sum, width) => sum + width, 0)
    const line = { padding: 3, border: [0, 0, 0.5, 0] as [number, number, number, number] }
    const bold = { src: FONTS.bold, size: SIZES.small }
    const table = {
      structParent: this.#section,
      columnStyles: widths.map((width) => ({ width: (full * width) / all })),
      data: [
        ...(head === undefined
          ? []
          : [head.map((text) => ({ ...line, text, type: 'TH' as const, scope: 'Column', font: bold }))]),
        ...rows.map((row) =>
          row.map((text, i) => ({
            ...line,
            text,
            ...(i === 0 ? { type: 'TH' as const, scope: 'Row' } : {}),
          })),
        ),
      ],
    }
    pdf.table(table)
    pdf.x = MARGIN
    pdf.moveDown(0.5)
  }

  /** A drawing with words for those who do not see it. */
  figure(alt: string, draw: () => void): void {
    this.#section.add(this.pdf.struct('Figure', { alt }, draw))
  }

  /** Ends the document; its bytes are then what `pdf` still has to give.
   *  @param foot of each page, which is none of the content */
  end(foot?: (page: number, pages: number) => string): void {
    this.#endSection()
    this.#root.end()
    const { start, count } = this.pdf.bufferedPageRange()
    for (let page = 0; foot !== undefined && page < count; page++) {
      this.pdf.switchToPage(start + page)
      this.pdf.page.margins.bottom = 0
      this.pdf.markContent('Artifact', { type: 'Pagination' })
      this.pdf.font(FONTS.plain, SIZES.small)
      this.pdf.text(foot(page + 1, count), MARGIN, this.pdf.page.height - MARGIN / 2, { lineBreak: false })
      this.pdf.endMarkedContent()
    }
    this.pdf.end()
  }

  #write(type: string, text: string, font: string, size: number): void {
    this.#section.add(
      this.pdf.struct(type, {}, () => {
        this.pdf.font(font, size).text(text.normalize('NFC'), { lineGap: LINE_GAP })
      }),
    )
  }

  #endSection(): void {
    if (this.#section !== this.#root) this.#section.end()
  }
}

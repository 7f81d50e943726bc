// Small pictures of pages as they are, on a phone and on a desk, and the page that lists them.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'

/** Widths are those that people have; longer pages are cut. */
const VIEWS = [
  { view: 'phone', width: 390, height: 844, most: 1100, scale: 1 },
  { view: 'desk', width: 1280, height: 800, most: 900, scale: 0.75 },
] as const
/** Above what a picture begins with. */
const MARGIN = 24
const QUALITY = 40

interface Shot {
  readonly says: string
  /** Links to the files. */
  readonly pictures: string[]
}

export class Camera {
  readonly #folder: string
  readonly #shots: Shot[] = []

  private constructor(folder: string) {
    this.#folder = folder
  }

  /** Into this folder, emptied first. */
  static async into(folder: string): Promise<Camera> {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    return new Camera(folder)
  }

  /** The page as it stands, in both widths, and where asked for dark on the phone as well. Leaves the page as it was.
   *  @param says what is to be seen, in a sentence
   *  @param from where the picture begins, if not at the top */
  async shoot(
    page: Page,
    name: string,
    says: string,
    { dark = false, from }: { dark?: boolean; from?: Locator } = {},
  ): Promise<void> {
    const pictures: string[] = []
    const before = page.viewportSize()
    await page.mouse.move(0, 0)
    const wire = await page.context().newCDPSession(page)
    for (const scheme of dark ? (['light', 'dark'] as const) : (['light'] as const)) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      for (const { view, width, height, most, scale } of scheme === 'dark' ? VIEWS.slice(0, 1) : VIEWS) {
        await page.setViewportSize({ width, height })
        // As high as the picture: what sticks to an edge of the window then stands where the picture ends.
        const full = Math.max(await settled(page), height)
        await page.setViewportSize({ width, height: from === undefined ? Math.min(full, most) : full })
        await settled(page)
        const y = Math.max(0, ((await from?.boundingBox())?.y ?? 0) - MARGIN)
        const clip = { x: 0, y, width, height: Math.min(full - y, most), scale }
        const shot = await wire.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY, clip })
        const file = `${name}-${view}${scheme === 'dark' ? '-dark' : ''}.webp`
        await writeFile(join(this.#folder, file), Buffer.from(shot.data, 'base64'))
        pictures.push(`[${view}${dark ? `, ${scheme}` : ''}](${file})`)
      }
    }
    await page.emulateMedia({ colorScheme: null, reducedMotion: null })
    if (before !== null) await page.setViewportSize(before)
    await wire.detach()
    this.#shots.push({ says, pictures })
  }

  /** Writes the list of all pictures. */
  async list(head: string): Promise<void> {
    const rows = this.#shots.map(({ says, pictures }) => `| ${says} | ${pictures.join(' · ')} |`)
    const text = [head, '', '| what | pictures |', '| --- | --- |', ...rows, ''].join('\n')
    await writeFile(join(this.#folder, 'README.md'), text)
  }
}

/** The page's height once its letters are there and it has been drawn. */
function settled(page: Page): Promise<number> {
  return page.evaluate(async () => {
    await document.fonts.ready
    window.scrollTo(0, 0)
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)))
    return document.documentElement.scrollHeight
  })
}

// Time as it passes on a page, from a click to the heading that tells that the work is done and drawn.
import type { Page } from 'playwright-core'

/** Milliseconds from a click on the button of this name until a heading has this text. */
export function untilHeading(page: Page, button: string, heading: string): Promise<number> {
  return page.getByRole('button', { name: button, exact: true }).evaluate(
    (element, words) =>
      new Promise<number>((resolve) => {
        const start = performance.now()
        const watch = new MutationObserver(() => {
          if (![...document.querySelectorAll('h1, h2')].some((one) => one.textContent.trim() === words))
            return
          watch.disconnect()
          requestAnimationFrame(() => resolve(performance.now() - start))
        })
        watch.observe(document, { childList: true, subtree: true, characterData: true })
        ;(element as HTMLElement).click()
      }),
    heading,
  )
}

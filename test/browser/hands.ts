// Somebody at a page who goes by what is shown there and nothing else: roles and names, with a pointer or with the keyboard
// alone. After every action the page is looked at by axe. What it took is counted.
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { expectSound } from './booth-visitor.ts'

/** More keys than this between two things, and nobody finds the way. */
const TABS = 60

export abstract class Hands {
  readonly page: Page
  /** Clicks and fields that were filled, or keys and texts that were typed. */
  actions = 0

  constructor(page: Page) {
    this.page = page
  }

  /** Activates what is in sight. */
  protected abstract press(target: Locator): Promise<void>
  /** Replaces what is in a field. */
  protected abstract write(target: Locator, text: string): Promise<void>

  /** What the task took that is done by now. */
  count(): number {
    const { actions } = this
    this.actions = 0
    return actions
  }

  async link(name: string | RegExp, then: string | RegExp): Promise<void> {
    await this.press(this.page.getByRole('link', { name, exact: true }).first())
    await this.see(then)
  }

  async button(name: string | RegExp, then: string | RegExp): Promise<void> {
    await this.press(this.page.getByRole('button', { name, exact: true }))
    await this.see(then)
  }

  async box(name: string, then: string | RegExp): Promise<void> {
    await this.press(this.page.getByRole('checkbox', { name }))
    await this.see(then)
  }

  async field(name: string, text: string): Promise<void> {
    await this.write(this.page.getByRole('textbox', { name, exact: true }), text)
  }

  /** Chooses a file from the device. */
  async file(name: string, path: string, then: string | RegExp): Promise<void> {
    const [chooser] = await Promise.all([
      this.page.waitForEvent('filechooser'),
      this.press(this.page.getByRole('button', { name })),
    ])
    await chooser.setFiles(path)
    await this.see(then)
  }

  /** Presses a button that saves a file; its path. */
  async saved(name: string): Promise<string> {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.press(this.page.getByRole('button', { name, exact: true })),
    ])
    return download.path()
  }

  /** Waits for words on the page, which must then be sound. */
  async see(words: string | RegExp): Promise<void> {
    await this.page.getByText(words).filter({ visible: true }).first().waitFor()
    await expectSound(this.page)
  }

  /** A problem is said at once to those who hear the page: it is an alert, and has the focus or describes what has it. */
  async hear(words: string | RegExp): Promise<void> {
    await this.page.getByRole('alert').filter({ hasText: words }).first().waitFor()
    const said = await this.page.evaluate(() => {
      const at = document.activeElement
      const describing = at?.getAttribute('aria-describedby')?.split(' ') ?? []
      return [at, ...describing.map((id) => document.getElementById(id))]
        .map((one) => one?.textContent)
        .join()
    })
    expect(said).toMatch(words)
  }
}

export class Pointer extends Hands {
  protected override async press(target: Locator): Promise<void> {
    this.actions += 1
    await target.click()
  }

  protected override async write(target: Locator, text: string): Promise<void> {
    this.actions += 1
    await target.fill(text)
  }
}

export class Keyboard extends Hands {
  protected override async press(target: Locator): Promise<void> {
    await this.#reach(target)
    const byEnter = await target.evaluate((element) => /^(A|BUTTON)$/.test(element.tagName))
    await this.#key(byEnter ? 'Enter' : 'Space')
  }

  protected override async write(target: Locator, text: string): Promise<void> {
    await this.#reach(target)
    await this.#key('ControlOrMeta+a')
    await this.page.keyboard.insertText(text)
    this.actions += 1
  }

  /** Goes on from where the focus is, until it is on the target, where it can be seen. */
  async #reach(target: Locator): Promise<void> {
    await target.waitFor()
    for (let tabs = 0; !(await target.evaluate((element) => element === document.activeElement)); tabs++) {
      if (tabs > TABS) throw new Error(`no way by keyboard to ${String(target)}`)
      await this.#key('Tab')
    }
    const seen = await target.evaluate((element) => {
      const { left, top, width, height } = element.getBoundingClientRect()
      const there = document.elementFromPoint(left + width / 2, top + height / 2)
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      return {
        uncovered: element.contains(there),
        outlined: outlineStyle !== 'none' && outlineWidth !== '0px',
      }
    })
    expect([String(target), seen]).toEqual([String(target), { uncovered: true, outlined: true }])
  }

  async #key(key: string): Promise<void> {
    this.actions += 1
    await this.page.keyboard.press(key)
  }
}

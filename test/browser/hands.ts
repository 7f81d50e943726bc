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

  /** Goes to a control and presses keys there. */
  async on(target: Locator, ...keys: string[]): Promise<void> {
    await this.#reach(target)
    for (const key of keys) await this.#key(key)
  }

  /** Goes through the whole page: every control is met, one after the other as they stand on the page, and is seen. */
  async walk(): Promise<void> {
    await this.page.locator('.skip').focus()
    const controls = await this.page.evaluate(numberControls)
    const met: Stop[] = []
    for (let at = await this.#next(); at !== undefined; at = await this.#next()) met.push(at)
    expect(met.map(({ number }) => number)).toEqual(controls.map((_, i) => i + 1))
    expect(met.filter(({ uncovered, outlined }) => !uncovered || !outlined)).toEqual([])
    expect(met.filter(({ bottom }, i) => bottom < (met[i - 1]?.top ?? 0))).toEqual([])
  }

  /** The next control; undefined after the last. */
  async #next(): Promise<Stop | undefined> {
    await this.#key('Tab')
    return this.page.evaluate(lookAtFocus)
  }

  /** Goes on from where the focus is, until it is on the target, where it can be seen. */
  async #reach(target: Locator): Promise<void> {
    await target.waitFor()
    for (let tabs = 0; !(await target.evaluate((element) => element === document.activeElement)); tabs++) {
      if (tabs > TABS) throw new Error(`no way by keyboard to ${String(target)}`)
      await this.#key('Tab')
    }
    const { uncovered, outlined } = (await this.page.evaluate(lookAtFocus)) ?? {}
    expect([String(target), uncovered, outlined]).toEqual([String(target), true, true])
  }

  async #key(key: string): Promise<void> {
    this.actions += 1
    await this.page.keyboard.press(key)
  }
}

/** A control that has the focus. */
interface Stop {
  /** Its place among all that `numberControls` has found, from 1. */
  readonly number: number
  readonly what: string
  /** In pixels of the page. */
  readonly top: number
  readonly bottom: number
  readonly uncovered: boolean
  readonly outlined: boolean
}

/** In the page: numbers what can be operated in its order, of radio buttons one for their group; their names. */
function numberControls(): string[] {
  const groups = new Map<string, string>()
  const names: string[] = []
  const kinds = 'a[href], button, input, select, textarea, summary, [tabindex="0"]'
  for (const one of document.querySelectorAll<HTMLElement>(`:is(${kinds}):not(:disabled, .skip)`)) {
    delete one.dataset.number
    if (!one.checkVisibility({ visibilityProperty: true })) continue
    const group = one instanceof HTMLInputElement && one.type === 'radio' ? one.name : ''
    const number = groups.get(group) ?? String(names.push(one.outerHTML.slice(0, 120)))
    if (group !== '') groups.set(group, number)
    one.dataset.number = number
  }
  return names
}

/** In the page: the control with the focus; undefined where the focus has left the page or is back at its start. Where an
 *  input is drawn by its label, that is looked at. */
function lookAtFocus(): Stop | undefined {
  const at = document.activeElement
  if (!(at instanceof HTMLElement) || at === document.body || at.classList.contains('skip')) return undefined
  const label = at.closest('label')
  const drawn = at.classList.contains('unseen') && label !== null ? label : at
  const { left, top, bottom, width, height } = drawn.getBoundingClientRect()
  const there = document.elementFromPoint(left + width / 2, top + height / 2)
  const { outlineStyle, outlineWidth } = getComputedStyle(drawn)
  return {
    number: Number(at.dataset.number),
    what: at.outerHTML.slice(0, 120),
    top: top + scrollY,
    bottom: bottom + scrollY,
    uncovered: drawn.contains(there),
    outlined: outlineStyle !== 'none' && outlineWidth !== '0px',
  }
}

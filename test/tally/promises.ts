// Promises, reports and publications for tests, to be changed where a test needs more.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ActOf } from '#protocol/act.ts'
import type { Subject } from '#protocol/promise.ts'
import { publicationOf } from '#tally/formats/ocds.ts'
import { START } from './scene.ts'

const DAY = 86_400_000

/** A promise that is due after ten days. */
export function promiseOf(
  subject: Subject,
  changes: Partial<ActOf<'make-promise'>> = {},
): ActOf<'make-promise'> {
  return {
    ...{ type: 'make-promise', subject, title: { en: 'A cycle way' }, owner: { en: 'Roads' } },
    ...{ due: START + 10 * DAY, cost: { amount: 50_000_000n, decimals: 2, currency: 'USD' } },
    ...changes,
  }
}

/** The same promise with other terms. */
export function changeOf(
  promise: number,
  { due, cost }: Partial<Pick<ActOf<'change-promise'>, 'due' | 'cost'>>,
): ActOf<'change-promise'> {
  const { title, owner, ...terms } = promiseOf({ proposal: 0 })
  return {
    ...{ type: 'change-promise', promise, title, owner, reasons: { en: 'The ground was wet.' } },
    ...{ due: due ?? terms.due, cost: cost ?? terms.cost },
  }
}

export function reportOn(
  promise: number,
  changes: Partial<ActOf<'report-progress'>> = {},
): ActOf<'report-progress'> {
  return {
    type: 'report-progress',
    promise,
    state: 'under-way',
    milestone: { en: 'Ground broken' },
    ...changes,
  }
}

/** The act that publishes a document. */
export function publishing(
  document: unknown,
  changes: Partial<ActOf<'publish-releases'>> = {},
): ActOf<'publish-releases'> {
  return { type: 'publish-releases', ...publicationOf(document), ...changes }
}

/** The text of a real document (test/data/README.md). */
export function ocdsText(name: 'portland-record' | 'fictional-record-package'): string {
  return readFileSync(join(import.meta.dirname, '../data/ocds', `${name}.json`), 'utf8')
}

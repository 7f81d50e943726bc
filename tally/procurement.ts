// What the published releases of one contracting process say, one after the other: how far it has come, what was agreed and
// paid, and every figure that a later release has changed. SPEC 13.2.
import {
  addDecimals,
  type Decimal,
  formatDecimal,
  NumberText,
  parseDecimal,
  sameDecimal,
} from './formats/decimal.ts'

/** A release as `parseExactly` reads it, and the entry that published it. */
export interface Published {
  readonly index: number
  readonly time: number
  readonly release: unknown
}

export interface Money {
  /** A decimal number, "1250.5". */
  readonly amount: string
  /** ISO 4217. */
  readonly currency: string
}

/** The stages of OCDS in their order. */
export const STAGES = ['planning', 'tender', 'award', 'contract', 'implementation'] as const

/** What an amount of a release is. */
export const FIGURES = ['budget', 'tender', 'contract', 'payment'] as const

/** An amount, and all that it was before. */
export interface Figure {
  readonly what: (typeof FIGURES)[number]
  /** Of contracts and payments. */
  readonly id: string | null
  readonly title: string | null
  /** The day of a payment, as its publisher writes it. */
  readonly date: string | null
  /** Suppliers of a contract, who gets a payment. */
  readonly names: readonly string[]
  readonly value: Money | null
  /** The entry that first published this value, and its time. */
  readonly index: number
  readonly time: number
  readonly earlier: readonly { readonly index: number; readonly time: number; readonly value: Money | null }[]
}

export interface Procurement {
  readonly ocid: string
  readonly title: string | null
  readonly buyer: string | null
  readonly stages: readonly (typeof STAGES)[number][]
  readonly figures: readonly Figure[]
}

/** The process of these releases, which all have its ocid, in the order of their publication. */
export function procurementOf(ocid: string, published: readonly Published[]): Procurement {
  const figures = new Map<string, Figure>()
  const stages = new Set<(typeof STAGES)[number]>()
  let title: string | null = null
  let buyer: string | null = null
  for (const one of published) {
    const release = objectOf(one.release)
    const [planning, tender] = [objectOf(release['planning']), objectOf(release['tender'])]
    const budget = objectOf(planning['budget'])
    const awards = listOf(release['awards'])
    const contracts = listOf(release['contracts'])
    title = textOf(tender['title']) ?? textOf(budget['project']) ?? title
    buyer = textOf(objectOf(release['buyer'])['name']) ?? buyer
    const note = (
      what: Figure['what'],
      said: unknown,
      amount: unknown,
      own: Partial<Pick<Figure, 'id' | 'title' | 'date' | 'names'>> = {},
    ): void => {
      if (said === undefined) return
      stages.add(STAGE_OF[what])
      if (amount === undefined) return
      const key = `${what} ${own.id ?? ''}`
      const known = figures.get(key)
      const value = moneyOf(amount)
      const same = known !== undefined && sameMoney(known.value, value)
      const earlier = known === undefined ? [] : known.earlier
      const before = known && { index: known.index, time: known.time, value: known.value }
      figures.set(key, {
        ...{ what, id: null, title: null, date: null, names: [], value, ...own },
        ...(same ? { index: known.index, time: known.time } : { index: one.index, time: one.time }),
        earlier: same || before === undefined ? earlier : [...earlier, before],
      })
    }
    note('budget', release['planning'], budget['amount'])
    note('tender', release['tender'], tender['value'])
    if (awards.length > 0) stages.add('award')
    for (const contract of contracts) {
      const id = textOf(contract['id'])
      const award = awards.find((found) => textOf(found['id']) === textOf(contract['awardID']))
      const names = listOf(award?.['suppliers']).flatMap(({ name }) => textOf(name) ?? [])
      note('contract', contract, contract['value'], { id, title: textOf(contract['title']), names })
      for (const payment of listOf(objectOf(contract['implementation'])['transactions'])) {
        const payee = textOf(objectOf(payment['payee'])['name'])
        note('payment', payment, payment['value'], {
          ...{ id: `${id ?? ''} ${textOf(payment['id']) ?? ''}`.trim(), date: textOf(payment['date']) },
          names: payee === null ? [] : [payee],
        })
      }
    }
  }
  return {
    ...{ ocid, title, buyer, stages: STAGES.filter((stage) => stages.has(stage)) },
    figures: [...figures.values()].sort((a, b) => FIGURES.indexOf(a.what) - FIGURES.indexOf(b.what)),
  }
}

/** The sum of all figures of a kind in a currency; null where there are none. */
export function sumOf(
  procurements: readonly Procurement[],
  what: Figure['what'],
  currency: string,
): Money | null {
  const values = procurements
    .flatMap(({ figures }) => figures)
    .flatMap((one) => (one.what === what && one.value?.currency === currency ? [one.value] : []))
  if (values.length === 0) return null
  const sum = values.map(decimalOf).reduce(addDecimals, { digits: 0n, decimals: 0 })
  return { amount: formatDecimal(sum), currency }
}

const STAGE_OF = {
  budget: 'planning',
  tender: 'tender',
  contract: 'contract',
  payment: 'implementation',
} as const

/** A Value of OCDS; null where it says no amount. */
function moneyOf(value: unknown): Money | null {
  const { amount, currency } = objectOf(value)
  const decimal = amount instanceof NumberText ? parseDecimal(amount.text) : undefined
  const unit = textOf(currency)
  return decimal === undefined || unit === null ? null : { amount: formatDecimal(decimal), currency: unit }
}

function sameMoney(a: Money | null, b: Money | null): boolean {
  if (a === null || b === null) return a === b
  return a.currency === b.currency && sameDecimal(decimalOf(a), decimalOf(b))
}

function decimalOf({ amount }: Money): Decimal {
  const decimal = parseDecimal(amount)
  if (decimal === undefined) throw new Error('money is a decimal number')
  return decimal
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  const plain = typeof value === 'object' && value !== null && !(value instanceof NumberText)
  return plain && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {}
}

function listOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(objectOf) : []
}

/** Ids may be numbers too. */
function textOf(value: unknown): string | null {
  if (value instanceof NumberText) return value.text
  return typeof value === 'string' ? value : null
}

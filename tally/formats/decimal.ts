// Decimal numbers exactly as JSON text writes them: sums and comparisons of money never pass through floating point.

/** `digits` times ten to the power of minus `decimals`. */
export interface Decimal {
  readonly digits: bigint
  readonly decimals: number
}

/** A number of a JSON text as it is written there. */
export class NumberText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What a JSON text says, each number in it as it is written. Throws `SyntaxError`. */
export function parseExactly(text: string): unknown {
  const revive: Reviver = (_, value, { source }) =>
    typeof value === 'number' ? new NumberText(source) : value
  return JSON.parse(text, revive as (name: string, value: unknown) => unknown)
}

/** As JavaScript has it of late, and its types not yet. */
type Reviver = (this: unknown, name: string, value: unknown, context: { readonly source: string }) => unknown

const NUMBER = /^(-?\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/

/** The number of a JSON text; undefined if it is none, or beyond all money. */
export function parseDecimal(text: string): Decimal | undefined {
  const [, whole, fraction = '', exponent = '0'] = NUMBER.exec(text) ?? []
  if (whole === undefined) return undefined
  const decimals = fraction.length - Number(exponent)
  const digits = BigInt(whole + fraction)
  return decimals >= 0 ? { digits, decimals } : { digits: digits * 10n ** BigInt(-decimals), decimals: 0 }
}

/** Without an exponent, and without zeros that say nothing: "1250.5". */
export function formatDecimal({ digits, decimals }: Decimal): string {
  const sign = digits < 0n ? '-' : ''
  const all = (digits < 0n ? -digits : digits).toString().padStart(decimals + 1, '0')
  const whole = all.slice(0, all.length - decimals)
  const fraction = all.slice(all.length - decimals).replace(/0+$/, '')
  return sign + (fraction === '' ? whole : `${whole}.${fraction}`)
}

/** Their sum. */
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const decimals = Math.max(a.decimals, b.decimals)
  return { digits: digitsAt(a, decimals) + digitsAt(b, decimals), decimals }
}

/** Whether both are the same number. */
export function sameDecimal(a: Decimal, b: Decimal): boolean {
  const decimals = Math.max(a.decimals, b.decimals)
  return digitsAt(a, decimals) === digitsAt(b, decimals)
}

function digitsAt({ digits, decimals }: Decimal, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - decimals)
}

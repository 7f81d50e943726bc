// Dates, numbers and amounts as the chosen language writes them.
import { region } from './locale.svelte.ts'

/** An instant (milliseconds since 1970) with its time zone: nobody may be in doubt when voting ends. */
export function formatInstant(instant: number): string {
  return dates(LONG)
    .format(instant)
    .concat(` (${zoneOf(instant)})`)
}

/** From one instant to another, with their time zone; what they share is said once. Summer time is another zone. */
export function formatSpan(start: number, end: number): string {
  if (zoneOf(start) !== zoneOf(end)) return `${formatInstant(start)} – ${formatInstant(end)}`
  return dates(LONG)
    .formatRange(start, end)
    .concat(` (${zoneOf(start)})`)
}

/** A whole number, exact at any size. */
export function formatNumber(value: number | bigint): string {
  return numbers().format(value)
}

/** An amount in whole units of a currency (ISO 4217), or of no named one. */
export function formatMoney(value: bigint, currency: string | undefined): string {
  if (currency === undefined) return formatNumber(value)
  return numbers({ style: 'currency', currency, maximumFractionDigits: 0 }).format(value)
}

/** An exact decimal amount, "1250.5", of a currency (ISO 4217), with its decimals where it has any. */
export function formatAmount(decimal: string, currency: string): string {
  const style = { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' } as const
  // Text is formatted exactly, a number only to 2^53.
  return numbers(style).format(decimal as Intl.StringNumericLiteral)
}

/** A share of a whole as a percentage with one decimal; nothing of nothing is 0. */
export function formatShare(part: bigint, whole: bigint): string {
  const perMille = whole === 0n ? 0n : (part * 1000n + whole / 2n) / whole
  return numbers({ style: 'percent', maximumFractionDigits: 1 }).format(Number(perMille) / 1000)
}

/** How far away an instant is: "in 3 days", "2 hours ago". */
export function formatDistance(instant: number, now: number): string {
  const seconds = Math.round((instant - now) / 1000)
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const)
  return new Intl.RelativeTimeFormat(region(), { numeric: 'auto' }).format(Math.trunc(seconds / size), unit)
}

/** Names one after the other: "Aino, Bengt and Chidi". */
export function formatList(names: readonly string[]): string {
  return new Intl.ListFormat(region()).format(names)
}

/** An amount of data, bytes, in the unit that suits it. */
export function formatBytes(bytes: number): string {
  const [size, unit] = SIZES.find(([size]) => bytes >= size) ?? ([1, 'byte'] as const)
  const maximumFractionDigits = bytes / size < 10 && size > 1 ? 1 : 0
  return numbers({ style: 'unit', unit, maximumFractionDigits }).format(bytes / size)
}

/** How long something takes, seconds: "3 minutes", "12 seconds". */
export function formatDuration(seconds: number): string {
  const [size, unit] = SPANS.find(([size]) => seconds >= 2 * size) ?? ([1, 'second'] as const)
  const options = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 } as const
  return numbers(options).format(Math.max(1, Math.round(seconds / size)))
}

const SIZES = [
  [1e9, 'gigabyte'],
  [1e6, 'megabyte'],
  [1e3, 'kilobyte'],
] as const

const SPANS = [
  [3600, 'hour'],
  [60, 'minute'],
] as const

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

function zoneOf(instant: number): string {
  const parts = dates({ timeZoneName: 'short' }).formatToParts(instant)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
}

const LONG = { dateStyle: 'long', timeStyle: 'short' } as const

// Formatters are slow to make and quick to use: a list of entries or projects needs the same few again and again.
const dateFormats = new Map<string, Intl.DateTimeFormat>()
const numberFormats = new Map<string, Intl.NumberFormat>()

function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return kept(dateFormats, options, (language) => new Intl.DateTimeFormat(language, options))
}

function numbers(options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  return kept(numberFormats, options, (language) => new Intl.NumberFormat(language, options))
}

function kept<T>(formats: Map<string, T>, options: object, make: (language: string) => T): T {
  const language = region()
  const name = language + JSON.stringify(options)
  const format = formats.get(name) ?? make(language)
  formats.set(name, format)
  return format
}

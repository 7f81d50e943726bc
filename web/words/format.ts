// Dates, numbers and amounts as the chosen language writes them.
import { region } from './locale.svelte.ts'

/** An instant (milliseconds since 1970) with its time zone: nobody may be in doubt when voting ends. */
export function formatInstant(instant: number): string {
  return new Intl.DateTimeFormat(region(), {
    dateStyle: 'long',
    timeStyle: 'short',
  })
    .format(instant)
    .concat(` (${zoneOf(instant)})`)
}

/** A whole number, exact at any size. */
export function formatNumber(value: number | bigint): string {
  return new Intl.NumberFormat(region()).format(value)
}

/** A share of a whole as a percentage with one decimal; nothing of nothing is 0. */
export function formatShare(part: bigint, whole: bigint): string {
  const perMille = whole === 0n ? 0n : (part * 1000n + whole / 2n) / whole
  return new Intl.NumberFormat(region(), { style: 'percent', maximumFractionDigits: 1 }).format(
    Number(perMille) / 1000,
  )
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

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

function zoneOf(instant: number): string {
  const parts = new Intl.DateTimeFormat(region(), { timeZoneName: 'short' }).formatToParts(instant)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
}

// docs/performance.md: prose by hand, and between two marks the figures of docs/performance.json, which benches write; and
// docs/growth.svg, drawn from the same.
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import type { Figures } from './bench.ts'
import { budgetTable } from './budgets.ts'
import { drawGrowth } from './drawing.ts'

/** One bench's run. */
export interface Measured {
  readonly command: string
  readonly date: string
  readonly machine: string
  /** Load average over a minute when it began: on an idle machine about 0. */
  readonly loadBefore: number
  readonly seconds: number
  readonly figures: Figures
}

const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
const FIGURES = fileURLToPath(new URL('../../docs/performance.json', import.meta.url))
const PLOT = fileURLToPath(new URL('../../docs/growth.svg', import.meta.url))
const BEGIN = '<!-- figures: npm run bench -- --write -->'
const END = '<!-- end of figures -->'

/** Puts these runs in the place of earlier ones of the same benches, in both files. */
export async function writeReport(measured: Readonly<Record<string, Measured>>): Promise<void> {
  const all = { ...(await readFigures()), ...measured }
  await writeFile(FIGURES, await pretty(JSON.stringify(all), FIGURES))
  await writeFile(PAGE, await page(await readFile(PAGE, 'utf8'), all))
  if (all.growth !== undefined) await writeFile(PLOT, plot(all))
}

/** Page and plot as they stand, and as the kept figures make them; equal unless somebody wrote into them by hand. */
export async function reports(): Promise<{ kept: string[]; made: string[] }> {
  const kept = [await readFile(PAGE, 'utf8'), await readFile(PLOT, 'utf8')]
  const all = await readFigures()
  return { kept, made: [await page(kept[0] ?? '', all), plot(all)] }
}

function plot({ growth }: Readonly<Record<string, Measured>>): string {
  return growth === undefined ? '' : drawGrowth(growth.figures)
}

async function readFigures(): Promise<Record<string, Measured>> {
  return JSON.parse(await readFile(FIGURES, 'utf8')) as Record<string, Measured>
}

async function page(text: string, measured: Readonly<Record<string, Measured>>): Promise<string> {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has lost its marks`)
  const parts = [budgetTable(measured), ...Object.entries(measured).map(([name, run]) => section(name, run))]
  return pretty(`${text.slice(0, begin)}${BEGIN}\n\n${parts.join('\n')}\n${text.slice(end)}`, PAGE)
}

function section(name: string, { command, date, machine, loadBefore, seconds, figures }: Measured): string {
  const rows = Object.entries(figures).map(([figure, value]) => `| ${figure} | ${value ?? 'null'} |`)
  return [
    `### ${name}`,
    '',
    `\`${command}\`, ${date}, ${seconds} s. ${machine}; load average at the start ${loadBefore}.`,
    '',
    '| figure | value |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n')
}

async function pretty(text: string, path: string): Promise<string> {
  return format(text, { ...(await resolveConfig(path)), filepath: path })
}

// `comitia opinions`: who thinks alike in a published conversation on statements, for anybody to make again.
import { stdout } from 'node:process'
import { parsePolisVotes } from '#tally/formats/polis.ts'
import { opinionMap, type OpinionMap } from '#tally/opinion/map.ts'
import { type OpinionTable, opinionTable, type Totals, totalsOf } from '#tally/opinion/table.ts'
import { command, only, PASSED } from './command.ts'
import { readParsed } from './file.ts'

const HELP = `Usage: comitia opinions <votes.csv> [--json]

Reads votes on statements as Polis publishes them (the last vote of each person
on each statement counts), places people who vote alike near one another, and
names the statements that set each group apart. The same file gives the same
map, byte for byte.

  --json   print one JSON object: totals of each statement, points, groups
  --help   print this text

Exit codes: 0 mapped, 2 could not (unreadable file, wrong usage).
`

/** Runs the command; the exit code. */
export const opinions = command(
  HELP,
  { json: { type: 'boolean', default: false } },
  async ({ json }, files) => {
    const table = opinionTable(await readParsed(only(files, 'one file'), parsePolisVotes))
    const map = opinionMap(table)
    stdout.write(json ? jsonOf(table, map) : textOf(table, map))
    return PASSED
  },
)

function jsonOf(table: OpinionTable, map: OpinionMap): string {
  const totals = totalsOf(table)
  const statements = table.statements.map((statement, i) => ({ statement, ...totals[i] }))
  return `${JSON.stringify({ statements, ...map }, null, 2)}\n`
}

function textOf({ people, statements }: OpinionTable, { points, groups }: OpinionMap): string {
  const lines = [
    `${people.length} people on ${statements.length} statements; ${points.length} have said enough to be placed.`,
    ...groups.flatMap(({ size, statements: own }, i) => [
      '',
      `Group ${i + 1}: ${size} people`,
      ...own.map(
        ({ statement, stance, totals }) => `  ${stance} with statement ${statement} (${inWords(totals)})`,
      ),
    ]),
  ]
  return `${lines.join('\n')}\n`
}

function inWords({ agree, disagree, pass }: Totals): string {
  return `${agree} agree, ${disagree} disagree, ${pass} pass`
}

// What all subcommands share: options, --help, exit codes, and one line for what could not be done.
import { stderr, stdout } from 'node:process'
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { Failure } from '#client/failure.ts'

/** Exit codes: everything passed; the record was read and a check failed; could not check, or wrong usage. */
export const PASSED = 0
export const FAILED = 1
export const UNUSABLE = 2

/** The user's or the world's fault: printed as one line, exit code 2, as is a `Failure` on the way to a server. */
export class Unusable extends Error {}

type Values<O extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true }>
>['values']

/** A subcommand from its help text, its options and what it does. Usage errors print the help. */
export function command<const O extends ParseArgsOptionsConfig>(
  help: string,
  options: O,
  run: (values: Values<O>, positionals: string[]) => Promise<number>,
): (args: string[]) => Promise<number> {
  return async (args) => {
    if (args.includes('--help') || args.includes('-h')) {
      stdout.write(help)
      return PASSED
    }
    let parsed: { values: Values<O>; positionals: string[] }
    try {
      parsed = parseArgs({ args, options, allowPositionals: true })
    } catch (error) {
      stderr.write(`${error instanceof Error ? error.message : 'wrong usage'}\n\n${help}`)
      return UNUSABLE
    }
    try {
      return await run(parsed.values, parsed.positionals)
    } catch (error) {
      if (!(error instanceof Unusable || error instanceof Failure)) throw error
      stderr.write(`${error.message}\n`)
      return UNUSABLE
    }
  }
}

/** The single argument that a command needs. */
export function only(positionals: readonly string[], what: string): string {
  const [first] = positionals
  if (first === undefined || positionals.length > 1) throw new Unusable(`Give ${what}. See --help.`)
  return first
}

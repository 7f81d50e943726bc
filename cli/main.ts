// The command `comitia`: finds the subcommand, runs it, ends with its exit code.
import { stderr, stdout } from 'node:process'
import { UNUSABLE } from './command.ts'

const COMMANDS: Record<
  string,
  [explanation: string, load: () => Promise<(args: string[]) => Promise<number>>]
> = {
  start: ['run the server on this machine', async () => (await import('./start.ts')).start],
  verify: [
    'check a record, from a file or a server, trusting nobody',
    async () => (await import('./verify.ts')).verifyCommand,
  ],
  check: ['check an opened ballot against a record', async () => (await import('./check.ts')).check],
  count: ['count a published file of plain votes', async () => (await import('./count.ts')).count],
  opinions: [
    'map the opinions in a published file of votes on statements',
    async () => (await import('./opinions.ts')).opinions,
  ],
  election: [
    'set up, open, close and export an election',
    async () => (await import('./election.ts')).election,
  ],
  releases: [
    'check, publish and export documents of public spending (OCDS)',
    async () => (await import('./releases.ts')).releases,
  ],
  guardian: ['hold a share of an election key', async () => (await import('./guardian.ts')).guardian],
  ceremony: ['set up the proof system together', async () => (await import('./ceremony.ts')).ceremony],
  backup: ['seal all that a server keeps in one file', async () => (await import('./backup.ts')).backup],
  restore: ['make a data folder from a backup', async () => (await import('./restore.ts')).restore],
  simulate: ['run a whole election on published votes', async () => (await import('./simulate.ts')).simulate],
}

// Whoever reads the output may stop reading (`comitia --help | head -1`).
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

const [name = '--help', ...args] = process.argv.slice(2)
const command = COMMANDS[name]
if (command !== undefined) {
  process.exitCode = await (await command[1]())(args)
} else if (name === '--help' || name === 'help') {
  stdout.write(`Usage: comitia <command> [--help]\n\n`)
  for (const [known, [explanation]] of Object.entries(COMMANDS))
    stdout.write(`  ${known.padEnd(10)} ${explanation}\n`)
} else {
  stderr.write(`comitia: no command "${name}"; see comitia --help\n`)
  process.exitCode = UNUSABLE
}

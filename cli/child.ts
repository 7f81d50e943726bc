// Other commands of ours as child processes, for the simulation: nothing is shared but arguments, files and HTTP.
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Unusable } from './command.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

/** Runs `comitia <args>` to its end and gives what it printed. Throws `Unusable` with its words if it fails.
 *  @param allowed exit codes that are no failure */
export async function comitia(args: readonly string[], allowed: readonly number[] = [0]): Promise<string> {
  return (await run(MAIN, args, allowed)).join('\n')
}

/** Runs a program of this folder, reporting each line that it prints. */
export async function run(
  program: string,
  args: readonly string[],
  allowed: readonly number[] = [0],
  onLine: (line: string) => void = () => undefined,
): Promise<string[]> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const printed: string[] = []
  const complaints: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    printed.push(line)
    onLine(line)
  })
  createInterface({ input: child.stderr }).on('line', (line) => complaints.push(line))
  const code = await ended(child)
  if (!allowed.includes(code)) {
    const words = complaints.length > 0 ? complaints : printed
    throw new Unusable(`comitia ${args.join(' ')} ended with ${code}:\n${words.slice(-20).join('\n')}`)
  }
  return printed
}

/** A server of its own on a free port; its journal is kept back unless it does not start. */
export async function serve(data: string): Promise<{ url: string; stop(): Promise<void> }> {
  const args = ['start', '--port', '0', '--data', data, '--no-site', '--json']
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const journal: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    journal.push(line)
    if (journal.length > 20) journal.shift()
  })
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) =>
      resolve((JSON.parse(line) as { url: string }).url),
    )
    child.once('close', (code) =>
      reject(new Unusable(`The server ended with ${code ?? 'a signal'}:\n${journal.join('\n')}`)),
    )
  })
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await ended(child)
    },
  }
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? -1))
  })
}

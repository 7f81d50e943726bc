// Our programs as child processes to be measured: what they print, how long they take, how much memory at most.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(import.meta.resolve('#cli/main.ts'))

export interface Finished {
  readonly code: number
  readonly stdout: string
  readonly seconds: number
  /** Resident memory at its peak; null where /proc does not tell. */
  readonly peakMegabytes: number | null
}

/** Runs `comitia <args>` to its end. Lines of standard error go to `onLine`. */
export async function comitia(
  args: readonly string[],
  onLine: (line: string) => void = () => undefined,
): Promise<Finished> {
  const start = performance.now()
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  createInterface({ input: child.stderr }).on('line', onLine)
  let peakMegabytes: number | null = null
  const watch = setInterval(() => (peakMegabytes = peakOf(child) ?? peakMegabytes), 50)
  const code = await ended(child)
  clearInterval(watch)
  return { code, stdout, seconds: (performance.now() - start) / 1000, peakMegabytes }
}

export interface Served {
  readonly url: string
  /** Resident memory at its peak since it was last asked for; null where /proc does not tell. */
  peakMegabytes(): number | null
  /** Ends it in order; resolves when the process is gone. */
  stop(): Promise<void>
  /** Kills it where it stands (SIGKILL); resolves when the process is gone. */
  kill(): Promise<void>
}

/** A server on a free port over a data folder; its log goes nowhere. */
export async function serve(data: string, origin: string): Promise<Served> {
  const args = [MAIN, 'start', '--port', '0', '--data', data, '--origin', origin, '--no-site', '--json']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const last: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    last.splice(0, Math.max(0, last.length - 4))
    last.push(line)
  })
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) =>
      resolve((JSON.parse(line) as { url: string }).url),
    )
    child.once('exit', () => reject(new Error(`the server ended:\n${last.join('\n')}`)))
  })
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    const gone = ended(child)
    child.kill(signal)
    await gone
  }
  return {
    url,
    peakMegabytes: () => {
      const peak = peakOf(child)
      // What the kernel has noted as the peak begins anew (proc_pid_clear_refs(5)).
      if (peak !== undefined) writeFileSync(`/proc/${child.pid ?? ''}/clear_refs`, '5')
      return peak ?? null
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? -1))
  })
}

function peakOf({ pid }: ChildProcess): number | undefined {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid ?? ''}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024)
  } catch {
    return undefined
  }
}

// Runs log.ts as a child, also under strace, kills it, and checks a data folder against everything that was ever
// promised about it.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished } from 'vitest'
import { equalBytes, toHex } from '#crypto/encoding.ts'
import { checkCheckpoint, parseCheckpoint } from '#ledger/checkpoint.ts'
import { openEmbedded } from '#ledger/engines/embedded.ts'
import { leafHash } from '#ledger/merkle.ts'
import { parseVerifierKey } from '#ledger/note.ts'
import { formatLogPolicy, parsePolicy } from '#ledger/policy.ts'
import { checkReceipt } from '#ledger/proof.ts'
import { Tree } from '#ledger/tree.ts'
import { entryOf, ORIGIN } from './entries.ts'

/** What a child was told by the ledger when an append resolved. */
export interface Promised {
  readonly index: number
  readonly checkpoint: string
}

/** How an error presented itself in the child. */
export interface Told {
  readonly name: string
  readonly reason: string | null
  readonly message: string
}

/** What a child has said until it ended. */
export interface Run {
  readonly open: number | undefined
  readonly promises: readonly Promised[]
  readonly closed: boolean
  readonly error: Told | undefined
  /** What an append after the error met. */
  readonly then: Told | undefined
}

interface Line {
  readonly open?: number
  readonly promise?: Promised
  readonly closed?: boolean
  readonly error?: Told
  readonly then?: Told
}

const LOG = new URL('./log.ts', import.meta.url).pathname

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'comitia-faults-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Fails, naming the tool: a fault test never skips silently. */
export function needTool(command: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0)
    throw new Error(`this test needs ${command} (${args.join(' ')}): ${stderr || 'not found'}`)
}

/** Runs log.ts to its end, `before` it a command such as strace with its arguments. */
export async function run(
  folder: string,
  entries: number,
  atATime: number,
  before: readonly string[] = [],
): Promise<Run> {
  return said(start(folder, entries, atATime, before))
}

/** Runs log.ts and kills it (SIGKILL) right after it has promised `promises` entries. */
export async function killAfter(folder: string, promises: number, atATime: number): Promise<Run> {
  const child = start(folder, 1_000_000, atATime)
  return said(child, (soFar) => {
    if (soFar.promises.length >= promises) child.kill('SIGKILL')
  })
}

/** Starts log.ts and leaves it running, after it has opened the folder. The test must end it. */
export async function hold(folder: string): Promise<ChildProcess> {
  const child = start(folder, 1_000_000, 1)
  await new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()))
  return child
}

/** strace on all threads, with a fault injected into a system call, perhaps only on some paths. */
export function inject(call: string, fault: string, paths: readonly string[] = []): string[] {
  const only = paths.flatMap((path) => ['-P', path])
  return [
    'strace',
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    `trace=${call}`,
    ...only,
    '-e',
    `inject=${call}:${fault}`,
  ]
}

/**
 * Opens the ledger as a restart does and checks it: everything promised is there, nothing was changed, repeated or left
 * out, every checkpoint ever given out is a beginning of the log, receipts verify, and it goes on. Returns the size.
 */
export async function checkFolder(folder: string, promises: readonly Promised[]): Promise<number> {
  const ledger = await openEmbedded({ folder, origin: ORIGIN })
  const tree = new Tree()
  for await (const entry of ledger.entries(0, ledger.size)) {
    expect(equalBytes(entry, entryOf(tree.size)), `entry ${tree.size}`).toBe(true)
    tree.append(leafHash(entry))
  }
  expect(tree.size).toBe(ledger.size)
  const key = parseVerifierKey(ledger.verifierKey)
  const policy = parsePolicy(formatLogPolicy(key))
  for (const checkpoint of new Set([...promises.map((promise) => promise.checkpoint), ledger.checkpoint()])) {
    const { size, root, ...rest } = parseCheckpoint(checkpoint)
    expect(checkCheckpoint({ size, root, ...rest }, key)).toBe(true)
    expect(size).toBeLessThanOrEqual(ledger.size)
    expect(toHex(tree.root(size)), `root of ${size}`).toBe(toHex(root))
  }
  for (const { index, checkpoint } of promises) {
    expect(index).toBeLessThan(parseCheckpoint(checkpoint).size)
  }
  for (const { index } of promises.slice(-5)) {
    expect(checkReceipt(await ledger.receipt(index), policy, leafHash(entryOf(index)))).toBe(true)
  }
  const { first, size } = await ledger.append([entryOf(ledger.size)])
  expect([first, size]).toEqual([tree.size, tree.size + 1])
  await ledger.close()
  return size
}

function start(
  folder: string,
  entries: number,
  atATime: number,
  before: readonly string[] = [],
): ChildProcess {
  const [command, ...args] = [...before, process.execPath, LOG, folder, String(entries), String(atATime)]
  return spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function said(
  child: ChildProcess,
  hear: (soFar: Run & { promises: Promised[] }) => void = () => {},
): Promise<Run> {
  const heard = {
    open: undefined as number | undefined,
    promises: [] as Promised[],
    closed: false,
    error: undefined as Told | undefined,
    then: undefined as Told | undefined,
  }
  if (child.stdout === null) throw new Error('no output to read')
  for await (const text of createInterface({ input: child.stdout })) {
    // A line that was cut by the kill was never said.
    if (!text.endsWith('}')) continue
    const line = JSON.parse(text) as Line
    heard.open ??= line.open
    heard.error ??= line.error
    heard.then ??= line.then
    heard.closed ||= line.closed ?? false
    if (line.promise !== undefined) heard.promises.push(line.promise)
    hear(heard)
  }
  return heard
}

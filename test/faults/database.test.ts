// The embedded database keeps what it has acknowledged: through kill -9, through a power cut (as far as calls to fsync
// show), and through a disk that fails.
import { spawn, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { openDatabase } from '#server/data/database.ts'
import { voter } from '#server/data/schema.ts'
import { temporaryFolder } from '../server/data/engines.ts'
import { requireProgram } from '../system.ts'

const PROGRAM = fileURLToPath(new URL('./registering.ts', import.meta.url))

/** Starts the program, hands over its lines, and returns its exit code once it has ended. */
async function run(
  args: readonly string[],
  onLine: (line: string, kill: () => void) => void,
): Promise<number | null> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)
  lines.on('line', (line) => onLine(line, () => child.kill('SIGKILL')))
  const closed = new Promise((resolve) => lines.on('close', resolve))
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve))
  await closed
  return code
}

/** Runs the program to its end under strace; its lines, the trace's lines and the exit code. */
function trace(args: readonly string[], output: string, options: readonly string[]) {
  const command = ['-f', '-o', output, ...options, process.execPath, PROGRAM, ...args]
  const { status, stdout } = spawnSync(requireProgram('strace'), command, { encoding: 'utf8' })
  return { status, lines: stdout.split('\n'), calls: readFileSync(output, 'utf8').split('\n') }
}

/** Acknowledged claims: commitment by row. */
function acknowledged(lines: readonly string[]): Map<string, string> {
  const found = lines.flatMap((line) => {
    const [word, row, commitment] = line.split(' ')
    return word === 'ack' && row !== undefined && commitment !== undefined ? [[row, commitment] as const] : []
  })
  return new Map(found)
}

async function storedClaims(folder: string): Promise<Map<string, string>> {
  const db = await openDatabase({ folder })
  const rows = await db.orm.select().from(voter)
  await db.close()
  return new Map(
    rows.flatMap(({ row, commitment }) => (commitment ? [[row, toHex(commitment)] as const] : [])),
  )
}

/** Number of acknowledgements before which, since the one before, no fsync of PostgreSQL's log has succeeded. */
function unsynced(calls: readonly string[]): { acknowledgements: number; without: number } {
  const logFile = new Map<string, boolean>()
  let [acknowledgements, without, synced, started] = [0, 0, false, false]
  for (const call of calls) {
    const thread = call.split(' ')[0] ?? ''
    if (/ (fsync|fdatasync)\(/.test(call)) logFile.set(thread, call.includes('/pg_wal/'))
    if (/(fsync|fdatasync)(\(| resumed).*= 0$/.test(call) && logFile.get(thread) === true) synced = true
    if (/ write\(1<.*"ready\\n"/.test(call)) [started, synced] = [true, false]
    if (started && / write\(1<.*"ack /.test(call)) {
      acknowledgements++
      if (!synced) without++
      synced = false
    }
  }
  return { acknowledgements, without }
}

describe('kill -9', () => {
  const folder = temporaryFolder()

  test('five times under load: no acknowledged claim is lost, and the lock blocks nobody', async () => {
    const kept = new Map<string, string>()
    for (let round = 1; round <= 5; round++) {
      const after = randomInt(5, 65)
      const lines: string[] = []
      const code = await run([folder, `round-${round}`, '400', '8'], (line, kill) => {
        lines.push(line)
        if (acknowledged(lines).size >= after) kill()
      })
      expect(code, 'the program was killed, not finished').toBeNull()
      const acks = acknowledged(lines)
      expect(acks.size).toBeGreaterThanOrEqual(after)
      for (const [row, commitment] of acks) kept.set(row, commitment)
    }
    const stored = await storedClaims(folder)
    expect(new Map([...kept].filter(([row, commitment]) => stored.get(row) !== commitment))).toEqual(
      new Map(),
    )
    expect(kept.size).toBeGreaterThanOrEqual(25)
  })
})

describe('two processes', () => {
  const folder = temporaryFolder()

  test('the second on the same folder is refused while the first lives', async () => {
    const db = await openDatabase({ folder })
    const lines: string[] = []
    expect(await run([folder, 'second', '1'], (line) => lines.push(line))).toBe(3)
    expect(lines).toEqual(['refused in use'])
    await db.close()
    expect(await run([folder, 'second', '1'], (line) => lines.push(line))).toBe(0)
    expect(lines.at(-1)).toMatch(/^ack second-0 /)
  })
})

describe('the disk', () => {
  const folder = temporaryFolder()
  const TRACE = ['-y', '-e', 'trace=fsync,fdatasync,write']

  beforeAll(async () => {
    const db = await openDatabase({ folder })
    await db.close()
  })

  test('every acknowledged claim follows an fsync of the log', () => {
    const { lines, calls } = trace([folder, 'traced', '40'], join(folder, 'trace'), TRACE)
    expect(acknowledged(lines).size).toBe(40)
    expect(unsynced(calls)).toEqual({ acknowledgements: 40, without: 0 })
  })

  test('PGlite as shipped acknowledges without: the trace can tell', () => {
    const { calls } = trace([join(folder, 'stock'), 'stock', '5'], join(folder, 'trace-stock'), TRACE)
    expect(unsynced(calls)).toEqual({ acknowledgements: 5, without: 5 })
  })

  test('when fsync fails the database stops, acknowledges nothing more, and has all it acknowledged', async () => {
    const inject = ['-e', 'trace=fsync', '-e', 'inject=fsync:error=EIO:when=40+']
    const { status, lines } = trace([folder, 'failing', '200'], join(folder, 'trace-failing'), inject)
    expect(status).toBe(4)
    const acks = acknowledged(lines)
    expect(acks.size).toBeGreaterThan(5)
    expect(acks.size).toBeLessThan(200)
    expect(lines.filter((line) => line !== '').at(-1)).toMatch(
      /^failed fsync of the database has failed: .*EIO/,
    )
    const stored = await storedClaims(folder)
    for (const [row, commitment] of acks) expect(stored.get(row)).toBe(commitment)
  })
})

// A real PostgreSQL for tests: a cluster in a temporary folder, run as the user `postgres` if we are root (PostgreSQL
// refuses root), on a free port of the loopback interface, with fsync on as in production.
import { execFile } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { requireProgram } from '../../system.ts'

const execute = promisify(execFile)

/** A running cluster. */
export interface Cluster {
  /** Makes an empty database and returns its URL. */
  createDatabase(): Promise<string>
  /** Stops the server and removes its folder. */
  stop(): Promise<void>
}

/** Starts a cluster; `settings` are lines of postgresql.conf such as `fsync=off`. */
export async function startPostgres(settings: readonly string[] = []): Promise<Cluster> {
  const initdb = requireProgram('initdb')
  const root = process.getuid?.() === 0
  const runuser = root ? requireProgram('runuser') : ''
  const run = (program: string, ...args: string[]) =>
    root
      ? execute(runuser, ['-u', 'postgres', '--', program, ...args], { cwd: '/' })
      : execute(program, args, { cwd: '/' })

  const folder = mkdtempSync(join(tmpdir(), 'comitia-postgres-'))
  if (root) chownSync(folder, ...(await idsOf('postgres')))
  const data = join(folder, 'data')
  const control = join(dirname(initdb), 'pg_ctl')
  await run(initdb, '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync')
  const port = await freePort()
  const options = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'shared_buffers=32MB',
    ...settings,
  ]
  const flags = options.map((option) => `-c ${option}`).join(' ')
  await run(control, '-D', data, '-w', '-l', join(folder, 'log'), '-o', flags, 'start')

  const url = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`
  let databases = 0
  return {
    async createDatabase() {
      const name = `test${++databases}`
      const client = postgres(url('postgres'), { max: 1 })
      await client.unsafe(`CREATE DATABASE ${name}`)
      await client.end()
      return url(name)
    },
    async stop() {
      await run(control, '-D', data, '-w', '-m', 'immediate', 'stop')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function idsOf(user: string): Promise<[number, number]> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await execute('id', [flag, user])).stdout)),
  )
  if (uid === undefined || gid === undefined) throw new Error(`no user ${user}`)
  return [uid, gid]
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error()),
      )
    })
  })
}

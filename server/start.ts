// Starts the server: opens what lies in the data folder, replays the ledger, listens. When ledger, database or proof
// workers fail it stops the process, for what is on disk is then known only after a restart.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Artifacts } from '#circuits/build/artifacts.ts'
import { openEmbedded } from '#ledger/engines/embedded.ts'
import type { ProofEngine } from '#tally/pool.ts'
import { unsealedIn } from '#tally/sealed-comments.ts'
import { makeApp } from './app.ts'
import { Attachments } from './attachments.ts'
import { Board } from './board.ts'
import { Ceremonies } from './ceremony/ceremonies.ts'
import { closeByClock } from './closing.ts'
import { openDatabase } from './data/database.ts'
import type { Demo } from './demo/demo.ts'
import { Holds } from './holds.ts'
import type { IdentitySettings } from './identity/settings.ts'
import { SignIns } from './identity/sign-ins.ts'
import { type Journal, openJournal } from './journal.ts'
import { listen } from './listen.ts'
import type { Postman } from './mail/postman.ts'
import type { MailSettings } from './mail/settings.ts'
import { Official } from './official.ts'
import { Officials } from './officials/officials.ts'
import { makeGenesis, readOperator } from './operator.ts'
import { addressOf } from './pages.ts'
import type { Parts } from './parts.ts'
import { Proofs } from './proofs.ts'
import { Registrar } from './registrar.ts'
import { clearTexts } from './participation/clearing.ts'
import { nameTaken } from './participation/names.ts'
import { textsIn, unseal } from './participation/unsealing.ts'
import { Writings } from './participation/writings.ts'
import { Verdicts } from './results/verdict.ts'
import { Setups } from './setups.ts'
import { Site } from './site.ts'

export interface StartOptions {
  /** The data folder, made at the first start. */
  readonly data: string
  /** 0 picks a free one. */
  readonly port: number
  readonly host?: string
  /** The log's name, fixed at the first start: a host and a path without scheme, such as `example.org/comitia`. */
  readonly origin?: string
  /** A PostgreSQL server for the application's data; embedded if not given. */
  readonly databaseUrl?: string
  /** The mail server for invitations; without one officials hand out codes by themselves. */
  readonly mail?: MailSettings
  /** The identity provider with which voters and officials may sign in. */
  readonly identity?: IdentitySettings
  /** Addresses of proxies in front, whose X-Forwarded-For is believed. */
  readonly proxies?: readonly string[]
  readonly engine: (verificationKey: (hash: string) => Promise<string>) => ProofEngine
  readonly artifacts: Artifacts
  /** Offers practice elections to visitors, with so many voters played by the server (1 to 12). */
  readonly demo?: { readonly simulated: number }
  /** The folder of the built web app; without one there are no pages. */
  readonly site?: string
  readonly journal?: Journal
}

export interface RunningServer {
  readonly url: string
  /** Where the first official may come in; undefined once there is one. */
  readonly firstOfficial: string | undefined
  /** Takes no more requests, finishes those under way, lets go of everything. */
  close(): Promise<void>
}

/** How long requests under way may take when the server stops, in milliseconds. */
const GRACE = 10_000

/** Starts the server; resolves when it answers. Rejects with what is in the way: `StartRefused` of the ledger,
 *  `DatabaseRefused`, a port that is taken. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { journal = openJournal(), host = 'localhost' } = options
  await using opened = new AsyncDisposableStack()
  const stopping = new AbortController()
  const parts = { ...(await openParts(options, journal, opened)), stopping: stopping.signal }
  const { port, close } = await listen(makeApp(parts), { port: options.port, host })
  const stop = (what: string) => (failure: Error) => {
    journal.fatal(
      { err: failure },
      `${what} has failed. The process stops; start it again, which checks the data.`,
    )
    process.exit(1)
  }
  void parts.board.failed.then(stop('The ledger'))
  void parts.database.failed.then(stop('The database'))
  const held = opened.move()
  const url = `http://${host}:${port}`
  parts.demo?.start(url)
  journal.info({ url, origin: parts.board.ledger.origin, entries: parts.board.ledger.size }, 'started')
  const { first } = parts.officials
  return {
    url,
    firstOfficial: first && addressOf(parts.board.state, `/officials/first#${first}`),
    async close() {
      stopping.abort()
      await Promise.race([close(), new Promise((resolve) => setTimeout(resolve, GRACE).unref())])
      await held.disposeAsync()
      journal.info('stopped')
    },
  }
}

/** Opens ledger and database and everything on top of them; `opened` gets what closes them again. */
async function openParts(
  options: StartOptions,
  journal: Journal,
  opened: AsyncDisposableStack,
): Promise<Omit<Parts, 'stopping'>> {
  const data = resolve(options.data)
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const database = await openDatabase({ folder: join(data, 'app'), url: options.databaseUrl })
  opened.defer(() => database.close())
  const origin = nameOfLog(data, options)
  const ledger = await openEmbedded({ folder: join(data, 'ledger'), origin })
  opened.defer(() => ledger.close())
  const operator = readOperator(data, ledger.size === 0)
  const attachments = new Attachments(join(data, 'attachments'))
  const setups = await Setups.open(options.artifacts.circuits, attachments)
  const clock = Date.now
  const proofs = new Proofs(
    options.engine((hash) => setups.verificationKey(hash)),
    clock,
  )
  const writings = new Writings(database, clock)
  const board = await Board.open(ledger, {
    ...{ proofs, clock },
    setupProblems: (setup) => setups.problems(setup),
    attachment: (hash) => attachments.get(hash),
    ...textsIn(writings),
    nameTaken: (within, act) => nameTaken(writings, within, act),
  })
  for (const process of board.state.processes.keys()) await unseal(writings, unsealedIn(board.state, process))
  opened.use(await clearTexts({ board, writings, database, journal, clock }))
  if (ledger.size === 0) await board.found(makeGenesis(origin, operator.key))
  for (const { opening } of board.state.opened.values()) {
    for (const setup of opening?.act.setups ?? []) {
      const problems = await setups.problems(setup)
      if (problems.length > 0)
        throw new Error(`the setup of an opened election is unsound: ${problems.join('; ')}`)
    }
  }
  for (const setup of setups.own) await setups.problems(setup)
  const files = new Attachments(join(data, 'ceremony'))
  const { circuits } = options.artifacts
  const ceremonies = new Ceremonies({ database, setups, journal, clock, circuits, files })
  await ceremonies.start()
  const official = new Official(board, operator.key)
  const holds = new Holds(database, board, clock)
  const registrar = new Registrar(board, database, official, holds)
  const stuck = await registrar.recover()
  if (stuck > 0) journal.warn({ stuck }, 'claims are left that their rolls no longer take')
  const officials = new Officials(board, database, official, { holds, clock })
  await officials.start()
  opened.use(closeByClock({ board, official, journal, clock }))
  const postman =
    options.mail && (await openPostman({ board, database, writings, journal, clock }, options.mail))
  if (postman !== undefined) opened.use(postman)
  const site = options.site === undefined ? undefined : await Site.read(options.site)
  const own = {
    ...{ board, database, registrar, attachments, setups, operator, journal, clock, site, officials },
    ...{ postman, data, ceremonies, writings },
  }
  const demo = options.demo && (await openDemo({ ...own, official }, data, options.demo.simulated))
  if (demo !== undefined) opened.use(demo)
  const [place = ''] = board.state.founded?.genesis.webOrigins ?? []
  const signIns = options.identity && new SignIns(options.identity, place, journal, clock)
  return {
    ...own,
    signIns,
    verdicts: new Verdicts(board, attachments, join(data, 'results')),
    demo,
    proxies: options.proxies ?? [],
  }
}

/** Loaded only where it is wanted, for it hashes voters' secrets with a library that takes half a second to load. */
async function openDemo(...parameters: ConstructorParameters<typeof Demo>): Promise<Demo> {
  const { Demo } = await import('./demo/demo.ts')
  return new Demo(...parameters)
}

/** Loaded only where it is wanted. */
async function openPostman(
  needed: Pick<Parts, 'board' | 'database' | 'writings' | 'journal' | 'clock'>,
  settings: MailSettings,
): Promise<Postman> {
  const [{ Postman }, { Digests }] = await Promise.all([
    import('./mail/postman.ts'),
    import('./participation/digests.ts'),
  ])
  const postman = new Postman(needed, settings, [new Digests(needed)])
  await postman.start()
  return postman
}

/** The log's name: as it was at the first start, else as asked for, else after the port. */
function nameOfLog(data: string, { origin, port }: StartOptions): string {
  const path = join(data, 'origin')
  const kept = existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
  const name = origin ?? kept ?? (port === 0 ? 'localhost/comitia' : `localhost:${port}/comitia`)
  if (kept === undefined) writeFileSync(path, `${name}\n`, { flush: true })
  return name
}

// The real application over a real ledger and real proof threads, in a temporary folder, with a scene's election already
// on the ledger and a clock that the test moves. The register's database is opened only where a test needs it.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { Hono } from 'hono'
import { readArtifacts } from '#circuits/build/artifacts.ts'
import { startProofWorkers } from '#cli/proof-workers.ts'
import { toHex } from '#crypto/encoding.ts'
import type { Ledger } from '#ledger/engine.ts'
import { openEmbedded } from '#ledger/engines/embedded.ts'
import { formatSigningKey } from '#ledger/note.ts'
import { type Act, signAct } from '#protocol/act.ts'
import { type Ballot, ballotContent } from '#protocol/ballot.ts'
import { decodeEntry, encodeEntry } from '#protocol/entry.ts'
import { makeApp } from '#server/app.ts'
import { Attachments } from '#server/attachments.ts'
import { Board } from '#server/board.ts'
import { Ceremonies } from '#server/ceremony/ceremonies.ts'
import { type Database, openDatabase } from '#server/data/database.ts'
import { Demo } from '#server/demo/demo.ts'
import { Holds } from '#server/holds.ts'
import type { IdentitySettings } from '#server/identity/settings.ts'
import { SignIns } from '#server/identity/sign-ins.ts'
import { openJournal } from '#server/journal.ts'
import { Postman } from '#server/mail/postman.ts'
import type { MailSettings } from '#server/mail/settings.ts'
import { Official } from '#server/official.ts'
import { Officials } from '#server/officials/officials.ts'
import { readOperator } from '#server/operator.ts'
import type { Parts } from '#server/parts.ts'
import { Proofs } from '#server/proofs.ts'
import { Registrar } from '#server/registrar.ts'
import { Digests } from '#server/participation/digests.ts'
import { nameTaken } from '#server/participation/names.ts'
import { textsIn } from '#server/participation/unsealing.ts'
import { Writings } from '#server/participation/writings.ts'
import { Verdicts } from '#server/results/verdict.ts'
import { Setups } from '#server/setups.ts'
import { Site } from '#server/site.ts'
import { proofEngine } from '#tally/pool.ts'
import { LOG_KEY } from '../tally/record.ts'
import { PROCESS, type Scene } from '../tally/scene.ts'

export interface Stage extends AsyncDisposable {
  readonly app: Hono
  readonly parts: Parts
  readonly ledger: Ledger
  readonly folder: string
  readonly token: string
  /** The clock's time, to be set. */
  readonly clock: { now: number }
  /** Ballots that were sent to the proof threads so far. */
  readonly proven: () => number
  /** What the server has logged so far. */
  readonly journal: () => string
  /** Offers bytes as an entry. */
  post(bytes: Uint8Array, headers?: Record<string, string>, address?: string): Promise<Response>
}

export interface Staging {
  /** Offers the demonstration with so many played voters; it goes on by itself only once it is started. */
  readonly simulated?: number
  /** The folder of a built web app. */
  readonly site?: string
  readonly database?: boolean
  /** Mails wait until the test lets the postman take a step. */
  readonly mail?: MailSettings
  readonly identity?: IdentitySettings
  readonly workers?: number
  /** An existing stage's folder, which is then not removed. */
  readonly folder?: string
}

/** A stage on which the scene's entries stand already. */
export async function stage(
  scene: Scene,
  { database, workers = 1, folder: given, site, simulated, mail, identity }: Staging = {},
): Promise<Stage> {
  await using opened = new AsyncDisposableStack()
  const folder = given ?? mkdtempSync(join(tmpdir(), 'comitia-server-'))
  if (given === undefined) opened.defer(() => rmSync(folder, { recursive: true, force: true }))
  const log = join(folder, 'ledger')
  if (!existsSync(log)) {
    // The scene's guardians have seen checkpoints of the scene's key.
    mkdirSync(log)
    writeFileSync(join(log, 'log.key'), formatSigningKey(LOG_KEY), { mode: 0o600 })
  }
  const ledger = await openEmbedded({ folder: log, origin: LOG_KEY.name })
  opened.defer(() => ledger.close())
  if (ledger.size === 0) {
    for (let at = 0; at < scene.entries.length; at += 100)
      await ledger.append(scene.entries.slice(at, at + 100))
    writeFileSync(join(folder, 'operator.key'), toHex(scene.operator), { mode: 0o600 })
  }
  const operator = readOperator(folder, false)
  const attachments = new Attachments(join(folder, 'attachments'))
  const { circuits } = await readArtifacts({})
  const setups = await Setups.open(circuits, attachments)
  for (const setup of setups.own) await setups.problems(setup)
  const threads = startProofWorkers(workers)
  opened.defer(() => threads.stop())
  const time = { now: scene.state.time }
  const clock = () => time.now
  const engine = new Proofs(
    proofEngine(threads.ports, (hash) => setups.verificationKey(hash)),
    clock,
  )
  let proven = 0
  const proofs: Pick<Proofs, 'check'> = {
    check: (job, source) => {
      proven += 1
      return engine.check(job, source)
    },
  }
  const db = database === true ? await openDatabase({ folder: join(folder, 'app') }) : NO_DATABASE
  if (database === true) opened.defer(() => db.close())
  const writings = new Writings(db, clock)
  const board = await Board.open(ledger, {
    ...{ proofs, clock },
    setupProblems: (setup) => setups.problems(setup),
    attachment: (hash) => attachments.get(hash),
    ...textsIn(writings),
    nameTaken: (within, act) => nameTaken(writings, within, act),
  })
  const lines: string[] = []
  const journal = openJournal(
    new Writable({
      write(line: Buffer, _encoding, done) {
        lines.push(line.toString())
        done()
      },
    }),
  )
  const official = new Official(board, operator.key)
  const files = new Attachments(join(folder, 'ceremony'))
  const ceremonies = new Ceremonies({ database: db, setups, journal, clock, circuits, files })
  await (database === true ? ceremonies.start() : undefined)
  const holds = new Holds(db, board, clock)
  const registrar = new Registrar(board, db, official, holds)
  await (database === true ? registrar.recover() : undefined)
  const officials = new Officials(board, db, official, { holds, clock })
  await (database === true ? officials.start() : undefined)
  const built = site === undefined ? undefined : await Site.read(site)
  const demo =
    simulated === undefined
      ? undefined
      : new Demo({ board, database: db, official, setups, journal, clock, site: built }, folder, simulated)
  if (demo !== undefined) opened.use(demo)
  const postman =
    mail &&
    new Postman({ board, database: db, journal, clock }, mail, [
      new Digests({ board, database: db, writings, clock }),
    ])
  if (postman !== undefined) opened.use(postman)
  const [place = ''] = board.state.founded?.genesis.webOrigins ?? []
  const signIns = identity && new SignIns(identity, place, journal, clock)
  const stopping = new AbortController()
  opened.defer(() => stopping.abort())
  const parts = {
    ...{
      board,
      database: db,
      registrar,
      attachments,
      setups,
      operator,
      journal,
      clock,
      proxies: [],
      demo,
      officials,
      ceremonies,
      postman,
      signIns,
      data: folder,
    },
    writings,
    verdicts: new Verdicts(board, attachments, join(folder, 'results')),
    stopping: stopping.signal,
    site: built,
  }
  const app = makeApp(parts)
  const held = opened.move()
  const token = readFileSync(join(folder, 'operator.token'), 'utf8').trim()
  return {
    ...{ app, parts, ledger, folder, token, clock: time },
    proven: () => proven,
    journal: () => lines.join(''),
    post: async (bytes, headers = {}, address = '192.0.2.1') =>
      app.request(
        '/api/entries',
        {
          method: 'POST',
          headers: { 'content-type': 'application/cbor', ...headers },
          body: new Uint8Array(bytes),
        },
        { incoming: { socket: { remoteAddress: address } } },
      ),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

/** The entry of an act, signed by the scene's operator at the server's place and valid for an hour by its clock. */
export function actEntry(scene: Scene, server: Stage, act: Act): Uint8Array {
  const stateCounter = server.parts.board.state.processes.get(PROCESS)?.counter ?? 0
  const unsigned = { process: PROCESS, stateCounter, expiry: server.clock.now + 3_600_000, act }
  return encodeEntry(['act', signAct(scene.log, unsigned, 'operator', scene.operator)])
}

/** Takes into the scene what stands on the ledger beyond it. */
export async function follow(scene: Scene, ledger: Ledger): Promise<void> {
  for (let at = scene.entries.length; at < ledger.size; at++) scene.offer(decodeEntry(await ledger.entry(at)))
}

/** The entry of a ballot. */
export function ballotEntry(ballot: Ballot): Uint8Array {
  return encodeEntry(['ballot', ballotContent(ballot)])
}

/** Status and code of a refusal. */
export async function refusal(response: Response): Promise<[status: number, code: string]> {
  const { code } = (await response.json()) as { code: string }
  return [response.status, code]
}

const NO_DATABASE: Database = {
  engine: 'embedded',
  get orm(): never {
    throw new Error('this test has no database')
  },
  failed: new Promise(() => undefined),
  close: () => Promise.resolve(),
}

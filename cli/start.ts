// `comitia start`: the server on this machine, with everything it needs, until it is told to stop.
import { availableParallelism } from 'node:os'
import { stderr, stdout } from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { ensureArtifacts } from '#circuits/build/artifacts.ts'
import { readIdentitySettings } from '#server/identity/settings.ts'
import { readMailSettings } from '#server/mail/settings.ts'
import { SettingsError } from '#server/settings.ts'
import { startServer } from '#server/start.ts'
import { proofEngine } from '#tally/pool.ts'
import { command, PASSED, Unusable } from './command.ts'
import { Progress } from './progress.ts'
import { startProofWorkers } from './proof-workers.ts'
import { ensureSite } from './site.ts'

const HELP = `Usage: comitia start [options]

Runs the server with an embedded database until it is stopped (Ctrl-C).

  --port <n>       port to listen on (default 8080; 0 picks a free one)
  --data <folder>  where everything is kept (default ./data)
  --origin <name>  name of the ledger, fixed at the first start (default localhost:<port>/comitia)
  --demo           practice elections in which visitors may try everything, with played voters and guardians
  --played <n>     how many voters the demonstration plays in each election, 1 to 12 (default 12); each of their ballots
                   takes the processor as long as a visitor's own
  --no-site        for programs only: the web app is neither built nor served
  --json           print the address as one JSON object
  --help           print this text

DATABASE_URL=postgres://... keeps application data in PostgreSQL instead.
COMITIA_SMTP_URL=smtps://user:password@host:port is the mail server for invitations, COMITIA_MAIL_FROM the sender,
COMITIA_MAIL_RATE the most mails a minute (default 120).
COMITIA_OIDC_ISSUER=https://..., COMITIA_OIDC_CLIENT_ID and COMITIA_OIDC_CLIENT_SECRET name an OpenID Connect provider with
which voters and officials may sign in, COMITIA_OIDC_NAME what people call it, COMITIA_OIDC_CLAIM the claim by which it
knows them (default sub), COMITIA_OIDC_SCOPE the scopes to ask for.
Exit codes: 0 stopped, 2 could not start.
`

/** How V8 spares memory, 170 MB of it when a large list of voters comes in: garbage is collected in small steps, and one function of
 *  PostgreSQL's is optimised at a time. */
const SPARING = ['--semi-space-growth-factor=1', '--wasm-num-compilation-tasks=1']

/** Runs the command; resolves when the server has stopped. */
export const start = command(
  HELP,
  {
    port: { type: 'string', default: '8080' },
    data: { type: 'string', default: 'data' },
    origin: { type: 'string' },
    demo: { type: 'boolean', default: false },
    played: { type: 'string', default: '12' },
    'no-site': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
  async ({ port: typed, data, origin, demo, played, 'no-site': noSite, json }) => {
    const port = Number(typed)
    if (!/^\d{1,5}$/.test(typed) || port > 65535) throw new Unusable('--port is not a port.')
    if (!/^([1-9]|1[0-2])$/.test(played)) throw new Unusable('--played is not a number from 1 to 12.')
    const mail = settings(readMailSettings)
    const identity = settings(readIdentitySettings)
    for (const flag of SPARING) setFlagsFromString(flag)
    const tell = (message: string): void => void stderr.write(`${message}\n`)
    const artifacts = await ensureArtifacts(tell)
    const site = noSite ? undefined : await ensureSite(tell)
    // One core is left to the thread that answers.
    const workers = startProofWorkers(Math.max(1, availableParallelism() - 1))
    const progress = new Progress('Starting')
    const server = await startServer({
      data,
      port,
      ...(origin !== undefined && { origin }),
      ...(process.env.DATABASE_URL !== undefined && { databaseUrl: process.env.DATABASE_URL }),
      ...(mail !== undefined && { mail }),
      ...(identity !== undefined && { identity }),
      engine: (verificationKey) => proofEngine(workers.ports, verificationKey),
      artifacts,
      ...(demo && { demo: { simulated: Number(played) } }),
      ...(site !== undefined && { site }),
    })
    progress.finish()
    const { url, firstOfficial } = server
    if (json)
      stdout.write(`${JSON.stringify({ url, ...(firstOfficial !== undefined && { firstOfficial }) })}\n`)
    else {
      stdout.write(`Comitia runs at ${url}\n`)
      if (firstOfficial !== undefined)
        stdout.write(`The first official comes in here, once: ${firstOfficial}\n`)
    }
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve)
      process.once('SIGTERM', resolve)
    })
    await server.close()
    await workers.stop()
    return PASSED
  },
)

function settings<T>(read: (environment: NodeJS.ProcessEnv) => T): T {
  try {
    return read(process.env)
  } catch (error) {
    throw error instanceof SettingsError ? new Unusable(error.message) : error
  }
}

// The HTTP application: all operations under one set of headers, limits, metrics and answers to failure.
import { Hono, type Context } from 'hono'
import { compress } from 'hono/compress'
import { routePath } from 'hono/route'
import { secureHeaders } from 'hono/secure-headers'
import { accountabilityOperations } from './accountability/operations.ts'
import { ceremonyOperations } from './ceremony/operations.ts'
import { demoOperations } from './demo/operations.ts'
import { electionOperations } from './elections.ts'
import { entryOperations } from './entries.ts'
import { eventOperations } from './events.ts'
import { holdingOperations } from './holdings.ts'
import { identityOperations } from './identity/operations.ts'
import { logOperations } from './log.ts'
import { mailOperations } from './mail/operations.ts'
import { openMetrics } from './metrics.ts'
import { actOperations } from './officials/acts.ts'
import { deskOperations } from './officials/desk.ts'
import { entranceOperations } from './officials/entrance.ts'
import { guardianOperations } from './officials/guardians.ts'
import { peopleOperations } from './officials/people.ts'
import { openApi } from './openapi.ts'
import { mount, type Operation } from './operation.ts'
import type { Parts } from './parts.ts'
import { answerProblem, Problem, problemOf } from './problem.ts'
import { oneVoterOperations } from './officials/voters.ts'
import { pictureOperations } from './pictures.ts'
import { commentOperations } from './participation/comments.ts'
import { followingOperations } from './participation/following.ts'
import { moderationOperations } from './participation/moderation.ts'
import { nameOperations } from './participation/names.ts'
import { participationOperations } from './participation/operations.ts'
import { publicationOperations } from './participation/publications.ts'
import { statementOperations } from './participation/statements.ts'
import { recordOperations } from './record.ts'
import { resultOperations } from './results/operations.ts'
import { registrationOperations } from './registrations.ts'
import { snapshotOperations } from './snapshot.ts'
import { turnoutOperations } from './turnout.ts'
import { voterOperations } from './voters.ts'

/** All that programs may ask of the server. */
function operationsOf(parts: Parts): Operation[] {
  return [
    ...entryOperations(parts),
    ...electionOperations(parts),
    ...turnoutOperations(parts),
    ...participationOperations(parts),
    ...accountabilityOperations(parts),
    ...publicationOperations(parts),
    ...commentOperations(parts),
    ...statementOperations(parts),
    ...moderationOperations(parts),
    ...nameOperations(parts),
    ...followingOperations(parts),
    ...registrationOperations(parts),
    ...identityOperations(parts),
    ...voterOperations(parts),
    ...oneVoterOperations(parts),
    ...deskOperations(parts),
    ...holdingOperations(parts),
    ...mailOperations(parts),
    ...snapshotOperations(parts),
    ...recordOperations(parts),
    ...resultOperations(parts),
    ...pictureOperations(parts),
    ...logOperations(parts.board.ledger),
    ...eventOperations(parts),
    ...entranceOperations(parts),
    ...peopleOperations(parts),
    ...guardianOperations(parts),
    ...actOperations(parts),
    ...ceremonyOperations(parts),
    ...(parts.demo === undefined ? [] : demoOperations(parts.demo)),
  ]
}

/** The application over these parts. */
export function makeApp(parts: Parts): Hono {
  const { board, journal, site } = parts
  const app = new Hono()
  const metrics = openMetrics(board)
  const operations = operationsOf(parts)
  const document = openApi(operations)

  let failed = false
  void board.failed.then(() => (failed = true))
  app.use(async (c, next) => {
    const start = performance.now()
    await next()
    const milliseconds = performance.now() - start
    const request = { method: c.req.method, route: routeOf(c), status: c.res.status }
    metrics.answered({ ...request, seconds: milliseconds / 1000 })
    journal.info({ ...request, milliseconds: Math.round(milliseconds) }, 'answered')
  })
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
        // What is data, pictures among it, is never a page of ours.
        sandbox: [],
      },
      permissionsPolicy: { camera: [], geolocation: [], microphone: [] },
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
      // Pages and scripts of the app come with policies of their own.
      overwrite: false,
    }),
  )
  // Manifests in JSON, the largest of what pages ask for first.
  app.use('/api/elections/*', compress())
  app.use('/api/processes/*', compress())
  const webOrigins = board.state.founded?.genesis.webOrigins ?? []
  mount(app, operations, parts.operator, parts.officials, parts.ceremonies, webOrigins)
  app.get('/health', (c) => c.json({ status: failed ? 'failed' : 'ok' }, failed ? 503 : 200))
  app.get('/metrics', async (c) => c.body(await metrics.read(), 200, { 'Content-Type': metrics.contentType }))
  app.get('/openapi.json', (c) => c.json(document))
  if (site === undefined) app.get('/', (c) => c.text('Comitia runs here, without its web app.\n'))
  app.notFound((c) => {
    const reads = c.req.method === 'GET' || c.req.method === 'HEAD'
    const answer = reads ? site?.answer(c) : undefined
    if (answer !== undefined) return answer
    const known = operations.some(({ definition }) => definition.path === c.req.path)
    return answerProblem(
      c,
      known
        ? new Problem('wrong-method', 'Not by this method.')
        : new Problem('not-found', 'Nothing is here.'),
    )
  })
  app.onError((error, c) => {
    const problem = problemOf(error)
    metrics.refused(problem.code)
    if (problem.code === 'internal' || problem.code === 'unavailable') {
      journal.error({ err: error, route: routeOf(c) }, 'failed')
    }
    return answerProblem(c, problem)
  })
  return app
}

/** The pattern that a request's path fits: what is logged, for paths name ballots. */
function routeOf(c: Context): string {
  return routePath(c, -1)
}

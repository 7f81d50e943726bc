// The HTTP application: all operations under one set of headers, limits, metrics and answers to failure.
import { Hono, type Context } from 'hono'
import { routePath } from 'hono/route'
import { secureHeaders } from 'hono/secure-headers'
import { electionOperations } from './elections.ts'
import { entryOperations } from './entries.ts'
import { eventOperations } from './events.ts'
import { logOperations } from './log.ts'
import { openMetrics } from './metrics.ts'
import { openApi } from './openapi.ts'
import { mount, type Operation } from './operation.ts'
import { STYLE_HASH, statusPage } from './page.ts'
import type { Parts } from './parts.ts'
import { answerProblem, Problem, problemOf } from './problem.ts'
import { pictureOperations } from './pictures.ts'
import { recordOperations } from './record.ts'
import { registrationOperations } from './registrations.ts'
import { turnoutOperations } from './turnout.ts'

/** All that programs may ask of the server. */
function operationsOf(parts: Parts): Operation[] {
  return [
    ...entryOperations(parts),
    ...electionOperations(parts),
    ...turnoutOperations(parts),
    ...registrationOperations(parts),
    ...recordOperations(parts),
    ...pictureOperations(parts),
    ...logOperations(parts.board.ledger),
    ...eventOperations(parts),
  ]
}

/** The application over these parts. */
export function makeApp(parts: Parts): Hono {
  const { board, journal } = parts
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
  // What is data, pictures among it, is never a page of ours.
  app.use('/api/*', async (c, next) => {
    await next()
    c.header('Content-Security-Policy', "default-src 'none'; sandbox")
  })
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: [STYLE_HASH],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
      permissionsPolicy: { camera: [], geolocation: [], microphone: [] },
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
    }),
  )
  mount(app, operations, parts.operator)
  app.get('/', (c) => c.html(statusPage(parts)))
  app.get('/health', (c) => c.json({ status: failed ? 'failed' : 'ok' }, failed ? 503 : 200))
  app.get('/metrics', async (c) => c.body(await metrics.read(), 200, { 'Content-Type': metrics.contentType }))
  app.get('/openapi.json', (c) => c.json(document))
  app.notFound((c) => {
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

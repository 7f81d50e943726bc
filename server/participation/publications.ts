// Files of a process at addresses that stay: feed, calendar, table of proposals.
import type { Context } from 'hono'
import * as z from 'zod/mini'
import { slug } from '#protocol/codec.ts'
import { LANGUAGES } from '#server/data/schema.ts'
import { naturalText, operation, type Operation } from '#server/operation.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import { calendarOf, feedOf, type Named, proposalsCsv } from './files.ts'
import { newsOf } from './news.ts'

const BASE = '/api/processes/:process/:language'
const parameters = { process: slug, language: z.enum(LANGUAGES) }

export function publicationOperations({ board, writings }: Pick<Parts, 'board' | 'writings'>): Operation[] {
  const named = (process: string): Named => {
    const within = board.state.processes.get(process)
    if (within === undefined) throw new Problem('not-found', 'No such process.')
    return { state: board.state, process, within }
  }
  const shape = (file: string, summary: string, type: string) => ({
    ...({ method: 'GET', path: `${BASE}/${file}`, access: 'anybody', summary } as const),
    ...{ parameters, query: {} },
    success: [{ status: 200, description: 'A file.', type }] as const,
  })
  return [
    operation(
      shape('feed.atom', 'What has happened in a process, the newest first.', 'application/atom+xml'),
      async ({ parameters: { process, language }, c }) => {
        const of = named(process)
        return file(c, of, await feedOf(of, writings, language), 'application/atom+xml; charset=utf-8')
      },
    ),
    operation(
      {
        ...shape(
          'promises/:promise/feed.atom',
          'What has happened of a promise: its terms, reports and publications, the newest first.',
          'application/atom+xml',
        ),
        parameters: { ...parameters, promise: naturalText },
      },
      async ({ parameters: { process, language, promise }, c }) => {
        const of = named(process)
        if (!of.within.accountability.promises.has(promise))
          throw new Problem('not-found', 'No such promise.')
        const feed = await feedOf(of, writings, language, promise)
        return file(c, of, feed, 'application/atom+xml; charset=utf-8')
      },
    ),
    operation(
      shape('calendar.ics', 'The phases of a process and the times of its votes.', 'text/calendar'),
      ({ parameters: { process, language }, c }) => {
        const of = named(process)
        return file(c, of, calendarOf(of, language), 'text/calendar; charset=utf-8')
      },
    ),
    operation(
      shape('proposals.csv', 'All proposals of a process, the oldest first.', 'text/csv'),
      async ({ parameters: { process, language }, c }) => {
        const of = named(process)
        return file(c, of, await proposalsCsv(of, writings, language), 'text/csv; charset=utf-8')
      },
    ),
  ]
}

function file(c: Context, { within }: Named, content: string, type: string): Response {
  const [newest] = newsOf(within)
  c.header('Cache-Control', 'no-cache')
  if (newest !== undefined) c.header('Last-Modified', new Date(newest.time).toUTCString())
  return c.body(content, 200, { 'Content-Type': type })
}

// What pages ask of the server that they came from: views for people to look at, never to be believed.
// Whatever a vote or a verdict rests on goes through client/, which checks it against the ledger.
import type { ElectionSummary } from '#server/summary.ts'

/** The server answered, and it was no. `code` is one of the server's closed list (its OpenAPI document has it). */
export class Refused extends Error {
  readonly code: string
  readonly status: number
  /** After how many seconds it may be tried again, where the server says so. */
  readonly fields: { readonly seconds: number }

  constructor(code: string, { status, headers }: Response, message: string) {
    super(message)
    this.name = 'Refused'
    this.code = code
    this.status = status
    this.fields = { seconds: Number(headers.get('retry-after') ?? 60) }
  }
}

/** The server cannot be reached. */
class Unreachable extends Error {
  readonly code = 'unreachable'
}

/** All elections on this server. Throws `Refused` or `Unreachable`, as all of these do. */
export async function elections(): Promise<ElectionSummary[]> {
  const { elections } = await get<{ elections: ElectionSummary[] }>('/api/elections')
  return elections
}

/** One election. */
export function election(process: string, election: string): Promise<ElectionSummary> {
  return get(`/api/elections/${encodeURIComponent(process)}/${encodeURIComponent(election)}`)
}

/** The JSON at a path of this server. */
export async function get<T>(path: string): Promise<T> {
  return (await ask(path)).json() as Promise<T>
}

/** The text at a path of this server. */
export async function text(path: string): Promise<string> {
  return (await ask(path)).text()
}

/** The bytes at a path of this server. */
export async function bytes(path: string): Promise<Uint8Array> {
  return new Uint8Array(await (await ask(path)).arrayBuffer())
}

/** Posts JSON; the JSON of the answer, undefined where there is none. */
export async function post<T>(path: string, body?: unknown): Promise<T> {
  const response = await askWith(path, body)
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** Posts JSON; the bytes of the answer. */
export async function postForBytes(path: string, body: unknown): Promise<Uint8Array> {
  return new Uint8Array(await (await askWith(path, body)).arrayBuffer())
}

/** Posts a text of some type; the text of the answer. */
export async function postText(path: string, type: string, body: string): Promise<string> {
  return (await ask(path, { method: 'POST', headers: { 'content-type': type }, body })).text()
}

function askWith(path: string, body: unknown): Promise<Response> {
  return ask(path, {
    method: 'POST',
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
}

/** The answer to any request. */
export async function ask(path: string, init?: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, init)
  } catch {
    throw new Unreachable('the server does not answer')
  }
  if (response.ok) return response
  const problem = (await response.json().catch(() => ({}))) as { code?: string; message?: string }
  throw new Refused(problem.code ?? 'internal', response, problem.message ?? '')
}

// One operation of the HTTP interface: what it takes and what it answers, said once, used to check each request and to
// write the OpenAPI document.
import type { Context, Hono } from 'hono'
import * as z from 'zod/mini'
import { concat } from '#crypto/encoding.ts'
import type { Ceremonies, Contributor } from './ceremony/ceremonies.ts'
import type { Officials } from './officials/officials.ts'
import type { AccountRole, SignedIn } from './officials/sessions.ts'
import type { Operator } from './operator.ts'
import { Problem } from './problem.ts'

type Fields = Readonly<Record<string, z.ZodMiniType<unknown, string>>>
type Values<F extends Fields> = { readonly [K in keyof F]: z.output<F[K]> }

/** A request's body: its media type, its largest size in bytes and, for JSON, its schema. */
interface BodyRule<T> {
  readonly type: string
  readonly maximum: number
  readonly schema?: z.ZodMiniType<T>
  /** A media type without a schema: how the bytes are described. */
  readonly description: string
}

/** What a success looks like. */
interface Success {
  readonly status: number
  readonly description: string
  /** None where there is no body. */
  readonly type?: string
  readonly schema?: z.ZodMiniType
}

/** Who may ask: anybody, who has the operator's token, who has the code of a contributor's link, or officials who are signed
 *  in, in these roles by the record. */
export type Access = 'anybody' | 'operator' | 'contributor' | readonly AccountRole[]

interface Definition<P extends Fields, Q extends Fields, T> {
  readonly method: 'GET' | 'POST'
  /** In Hono's spelling: `/api/receipts/:index`. */
  readonly path: string
  readonly summary: string
  readonly parameters: P
  readonly query: Q
  readonly body?: BodyRule<T>
  readonly success: readonly [Success, ...Success[]]
  readonly access: Access
  /** Also for officials whom the record does not name yet, or no longer: what concerns their account alone. */
  readonly unnamed?: true
}

interface Input<P extends Fields, Q extends Fields, T> {
  readonly parameters: Values<P>
  readonly query: Values<Q>
  /** Bytes as they came, or the value of the JSON. */
  readonly body: T
  readonly c: Context
}

/** An operation ready to be mounted and described. */
export interface Operation {
  readonly definition: Definition<Fields, Fields, unknown>
  readonly run: (c: Context) => Promise<Response>
}

/** Checks path, query and body before `handle` sees them: 400 `malformed`, 413 `too-large`, 415 `unsupported-type`. */
export function operation<P extends Fields, Q extends Fields, T = Uint8Array>(
  definition: Definition<P, Q, T>,
  handle: (input: Input<P, Q, T>) => Promise<Response> | Response,
): Operation {
  const { parameters, query, body } = definition
  return {
    definition,
    async run(c) {
      const input = {
        parameters: read(parameters, c.req.param()),
        query: read(query, c.req.query()),
        body: (body === undefined ? undefined : await readBody(c, body)) as T,
        c,
      }
      return handle(input)
    },
  }
}

/** Adds the operations' routes. Of what not everybody may ask nothing is read before it is clear who asks.
 *  @param webOrigins where this server's own pages are */
export function mount(
  app: Hono,
  operations: readonly Operation[],
  { authorizes }: Operator,
  officials: Pick<Officials, 'roleOf'> & { readonly sessions: Pick<Officials['sessions'], 'of'> },
  ceremonies: Pick<Ceremonies, 'of'>,
  webOrigins: readonly string[],
): void {
  for (const { definition, run } of operations) {
    app.on(definition.method, definition.path, async (c) => {
      const { access, method, unnamed = false } = definition
      if (method !== 'GET' || typeof access === 'object') ownPage(c, webOrigins)
      if (access === 'operator' && !authorizes(c.req.header('authorization')))
        throw new Problem('unauthorized', "This needs the operator's token.")
      if (access === 'contributor') {
        const contributor = await ceremonies.of(c.req.header('authorization'))
        if (contributor === undefined) throw new Problem('not-found', 'There is no such link.')
        contributing.set(c, contributor)
      }
      if (typeof access === 'object') {
        const official = await officials.sessions.of(c)
        if (official === undefined) throw new Problem('unauthorized', 'Sign in first.')
        const role = unnamed ? official.role : officials.roleOf(official)
        if (role === undefined) throw new Problem('forbidden', 'The record does not name you.')
        if (!access.includes(role)) throw new Problem('forbidden', 'This is not for your role.')
        asking.set(c, official)
      }
      return run(c)
    })
  }
}

/** The official who asks, of an operation that only officials may ask for. */
export function officialOf(c: Context): SignedIn {
  const official = asking.get(c)
  if (official === undefined) throw new Error('this operation is for officials')
  return official
}

const asking = new WeakMap<Context, SignedIn>()

/** The contributor who asks, of an operation that only contributors may ask for. */
export function contributorOf(c: Context): Contributor {
  const contributor = contributing.get(c)
  if (contributor === undefined) throw new Error('this operation is for contributors')
  return contributor
}

const contributing = new WeakMap<Context, Contributor>()

/** Refuses what a page of another site makes a browser ask. Browsers say how they come to ask; older ones only from which
 *  page, where something is to change. Programs say neither. */
function ownPage(c: Context, webOrigins: readonly string[]): void {
  const [site, origin] = [c.req.header('sec-fetch-site'), c.req.header('origin')]
  const own =
    site === undefined
      ? origin === undefined || webOrigins.includes(origin)
      : site === 'same-origin' || site === 'none'
  if (!own) throw new Problem('unauthorized', 'Only pages of this server may ask for this.')
}

/** A natural number in its one spelling. */
export const naturalText = z.pipe(
  z.string().check(z.regex(/^(0|[1-9][0-9]{0,14})$/)),
  z.transform((text: string) => Number(text)),
)

/** 32 bytes as 64 hexadecimal digits in lower case. */
export const hashText = z.string().check(z.regex(/^[0-9a-f]{64}$/))

function read<F extends Fields>(fields: F, given: Record<string, string>): Values<F> {
  const parsed = z.strictObject(fields).safeParse(given)
  if (!parsed.success) throw new Problem('malformed', describe(parsed.error))
  return parsed.data as Values<F>
}

async function readBody<T>(c: Context, { type, maximum, schema }: BodyRule<T>): Promise<T | Uint8Array> {
  // A compressed body is not unpacked: its size would be anybody's guess.
  const [given = ''] = (c.req.header('content-type') ?? '').split(';')
  if (c.req.header('content-encoding') !== undefined) {
    throw new Problem('unsupported-type', 'The body must not be compressed.')
  }
  if (given.trim().toLowerCase() !== type) throw new Problem('unsupported-type', `The body must be ${type}.`)
  const bytes = await readBytes(c, maximum)
  if (schema === undefined) return bytes
  const parsed = schema.safeParse(parseJson(bytes))
  if (!parsed.success) throw new Problem('malformed', describe(parsed.error))
  return parsed.data
}

/** The body, of which no more than the maximum is ever held. */
async function readBytes(c: Context, maximum: number): Promise<Uint8Array> {
  const tooLarge = () => {
    // The rest of it is not waited for.
    c.header('Connection', 'close')
    return new Problem('too-large', `The body may have ${maximum} bytes.`)
  }
  const stated = c.req.header('content-length')
  if (Number(stated ?? 0) > maximum) throw tooLarge()
  try {
    // A stated length is held to by the HTTP parser.
    const whole = stated !== undefined && c.req.header('transfer-encoding') === undefined
    if (whole) return new Uint8Array(await c.req.arrayBuffer())
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of (c.req.raw.body ?? []) as AsyncIterable<Uint8Array>) {
      length += chunk.length
      if (length > maximum) throw tooLarge()
      chunks.push(chunk)
    }
    return concat(...chunks)
  } catch (error) {
    throw error instanceof Problem ? error : new Problem('malformed', 'The body breaks off.')
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Problem('malformed', 'The body is not JSON.')
  }
}

/** Names the field, never what was in it. */
function describe({ issues }: { issues: readonly { path: PropertyKey[] }[] }): string {
  const fields = [...new Set(issues.map((issue) => issue.path.map(String).join('.')))].filter(Boolean)
  return fields.length === 0 ? 'Fields are missing or unknown.' : `Not as it must be: ${fields.join(', ')}.`
}

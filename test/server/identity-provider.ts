// A real OpenID provider on this machine (oidc-provider), at which anybody signs in by saying who they are; what it then
// says of them is the test's to set. And somebody who goes there, without a browser.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Provider } from 'oidc-provider'
import type { IdentitySettings } from '#server/identity/settings.ts'

const CLIENT = { clientId: 'comitia', clientSecret: 'not+very:secret' }
const FORM = `<!doctype html><html lang="en"><title>Harbour ID</title><link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
<main><h1>Harbour ID</h1><form method="post"><label>Who are you? <input name="login"></label><button>Go on</button></form></main>`

export class IdentityProvider implements AsyncDisposable {
  readonly issuer: string
  /** What it says of whoever signs in under a name, beside the name as `sub`. */
  readonly claims = new Map<string, Record<string, unknown>>()
  /** Set to alter an answer before it leaves, by its path. */
  alter: ((path: string, answer: Record<string, unknown>) => unknown) | undefined
  /** Set to keep a request by its path: it is never answered. */
  silent: ((path: string) => boolean) | undefined
  readonly #close: () => Promise<void>

  private constructor(issuer: string, close: () => Promise<void>) {
    this.issuer = issuer
    this.#close = close
  }

  /** Listens; sends people back to /sign-in of that origin. */
  static async open(origin: string): Promise<IdentityProvider> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
    const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
    const close = async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    }
    const own = new IdentityProvider(issuer, close)
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const provider: Provider = new Provider(issuer, {
      clients: [
        {
          ...{ client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret },
          redirect_uris: [`${origin}/sign-in`],
          id_token_signed_response_alg: 'ES256',
        },
      ],
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
      cookies: { keys: [randomBytes(16).toString('hex')] },
      claims: { openid: ['sub', 'member'], email: ['email', 'email_verified'] },
      features: { devInteractions: { enabled: false } },
      ttl: {
        Session: 600,
        Grant: 600,
        Interaction: 600,
        AccessToken: 600,
        IdToken: 600,
        AuthorizationCode: 600,
      },
      interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
      findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...own.claims.get(sub) }) }),
      loadExistingGrant: async ({ oidc }) => {
        const [accountId, clientId] = [oidc.session?.accountId, oidc.client?.clientId]
        if (accountId === undefined || clientId === undefined) return undefined
        const grant = new provider.Grant({ accountId, clientId })
        grant.addOIDCScope('openid email')
        await grant.save()
        return grant
      },
    })
    provider.use(async (ctx, next) => {
      await next()
      const answer: unknown = ctx.body
      if (own.alter !== undefined && typeof answer === 'object' && answer !== null)
        ctx.body = own.alter(ctx.path, answer as Record<string, unknown>)
    })
    const callback = provider.callback()
    const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const path = request.url ?? ''
      if (own.silent?.(path) === true) return
      if (!path.startsWith('/interaction/')) await callback(request, response)
      else if (request.method === 'GET') response.setHeader('content-type', 'text/html').end(FORM)
      else {
        const login = new URLSearchParams(await text(request)).get('login') ?? ''
        const result = login === '' ? { error: 'access_denied' } : { login: { accountId: login } }
        await provider.interactionFinished(request, response, result)
      }
    }
    server.on('request', (request, response) => void handle(request, response))
    return own
  }

  /** What an operator sets up for it. */
  settings(claim = 'sub', scope = 'openid'): IdentitySettings {
    return { issuer: this.issuer, ...CLIENT, name: 'Harbour ID', claim, scope }
  }

  /** The same in the environment. */
  environment(claim = 'sub'): Record<string, string> {
    return {
      COMITIA_OIDC_ISSUER: this.issuer,
      COMITIA_OIDC_CLIENT_ID: CLIENT.clientId,
      COMITIA_OIDC_CLIENT_SECRET: CLIENT.clientSecret,
      COMITIA_OIDC_NAME: 'Harbour ID',
      COMITIA_OIDC_CLAIM: claim,
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close()
  }
}

/** Goes where a sign-in sends a browser, says a name there (none to break off), and gives back the query that comes home. */
export async function visitProvider(address: string, login: string): Promise<string> {
  const jar = new Map<string, string>()
  const ask = async (to: URL, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(to, { ...init, headers: { cookie }, redirect: 'manual' })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(set) ?? []
      jar.set(name, value)
    }
    return response
  }
  let at = new URL(address)
  const { origin } = at
  while (at.origin === origin) {
    const form = at.pathname.startsWith('/interaction/')
    const response = await ask(at, form ? { method: 'POST', body: new URLSearchParams({ login }) } : {})
    const next = response.headers.get('location')
    if (next === null) throw new Error(`${at.href}: ${response.status} ${await response.text()}`)
    at = new URL(next, at)
  }
  return at.search
}

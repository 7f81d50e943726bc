// An identity provider, asked by OpenID Connect Core 1.0: the authorization code flow with PKCE (RFC 7636), state, nonce
// and the issuer in the answer (RFC 9207). What it says of a person is believed under its signature only.
import type { Configuration } from 'openid-client'
import type { Journal } from '#server/journal.ts'
import { Problem } from '#server/problem.ts'
import { type IdentitySettings, isPlainHere } from './settings.ts'

/** Loaded when somebody first signs in with it. */
const library = () => import('openid-client')

/** Seconds that the provider may take for each answer. */
const TIMEOUT = 5
/** Failures of the provider, not of whoever signs in. */
const ITS_OWN = [
  'OAUTH_TIMEOUT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
]

/** What the answer to a request must match, each of them random and for one request. */
export interface Checks {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

type Claims = Readonly<Record<string, unknown>>

export class Provider {
  readonly #settings: IdentitySettings
  readonly #redirect: string
  readonly #journal: Journal
  #configuration: Promise<Configuration> | undefined

  /** @param redirect address of the page to which the provider sends people back */
  constructor(settings: IdentitySettings, redirect: string, journal: Journal) {
    this.#settings = settings
    this.#redirect = redirect
    this.#journal = journal
  }

  /** Where to send a browser, and what its answer must match. Throws `Problem`. */
  async ask(): Promise<{ address: string; checks: Checks }> {
    const oidc = await library()
    const configuration = await this.#configured()
    const checks = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
    }
    const address = oidc.buildAuthorizationUrl(configuration, {
      ...{ redirect_uri: this.#redirect, scope: this.#settings.scope },
      ...{ state: checks.state, nonce: checks.nonce, code_challenge_method: 'S256' },
      code_challenge: await oidc.calculatePKCECodeChallenge(checks.verifier),
      // Somebody else may have signed in on a device that many use.
      prompt: 'login',
    })
    return { address: address.href, checks }
  }

  /** Whom the answer is about, by the claim of the settings; undefined where the provider does not vouch for that claim.
   *  Throws `Problem`.
   *  @param answer the query with which the browser came back */
  async identify(answer: string, { state, nonce, verifier }: Checks): Promise<string | undefined> {
    const oidc = await library()
    const configuration = await this.#configured()
    const address = new URL(this.#redirect)
    address.search = answer
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, address, {
        ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (claims === undefined || this.#settings.claim in claims) return this.#named(claims ?? {})
      return this.#named(await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub))
    } catch (error) {
      throw this.#problem(error)
    }
  }

  /** An address that the provider has not verified may be anybody's. */
  #named(claims: Claims): string | undefined {
    const { claim } = this.#settings
    const value = claims[claim]
    if (claim === 'email' && claims.email_verified !== true) return undefined
    return Number.isSafeInteger(value) ? String(value) : typeof value === 'string' ? value : undefined
  }

  /** The provider's own description of itself, asked for until it has answered once. */
  async #configured(): Promise<Configuration> {
    try {
      return await (this.#configuration ??= this.#discover())
    } catch (error) {
      this.#configuration = undefined
      throw this.#unavailable(error)
    }
  }

  async #discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings
    const oidc = await library()
    const url = new URL(issuer)
    return oidc.discovery(url, clientId, undefined, oidc.ClientSecretBasic(clientSecret), {
      timeout: TIMEOUT,
      execute: [
        oidc.enableNonRepudiationChecks,
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- its mark says: for loopback only, as here
        ...(isPlainHere(url) ? [oidc.allowInsecureRequests] : []),
      ],
    })
  }

  #problem(error: unknown): Problem {
    const { code, error: reason } = reasonOf(error)
    const own =
      error instanceof TypeError ||
      ITS_OWN.includes(code) ||
      (code === 'OAUTH_RESPONSE_BODY_ERROR' && reason !== 'invalid_grant')
    if (own) return this.#unavailable(error)
    this.#journal.info({ code, reason }, 'a sign-in was not accepted')
    return new Problem('sign-in-failed', 'This sign-in is not valid, or no longer.')
  }

  /** Says no more than which kind of failure it was: the rest may repeat what a person is called. */
  #unavailable(error: unknown): Problem {
    const { code, error: reason } = reasonOf(error)
    this.#journal.warn({ code, reason }, 'the identity provider has failed')
    return new Problem('provider-unavailable', 'The identity provider does not answer as it should.', 30)
  }
}

/** Names of what has gone wrong, as openid-client and RFC 6749 have them. */
function reasonOf(error: unknown): { code: string; error: string } {
  const { code, error: reason } = (error instanceof Error ? error : {}) as Partial<Record<string, unknown>>
  return { code: typeof code === 'string' ? code : '', error: typeof reason === 'string' ? reason : '' }
}

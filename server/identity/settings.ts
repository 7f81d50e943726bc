// The operator's identity provider (OpenID Connect), as the environment names it.
import { isOnThisMachine, SettingsError } from '#server/settings.ts'

export interface IdentitySettings {
  /** Its issuer identifier: https, or http on the same machine. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** What people call it. */
  readonly name: string
  /** The claim by which people are known on rolls and among officials. */
  readonly claim: string
  /** The scopes with which the provider gives the claim, blanks between. */
  readonly scope: string
}

/** A provider knows a person by it for ever, and nobody else. */
const USUAL_CLAIM = 'sub'

/** What COMITIA_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET, _NAME, _CLAIM and _SCOPE say; undefined without the first three.
 *  Throws `SettingsError`. */
export function readIdentitySettings(environment: NodeJS.ProcessEnv): IdentitySettings | undefined {
  const {
    COMITIA_OIDC_ISSUER: issuer,
    COMITIA_OIDC_CLIENT_ID: clientId,
    COMITIA_OIDC_CLIENT_SECRET: clientSecret,
    COMITIA_OIDC_CLAIM: claim = USUAL_CLAIM,
    COMITIA_OIDC_SCOPE: scope = claim === 'email' ? 'openid email' : 'openid',
  } = environment
  if (issuer === undefined && clientId === undefined && clientSecret === undefined) return undefined
  if (!issuer || !clientId || !clientSecret)
    throw new SettingsError(
      'COMITIA_OIDC_ISSUER, COMITIA_OIDC_CLIENT_ID and COMITIA_OIDC_CLIENT_SECRET are given together or not at all.',
    )
  const url = URL.parse(issuer)
  if (url === null || !(url.protocol === 'https:' || isPlainHere(url)))
    throw new SettingsError('COMITIA_OIDC_ISSUER is an address that begins with https://.')
  if (!/^[\w.:/-]{1,200}$/.test(claim)) throw new SettingsError('COMITIA_OIDC_CLAIM is the name of a claim.')
  if (!scope.split(' ').includes('openid'))
    throw new SettingsError('COMITIA_OIDC_SCOPE is a list of scopes, openid among them.')
  const name = environment.COMITIA_OIDC_NAME ?? url.host
  if (!/^[^\p{C}]{1,60}$/u.test(name))
    throw new SettingsError('COMITIA_OIDC_NAME is a name of at most 60 characters.')
  return { issuer, clientId, clientSecret, name, claim, scope }
}

/** Where plain http is heard by nobody else. */
export function isPlainHere({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && isOnThisMachine(hostname)
}

// The operator's identity provider as the environment names it: whole, or refused.
import { describe, expect, test } from 'vitest'
import { readIdentitySettings } from '#server/identity/settings.ts'
import { SettingsError } from '#server/settings.ts'

describe('settings', () => {
  const whole = {
    COMITIA_OIDC_ISSUER: 'https://id.example.org/realm',
    COMITIA_OIDC_CLIENT_ID: 'comitia',
    COMITIA_OIDC_CLIENT_SECRET: 'hush',
  }

  test('are none, or whole', () => {
    expect(readIdentitySettings({})).toBeUndefined()
    expect(readIdentitySettings(whole)).toEqual({
      ...{ issuer: 'https://id.example.org/realm', clientId: 'comitia', clientSecret: 'hush' },
      ...{ name: 'id.example.org', claim: 'sub', scope: 'openid' },
    })
    expect(readIdentitySettings({ ...whole, COMITIA_OIDC_CLAIM: 'email' })?.scope).toBe('openid email')
    expect(readIdentitySettings({ ...whole, COMITIA_OIDC_ISSUER: 'http://localhost:9' })).toBeDefined()
  })

  test.each([
    { COMITIA_OIDC_CLIENT_SECRET: undefined },
    { COMITIA_OIDC_CLIENT_ID: '' },
    { COMITIA_OIDC_ISSUER: 'http://id.example.org' },
    { COMITIA_OIDC_ISSUER: 'id.example.org' },
    { COMITIA_OIDC_CLAIM: 'a b' },
    { COMITIA_OIDC_SCOPE: 'email' },
    { COMITIA_OIDC_NAME: '' },
  ])('in which nobody could sign in are refused without repeating them: %j', (change) => {
    const read = () => readIdentitySettings({ ...whole, ...change })
    expect(read).toThrow(SettingsError)
    expect(read).not.toThrow(/hush/)
  })
})

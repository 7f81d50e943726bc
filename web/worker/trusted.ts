// The one Trusted Types policy by which this app names scripts to run in workers: its own, from where it came itself.

interface Policy {
  createScriptURL(url: string): string
}
type Factory = { createPolicy(name: string, rules: Policy): Policy } | undefined

const { trustedTypes } = globalThis as unknown as { trustedTypes: Factory }
const sameOrigin: Policy = {
  createScriptURL(url) {
    if (new URL(url, location.href).origin !== location.origin)
      throw new TypeError('not a script of this app')
    return url
  },
}
const policy = trustedTypes?.createPolicy('comitia-worker', sameOrigin) ?? sameOrigin

/** The URL of a script of this app, as `Worker` and service workers accept it. TypeError for another origin. */
export function ownScript(url: string): string {
  return policy.createScriptURL(url)
}

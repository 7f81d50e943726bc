// Starts the app's own workers. The only place where a page makes one: Trusted Types forbid it elsewhere.
import { type Remote, wrap } from 'comlink'
import './failure.ts'

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

/** A worker's interface, called as if it were here; functions among the arguments go through comlink's `proxy`.
 *  @param url as `import url from './worker.ts?worker&url'` gives it */
export function startWorker<Interface>(url: string): Remote<Interface> {
  return wrap<Interface>(new Worker(policy.createScriptURL(url), { type: 'module' }))
}

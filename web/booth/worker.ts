// The booth's worker: whatever of a ballot is secret stays in here, but for the marks that the voter sees.
import { means } from '#web/device/means.ts'
import { serve } from '#web/worker/serve.ts'
import type { Outline } from './outline.ts'
import type { Draft } from './paper.ts'
import { type CastStep, Session } from './session.ts'

let session: Session | undefined

const api = {
  /** Opens an election. Comes before everything else. */
  async open(process: string, election: string): Promise<Outline> {
    session = await Session.open(await means(), process, election)
    return session.outline
  },
  renew: () => now().renew(),
  enter: () => now().enter(),
  keepDraft: (contest: number, draft: Draft) => now().keepDraft(contest, draft),
  prepare: (onProgress: (done: number, total: number) => void) => now().prepare(onProgress),
  seal: (contest?: number) => now().seal(contest),
  challenge: (hash: Uint8Array) => now().challenge(hash),
  cast: (hashes: readonly Uint8Array[], onStep: (contest: number, step: CastStep) => void) =>
    now().cast(hashes, onStep),
  receiptFile: () => now().receiptFile(),
  standing: () => now().standing(),
}
export type BoothWorker = typeof api

serve(api)

// The first formatter of its kind in a browser's process takes long to make, on a phone over 100 ms, and the page needs them.
setTimeout(() => {
  const { language } = navigator
  return [new Intl.DateTimeFormat(language), new Intl.NumberFormat(language), new Intl.PluralRules(language)]
})

function now(): Session {
  if (session === undefined) throw new Error('no election is open')
  return session
}

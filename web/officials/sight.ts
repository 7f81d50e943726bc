// What the officials' room shows, as it was when it was last looked at.
import type { ElectionSummary } from '#server/summary.ts'
import type { SignInOffer } from '#web/device/sign-in.ts'
import type { AccountView, Me, NextView, ProposedView, RollView } from './api.ts'

export interface Sight {
  readonly me: Me
  readonly people: readonly AccountView[]
  readonly acts: readonly ProposedView[]
  readonly elections: readonly ElectionSummary[]
  readonly rolls: readonly RollView[]
  readonly provider: SignInOffer
  /** Of whoever may sign. */
  readonly next: NextView | undefined
}

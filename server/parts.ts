// What a running server consists of; start.ts puts it together, and each file of routes takes what it needs.
import type { Attachments } from './attachments.ts'
import type { Board } from './board.ts'
import type { Ceremonies } from './ceremony/ceremonies.ts'
import type { Database } from './data/database.ts'
import type { Demo } from './demo/demo.ts'
import type { Journal } from './journal.ts'
import type { Postman } from './mail/postman.ts'
import type { Officials } from './officials/officials.ts'
import type { SignIns } from './identity/sign-ins.ts'
import type { Operator } from './operator.ts'
import type { Registrar } from './registrar.ts'
import type { Writings } from './participation/writings.ts'
import type { Verdicts } from './results/verdict.ts'
import type { Setups } from './setups.ts'
import type { Site } from './site.ts'

export interface Parts {
  /** The data folder. */
  readonly data: string
  readonly board: Board
  readonly database: Database
  readonly registrar: Registrar
  readonly attachments: Attachments
  readonly setups: Pick<Setups, 'own' | 'describe' | 'file' | 'packed'>
  readonly verdicts: Verdicts
  /** Texts that people write, beside the record. */
  readonly writings: Writings
  readonly operator: Operator
  readonly officials: Officials
  readonly ceremonies: Ceremonies
  readonly journal: Journal
  /** Takes mails to voters, if the operator has set up a mail server. */
  readonly postman: Postman | undefined
  /** Sign-ins with an identity provider, if the operator has set one up. */
  readonly signIns: SignIns | undefined
  /** Practice elections for visitors, if this server offers them. */
  readonly demo: Demo | undefined
  /** The web app, if this server hands it out. */
  readonly site: Site | undefined
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly proxies: readonly string[]
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Says that answers which have no end must end now. */
  readonly stopping: AbortSignal
}

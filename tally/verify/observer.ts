// What an observer knows that no record can tell, and what else may be asked.
import type { Policy } from '#ledger/policy.ts'
import type { Setup } from '#protocol/setup.ts'
import type { Noted } from '#protocol/challenge.ts'
import type { FetchFile } from './application.ts'

/** What an observer brings along. */
export interface Observer {
  /** The observer's own trust policy; without one the record's own is used and the findings say so. */
  readonly policy?: Policy
  /** Checkpoints that the observer kept from earlier; the record must extend each. */
  readonly checkpoints?: readonly string[]
  /** An opening file (SPEC 6.6) to check against the record. */
  readonly opening?: Uint8Array
  /** What was noted of that ballot before it was opened. */
  readonly noted?: Noted
  /** Rebuilds keys from circuit and powers of tau, which takes a minute; gives the problems found. */
  readonly rebuildSetup?: (setup: Setup) => Promise<string[]>
  /** Asks the server for the files of its web app, to compare them with those that the record names. */
  readonly fetchFile?: FetchFile
}

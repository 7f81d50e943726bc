// What a guardian is told: alarms, at which nothing is sent; what is still missing; and what goes on. Each has a code, the
// fields that a sentence needs, and that sentence in English.
import { type CodeOf, Failure, sentence, type Sentences } from '#client/failure.ts'
import { findingSentence } from '#client/finding.ts'
import type { Finding } from '#tally/verify/finding.ts'

const ALARMS = {
  'other-ledger': () => 'This is another ledger than the one that this guardian joined.',
  'other-policy': () => 'This guardian joined under another policy.',
  'other-election': () =>
    'The record does not hold the election that this guardian joined, or defines it otherwise.',
  'attempt-over': ({ attempt }: { attempt: number }) =>
    `Attempt ${attempt} was given up. Join again for the one that runs now.`,
  'attempt-failed': ({ attempt, judged, name }: { attempt: number; judged: number; name: string }) =>
    `Attempt ${attempt} has ended by a complaint; guardian ${judged} (${name}) ` +
    'is judged to be at fault. Join again when the officials start the next attempt.',
  'left-out': ({ attempt }: { attempt: number }) => `Attempt ${attempt} is made without this guardian.`,
  'record-behind': ({ there, here }: { there: number; here: number }) =>
    `The record stands at attempt ${there}, this guardian at ${here}.`,
  'secrets-lost': () => 'This guardian has committed already, with secrets that are not here.',
  fork: () =>
    'FORK: the record does not extend the checkpoint that this guardian saw before. Somebody shows different ' +
    'ledgers to different people. Keep everything as evidence, send nothing, and tell the other guardians.',
  impostor: ({ slot }: { slot: string }) =>
    `The ledger holds another "${slot}" under this guardian's name than was said here. Either a second copy of ` +
    'this guardian is at work, or somebody else has the signing key.',
  'fingerprint-differs': ({ theirs, own }: { theirs: string; own: string }) =>
    `The others see ${theirs}, this guardian ${own}: the ledger is not the same for all. Nothing was sent.`,
  'other-key': ({ attempt }: { attempt: number }) =>
    `The election key is not of attempt ${attempt}, of which this guardian has the share.`,
  'record-unsound': ({ findings }: { findings: readonly Finding[] }) =>
    `The record is not sound, so nothing is decrypted.\n${findings.map((f) => `  ${f.check}: ${findingSentence(f)}`).join('\n')}`,
  'intent-conflict': ({ contest, announced, here }: { contest: number; announced: string; here: string }) =>
    `intent-conflict: this guardian announced the aggregate ${announced} of contest ` +
    `${contest}, this record gives ${here}. It never decrypts both.`,
  'intent-elsewhere': ({ guardian, signed }: { guardian: number; signed: boolean }) =>
    `Guardian ${guardian} announced its intent on a ledger that is not this one as it was after closing` +
    `${signed ? ', though it is signed: FORK' : ''}. Nothing is decrypted.`,
} as const satisfies Sentences

/** Something on the ledger must not be gone along with: it is said loudly and nothing is sent. */
export class Alarm extends Failure {
  override readonly name = 'Alarm'
  readonly code: keyof typeof ALARMS
  readonly fields: object

  constructor(...code: CodeOf<typeof ALARMS>) {
    super(sentence(ALARMS, code))
    this.code = code[0]
    this.fields = code[1] ?? {}
  }
}

interface Awaited {
  /** Names of the guardians who are waited for. */
  readonly missing: readonly string[]
}

const waiting =
  (what: string) =>
  ({ missing }: Awaited): string =>
    `Waiting for the ${what} of: ${missing.join(', ')}.`

const MISSING = {
  'keygen-not-started': () => 'The officials have not started key generation.',
  'next-attempt': ({ failed }: { failed: number }) =>
    `Attempt ${failed} has failed; the next one has not started.`,
  commits: waiting('commitment'),
  reveals: waiting('reveal'),
  deals: waiting('shares'),
  confirmed: waiting('confirmation'),
  sight: ({ slot }: { slot: string }) => `The message "${slot}" is sent; waiting to see it on the ledger.`,
  closing: ({ closesAt }: { closesAt: number }) =>
    `The election has not closed; it may from ${new Date(closesAt).toISOString()} on.`,
  sealing: ({ opensAt }: { opensAt: number }) =>
    `Comments stay sealed until ${new Date(opensAt).toISOString()}.`,
  intents: ({
    contest,
    there,
    quorum,
    missing,
  }: Awaited & { contest: number; there: number; quorum: number }) =>
    `Contest ${contest} has ${there} of ${quorum} intents; not yet from: ${missing.join(', ')}.`,
} as const satisfies Sentences

/** What a step waits for, and the error where it may not wait. */
export class NotYet extends Failure {
  override readonly name = 'NotYet'
  readonly code: keyof typeof MISSING
  readonly fields: object

  constructor(...code: CodeOf<typeof MISSING>) {
    super(sentence(MISSING, code))
    this.code = code[0]
    this.fields = code[1] ?? {}
  }
}

const NOTICES = {
  fingerprint: ({ fingerprint }: { fingerprint: string }) =>
    `Fingerprint of the key generation, to be compared with every other guardian by voice or in person:\n  ${fingerprint}`,
  complaining: ({ accused }: { accused: number }) =>
    `The share from guardian ${accused} does not fit. Complaining.`,
  withheld: ({ contest, ballots, least }: { contest: number; ballots: number; least: number }) =>
    `Contest ${contest} has ${ballots} counted ballots, fewer than ${least}: never decrypted.`,
  announcing: ({ contest }: { contest: number }) => `Announcing the aggregate of contest ${contest}.`,
} as const satisfies Sentences

/** What a step does, told as it goes. */
export class Notice {
  readonly code: keyof typeof NOTICES
  readonly fields: object
  readonly message: string

  constructor(...code: CodeOf<typeof NOTICES>) {
    this.message = sentence(NOTICES, code)
    this.code = code[0]
    this.fields = code[1]
  }
}

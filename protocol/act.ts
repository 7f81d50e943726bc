// Official acts: what an official decides, signed by enough officials, each in its place. SPEC 7.4.
import * as z from 'zod/mini'
import { signEd25519 } from '#crypto/ed25519.ts'
import { codec, fieldElement, hash, instant, integer, natural, point, slug, text, texts } from './codec.ts'
import { hashUnderLog, type ActClass, type LogOrigin } from './genesis.ts'
import { manifestSchema } from './manifest.ts'
import { assessProposal } from './assessment.ts'
import { eraseText, moderate } from './moderation.ts'
import { approval, changeOfficials } from './official.ts'
import { seedStatements } from './opinion.ts'
import { archiveProcess, planProcess } from './plan.ts'
import { changePromise, makePromise, publishReleases, reportProgress } from './promise.ts'
import { resultSchema } from './result.ts'
import { setupOf } from './setup.ts'
import { vouchName } from './speaker.ts'

/** Credentials in one act: at 94 bytes each an entry of 65,535 bytes holds 690 beside the longest names. */
export const MAX_CREDENTIALS = 680

/** A process: the room in which rolls and elections live. */
const createProcess = z.strictObject({ type: z.literal('create-process'), title: text(1000) })

/** Officials agree who may register on a roll: how many, and a hash under which the list is known to who has it. SPEC 4.4. */
const listVoters = z.strictObject({
  type: z.literal('list-voters'),
  roll: slug,
  rows: natural(4 ** 12),
  list: hash,
})

/** Officials agree that people leave a list who have not registered: how many, and a hash under which they are known. */
const unlistVoters = z.strictObject({
  type: z.literal('unlist-voters'),
  roll: slug,
  rows: natural(4 ** 12),
  list: hash,
})

/** Credentials join a roll: commitment C, weight w and the salted hash of the register's row. SPEC 4.4. */
const addToRoll = z.strictObject({
  type: z.literal('add-to-roll'),
  roll: slug,
  credentials: z
    .array(z.strictObject({ commitment: fieldElement, weight: integer(65535n), row: hash }))
    .check(z.minLength(1), z.maxLength(MAX_CREDENTIALS)),
})

/** Credentials leave a roll for good, because they are lost or their people may not vote. SPEC 4.4. */
const removeFromRoll = z.strictObject({
  type: z.literal('remove-from-roll'),
  roll: slug,
  credentials: z.array(fieldElement).check(z.minLength(1), z.maxLength(MAX_CREDENTIALS)),
})

/** A roll is complete; whoever replays the record recomputes these three. SPEC 4.2. */
const freezeRoll = z.strictObject({
  type: z.literal('freeze-roll'),
  roll: slug,
  root: fieldElement,
  size: natural(4 ** 12),
  totalWeight: integer(1n << 40n),
})

const defineElection = z.strictObject({
  type: z.literal('define-election'),
  election: slug,
  manifest: manifestSchema,
})

/** A new attempt at the key by the named guardians (numbers from 1 in the manifest's order). SPEC 5.1. */
const startKeygen = z.strictObject({
  type: z.literal('start-keygen'),
  election: slug,
  attempt: natural(1000),
  guardians: z.array(natural(32)).check(z.minLength(1), z.maxLength(32)),
})

/** Everything a ballot depends on, fixed; its hash E names the election from here on. SPEC 8.2. */
const openElection = z.strictObject({
  type: z.literal('open-election'),
  election: slug,
  /** SHA-256 of the defining entry. */
  definition: hash,
  /** The election key Y and the transcript from which it follows. */
  key: point,
  attempt: natural(1000),
  transcript: hash,
  contests: z
    .array(
      z.strictObject({
        circuit: z.enum(['S', 'L']),
        root: fieldElement,
        bits: natural(40),
        perCiphertext: natural(128),
        ciphertexts: natural(128),
      }),
    )
    .check(z.minLength(1), z.maxLength(64)),
  setups: z.array(setupOf('S', 'L')).check(z.minLength(1), z.maxLength(2)),
})

const setClosingTime = z.strictObject({
  type: z.literal('set-closing-time'),
  election: slug,
  closesAt: instant,
})

/** What officials tell voters, by language. */
const message = texts(4000)

/** No ballot is taken from here until voting is resumed. Neither moves the closing time. SPEC 8.4. */
const pauseVoting = z.strictObject({ type: z.literal('pause-voting'), election: slug, message })
const resumeVoting = z.strictObject({ type: z.literal('resume-voting'), election: slug, message })
const tellVoters = z.strictObject({ type: z.literal('tell-voters'), election: slug, message })

const closeElection = z.strictObject({ type: z.literal('close-election'), election: slug })
const publishResult = z.strictObject({
  type: z.literal('publish-result'),
  election: slug,
  result: resultSchema,
})

/** What an office can decide on a proposal. */
export const DECISIONS = ['adopted', 'partly', 'declined'] as const

/** The duty to answer, done: what an office decides on a proposal. SPEC 12.3. */
const answerProposal = z.strictObject({
  type: z.literal('answer-proposal'),
  /** Index of the proposal's entry. */
  proposal: natural(Number.MAX_SAFE_INTEGER),
  office: texts(200),
  decision: z.enum(DECISIONS),
  reasons: texts(8000),
})

/** The web app that voters are given: SHA-256 of the list of its files. SPEC 7.7. */
const publishApplication = z.strictObject({ type: z.literal('publish-application'), files: hash })

export const actSchema = z.discriminatedUnion('type', [
  createProcess,
  planProcess,
  listVoters,
  unlistVoters,
  addToRoll,
  removeFromRoll,
  freezeRoll,
  defineElection,
  startKeygen,
  openElection,
  setClosingTime,
  pauseVoting,
  resumeVoting,
  tellVoters,
  closeElection,
  publishResult,
  answerProposal,
  seedStatements,
  assessProposal,
  moderate,
  eraseText,
  vouchName,
  makePromise,
  changePromise,
  reportProgress,
  publishReleases,
  archiveProcess,
  publishApplication,
  changeOfficials,
])
export type Act = z.output<typeof actSchema>
export type ActOf<T extends Act['type']> = Extract<Act, { type: T }>

export const signedActSchema = z.strictObject({
  process: slug,
  /** Acts already accepted in this process but for those that are not counted, so that an act is valid at one place only. */
  stateCounter: natural(Number.MAX_SAFE_INTEGER),
  expiry: instant,
  /** Why, in the words of whoever proposed it. People say it, servers need not. */
  reason: z.optional(text(2000)),
  act: actSchema,
  approvals: z.array(approval).check(z.minLength(1), z.maxLength(64)),
})
export type SignedAct = z.output<typeof signedActSchema>
export type UnsignedAct = Omit<SignedAct, 'approvals'>

/** How much agreement each act needs. */
export const ACT_CLASS: Record<Act['type'], ActClass> = {
  'create-process': 'routine',
  'plan-process': 'decisive',
  'list-voters': 'decisive',
  'unlist-voters': 'decisive',
  'add-to-roll': 'routine',
  'remove-from-roll': 'decisive',
  'freeze-roll': 'decisive',
  'define-election': 'decisive',
  'start-keygen': 'decisive',
  'open-election': 'decisive',
  'set-closing-time': 'decisive',
  'pause-voting': 'decisive',
  'resume-voting': 'decisive',
  'tell-voters': 'decisive',
  'close-election': 'decisive',
  'publish-result': 'decisive',
  'answer-proposal': 'decisive',
  'seed-statements': 'decisive',
  'assess-proposal': 'decisive',
  moderate: 'routine',
  'erase-text': 'decisive',
  'vouch-name': 'routine',
  'make-promise': 'decisive',
  'change-promise': 'decisive',
  'report-progress': 'decisive',
  'publish-releases': 'decisive',
  'archive-process': 'decisive',
  'publish-application': 'decisive',
  'change-officials': 'decisive',
}

/** What goes on at any time, so that officials could never agree on anything meanwhile if it were counted. It cannot be done
 *  twice: credentials that were added are not added again, a decision says which one it is, and what was found of a name is found
 *  once. */
export const UNCOUNTED: ReadonlySet<Act['type']> = new Set(['add-to-roll', 'moderate', 'vouch-name'])

/** The 32 bytes that every signer of an act signs. */
export function actStatement(
  log: LogOrigin,
  { process, stateCounter, expiry, reason = '', act }: UnsignedAct,
): Uint8Array {
  return hashUnderLog('act', log, process, stateCounter, expiry, reason, actCodec.encode(act))
}

/** An act with one Ed25519 approval more. */
export function signAct(
  log: LogOrigin,
  unsigned: UnsignedAct & Partial<SignedAct>,
  signer: string,
  secret: Uint8Array,
): SignedAct {
  const added = {
    signer,
    kind: 'ed25519' as const,
    proof: signEd25519(secret, actStatement(log, unsigned)),
  }
  return { ...unsigned, approvals: [...(unsigned.approvals ?? []), added] }
}

/** The bytes of an act, which a statement takes. */
export const actCodec = codec(actSchema)

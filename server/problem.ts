// Why a request fails, as HTTP says it: one table from code to status, exhaustive by type, and one shape of answer.
import type { Context } from 'hono'
import * as z from 'zod/mini'
import { Busy, LedgerFailure } from '#ledger/engine.ts'
import { Refusal, type RefusalCode } from '#protocol/refusal.ts'
import { RegisterRefusal, type RegisterRefusalCode } from './data/register.ts'
import { ProofFailure } from './proofs.ts'

/** Reasons that are HTTP's or this server's own, beside those of the gate and of the register. */
export const SERVER_CODES = [
  'not-found',
  'wrong-method',
  'unsupported-type',
  'unauthorized',
  'forbidden',
  'too-many-attempts',
  'roll-waits',
  'list-not-signed',
  'mail-not-set-up',
  'identity-taken',
  'sign-in-failed',
  'not-shown',
  'name-invalid',
  'provider-unavailable',
  'powers-unknown',
  'ceremony-state',
  'not-your-turn',
  'contribution-refused',
  'busy',
  'unavailable',
  'internal',
] as const
export type ServerCode = (typeof SERVER_CODES)[number]
export type ProblemCode = RefusalCode | RegisterRefusalCode | ServerCode

type Status = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503

/** 400 cannot be read; 403 not theirs to say; 404 no such thing; 409 not now, or said before; 422 read, and wrong. */
const STATUS: Readonly<Record<ProblemCode, Status>> = {
  malformed: 400,
  'too-large': 413,
  'not-expected-here': 403,
  'time-runs-backwards': 409,
  'unknown-process': 404,
  'unknown-election': 404,
  'unknown-roll': 404,
  'unknown-contest': 404,
  'already-exists': 409,
  'wrong-state': 409,
  'act-signer-unknown': 403,
  'act-not-theirs': 403,
  'act-reason-missing': 422,
  'act-signature-invalid': 403,
  'act-approvals-too-few': 403,
  'act-counter-stale': 409,
  'act-expired': 409,
  'officials-invalid': 422,
  'manifest-invalid': 422,
  'attachment-missing': 422,
  'roll-frozen': 409,
  'roll-not-frozen': 409,
  'roll-full': 409,
  'credential-invalid': 422,
  'credential-registered': 409,
  'credential-unknown': 409,
  'credential-removed': 409,
  'roll-mismatch': 422,
  'guardian-unknown': 403,
  'guardian-signature-invalid': 403,
  'keygen-attempt': 409,
  'keygen-repeated': 409,
  'keygen-commitment-mismatch': 422,
  'keygen-proof-invalid': 422,
  'keygen-transcript-mismatch': 422,
  'rehearsal-missing': 409,
  'setup-mismatch': 422,
  'packing-mismatch': 422,
  'closing-time-invalid': 422,
  'too-early': 409,
  'too-late': 409,
  'voting-paused': 409,
  'ballot-wrong-election': 422,
  'ballot-wrong-circuit': 422,
  'ballot-wrong-size': 422,
  'ballot-nullifier-mismatch': 422,
  'ballot-sequence': 409,
  'ballot-revote': 409,
  'ballot-recorded': 409,
  'ballot-proof-invalid': 422,
  'intent-conflict': 409,
  'intent-checkpoint': 422,
  'intent-missing': 409,
  'too-few-ballots': 409,
  'decryption-proof-invalid': 422,
  'decryption-repeated': 409,
  'tally-undecodable': 422,
  'result-mismatch': 422,
  'plan-invalid': 422,
  'process-archived': 409,
  'outcome-early': 409,
  'outcome-invalid': 422,
  'unknown-proposal': 404,
  'unknown-contribution': 404,
  'thread-too-deep': 409,
  'text-recorded': 409,
  'seal-invalid': 422,
  'appeal-same-official': 403,
  'project-mismatch': 422,
  'statement-mismatch': 422,
  'signal-not-now': 409,
  'signal-not-theirs': 403,
  'signal-limit': 429,
  'signal-sequence': 409,
  'signal-recorded': 409,
  'signal-proof-invalid': 422,
  'name-not-vouched': 409,
  'unknown-promise': 404,
  'promise-invalid': 422,
  'release-missing': 422,
  'release-mismatch': 422,
  'row-malformed': 422,
  'row-duplicate': 409,
  'weight-invalid': 422,
  'address-invalid': 422,
  'language-unknown': 422,
  'too-many-rows': 413,
  'row-unknown': 404,
  'row-registered': 409,
  'code-unknown': 403,
  'code-used': 409,
  'commitment-taken': 409,
  'not-found': 404,
  'wrong-method': 405,
  'unsupported-type': 415,
  unauthorized: 401,
  forbidden: 403,
  'too-many-attempts': 429,
  'roll-waits': 409,
  'list-not-signed': 409,
  'mail-not-set-up': 409,
  'identity-taken': 409,
  'identity-unknown': 403,
  'identity-registered': 409,
  'sign-in-failed': 403,
  'not-shown': 403,
  'name-invalid': 422,
  'provider-unavailable': 503,
  'powers-unknown': 422,
  'ceremony-state': 409,
  'not-your-turn': 409,
  'contribution-refused': 422,
  busy: 503,
  unavailable: 503,
  internal: 500,
}

const CODES = Object.keys(STATUS) as ProblemCode[]

/** The body of every answer that is not a success. `code` is for programs, `message` for people. */
export const problemSchema = z.strictObject({ code: z.enum(CODES), message: z.string() })

/** A reason of this server's own to turn a request away. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ServerCode | 'malformed' | 'too-large'
  /** Seconds after which to try again. */
  readonly retryAfter: number | undefined

  constructor(code: Problem['code'], message: string, retryAfter?: number) {
    super(message)
    this.code = code
    this.retryAfter = retryAfter
  }
}

/** What an error thrown on the way means to the client. 'internal' is our own fault, and the only one to look into. */
export function problemOf(
  error: unknown,
): Problem | { code: ProblemCode; message: string; retryAfter?: number } {
  if (error instanceof Problem) return error
  if (error instanceof Refusal) return { code: error.code, message: error.detail || error.code }
  if (error instanceof RegisterRefusal) return { code: error.code, message: error.message }
  if (error instanceof Busy) return { code: 'busy', message: 'Too many entries are waiting.', retryAfter: 2 }
  if (error instanceof LedgerFailure) {
    return { code: 'unavailable', message: 'The ledger has failed; nothing is accepted.', retryAfter: 30 }
  }
  if (error instanceof ProofFailure) {
    return {
      code: 'unavailable',
      message: 'Ballots cannot be checked now; nothing was accepted.',
      retryAfter: 30,
    }
  }
  return { code: 'internal', message: 'The server has made a mistake, which is in its log.' }
}

/** The answer that says so. */
export function answerProblem(
  c: Context,
  { code, message, retryAfter }: ReturnType<typeof problemOf>,
): Response {
  if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter))
  if (code === 'unauthorized') c.header('WWW-Authenticate', 'Bearer')
  return c.json({ code, message } satisfies z.output<typeof problemSchema>, STATUS[code])
}

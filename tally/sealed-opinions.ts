// Statements put to a vote at the gate: opinions on them are ballots then, sealed and only summed. A process takes opinions in
// this way or in the open, never both. SPEC 12.8.
import { toHex } from '#crypto/encoding.ts'
import type { ActOf } from '#protocol/act.ts'
import type { Contest, Manifest } from '#protocol/manifest.ts'
import { ensure, Refusal } from '#protocol/refusal.ts'
import { isStatementContest } from '#protocol/sealed-opinion.ts'
import type { ProcessState, StatementState } from './state.ts'
import { stands } from './statements.ts'

/** Throws `Refusal` unless every contest that names a statement asks for an opinion on that one, in its words and in no other
 *  way, and opinions are not given in the open. */
export function admitSealedOpinions(process: ProcessState, { contests }: Manifest): void {
  const asked = new Set<string>()
  for (const contest of contests) {
    if (contest.statement === undefined) continue
    const name = toHex(contest.statement)
    const statement = process.participation?.statements.get(name)
    if (statement === undefined) throw new Refusal('unknown-contribution', 'no such statement')
    ensure(!isOpen(process), 'statement-mismatch', 'opinions are given in the open')
    ensure(stands(statement), 'statement-mismatch', 'it does not stand')
    ensure(isStatementContest(contest), 'statement-mismatch', 'something else is asked')
    ensure(inItsWords(contest, statement), 'statement-mismatch', 'in other words')
    ensure(!asked.has(name), 'statement-mismatch', 'it is there twice')
    asked.add(name)
  }
}

/** Throws `Refusal('plan-invalid')` if opinions were to be given in the open where statements have been put to a vote. */
export function ensureOneWay({ elections }: ProcessState, plan: ActOf<'plan-process'>): void {
  const sealed = [...elections.values()].some(({ manifest }) =>
    manifest.contests.some(({ statement }) => statement !== undefined),
  )
  ensure(!(sealed && takesOpinions(plan)), 'plan-invalid', 'opinions are sealed in this process')
}

/** Whether opinions are or were given in the open, or are going to be. */
function isOpen({ plans, participation }: ProcessState): boolean {
  const last = plans.at(-1)
  return (last !== undefined && takesOpinions(last.plan)) || (participation?.opinions.length ?? 0) > 0
}

function takesOpinions({ phases }: ActOf<'plan-process'>): boolean {
  return phases.some(({ allows }) => allows.includes('opinion'))
}

/** The words of officials are on the record; of what people have said there is but a commitment to go by. */
function inItsWords({ title }: Contest, { seed }: StatementState): boolean {
  if (seed === undefined) return true
  const both = Object.keys(title).filter((language) => seed[language] !== undefined)
  return both.length > 0 && both.every((language) => title[language] === seed[language])
}

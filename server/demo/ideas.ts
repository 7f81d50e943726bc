// Beside each demo election a process in which its voters propose, support and say what they think of statements, on a roll of
// the same credentials (ideas.json has its texts and what the simulated voters propose).
import { randomBytes } from 'node:crypto'
import type { Act } from '#protocol/act.ts'
import type { Position } from '#protocol/position.ts'
import type { Phase } from '#protocol/plan.ts'
import type { Setup } from '#protocol/setup.ts'
import { hashRow } from '#server/data/register.ts'
import { freezing } from '#tally/official.ts'
import type { RecordState, RollState } from '#tally/state.ts'
import data from './ideas.json' with { type: 'json' }

const ROLL = 'neighbours'
/** Nobody is there who could let statements of people through. */
const ALLOWED: Phase['allows'] = ['comment', 'opinion', 'propose', 'support']
const RULES = { roll: ROLL, threshold: 3, answerDays: 30, daily: 20 }
/** Credentials in one entry. */
const AT_ONCE = 400

/** What the simulated voters propose, each one thing. */
export const PROPOSALS: readonly string[] = data.proposals

/** What a simulated voter (from 0) thinks of each statement: two camps, in which not everybody always takes sides. */
export function simulatedOpinions(voter: number): Position[] {
  return data.statements.map((_, i) =>
    (voter + 2 * i) % 5 === 0 ? 'pass' : (voter + i) % 2 === 0 ? 'agree' : 'disagree',
  )
}

/** The process beside this election. */
export function ideasOf(election: string): string {
  return `ideas-${election}`
}

/** The next act that brings the process about; undefined once people take part.
 *  @param roll of the election, frozen
 *  @param closesAt when voting ends */
export function nextForIdeas(
  state: RecordState,
  { process, roll, closesAt }: { process: string; roll: RollState; closesAt: number },
  setups: readonly Setup[],
): Act | undefined {
  const within = state.processes.get(process)
  if (within === undefined) return { type: 'create-process', title: data.title.en }
  const known = within.rolls.get(ROLL)
  const missing = roll.credentials.filter(({ commitment }) => known?.places.has(commitment) !== true)
  if (missing.length > 0) {
    const credentials = missing
      .slice(0, AT_ONCE)
      .map(({ commitment, weight }) => ({ commitment, weight, row: hashRow(randomBytes(32), 'neighbour') }))
    return { type: 'add-to-roll', roll: ROLL, credentials }
  }
  if (known?.frozen === undefined) return freezing(state, process, ROLL)
  const setup = setups.find((one): one is Setup<'signal'> => one.circuit === 'signal')
  if (within.participation?.statements.size === 0)
    return { type: 'seed-statements', statements: data.statements }
  if (within.plans.length > 0 || setup === undefined) return undefined
  const { purpose, decides, changes, moderation, phase } = data
  return {
    ...({ type: 'plan-process', purpose, decides, changes, moderation } as const),
    phases: [{ title: phase, opensAt: state.time, closesAt, allows: ALLOWED }],
    participation: { ...RULES, setup },
  }
}

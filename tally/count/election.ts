// Elections on sums: the options with the highest sums win the seats (SPEC 9.5). What a point means (a mark, an approval,
// a grade, a credit, a Borda point) was settled by the rule of the ballot; the sums are counted alike.
import { entrants, scoreGroups, type Entrant } from './order.ts'
import type { CountInput, ElectionMethod, Round, Tie } from './result.ts'

/**
 * One round per option, highest score first, equal scores in manifest order; a tie across the last seat is marked as
 * decisive. If nobody gave a single point, nobody is elected: the order of a manifest alone is no election.
 */
export function electionRounds(method: ElectionMethod, input: CountInput): Round[] {
  const voted = input.scores.some((score) => score > 0n)
  const rounds: Round[] = []
  let elected = 0
  for (const group of scoreGroups(entrants(input))) {
    const free = method.seats - elected
    const tie = tieOf(group, voted && free > 0 && free < group.length)
    for (const { id: option, score } of group) {
      if (voted && elected < method.seats) {
        elected += 1
        rounds.push({ kind: 'elected', option, score, seat: BigInt(elected), tie })
      } else {
        rounds.push({ kind: 'not-elected', option, score, reason: voted ? 'seats-filled' : 'no-votes', tie })
      }
    }
  }
  return rounds
}

function tieOf(group: readonly Entrant[], decisive: boolean): Tie | null {
  return group.length === 1 ? null : { options: group.map(({ id }) => id), rule: 'manifest-order', decisive }
}

// A process in which people take part, or a refusal.
import type { Board } from '#server/board.ts'
import { Problem } from '#server/problem.ts'
import type { ParticipationState, ProcessState } from '#tally/state.ts'

/** Throws Problem `not-found`. */
export function processWithPeople(
  { state }: Pick<Board, 'state'>,
  process: string,
): ProcessState & { participation: ParticipationState } {
  const found = state.processes.get(process)
  if (found?.participation === undefined)
    throw new Problem('not-found', 'Nobody takes part in such a process.')
  return { ...found, participation: found.participation }
}

/** The same of what people do in it. */
export function participationOf(board: Pick<Board, 'state'>, process: string): ParticipationState {
  return processWithPeople(board, process).participation
}

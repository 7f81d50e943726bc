// A process in which people take part, or a refusal.
import type { Board } from '#server/board.ts'
import { Problem } from '#server/problem.ts'
import type { ParticipationState, ProcessState } from '#tally/state.ts'

/** Throws Problem `not-found`. */
export function participationOf({ state }: Pick<Board, 'state'>, process: string): ParticipationState {
  return processWithPeople({ state }, process).participation
}

/** The process itself. Throws Problem `not-found`. */
export function processWithPeople({ state }: Pick<Board, 'state'>, process: string): WithPeople {
  const found = state.processes.get(process)
  if (found === undefined || !hasPeople(found))
    throw new Problem('not-found', 'Nobody takes part in such a process.')
  return found
}

type WithPeople = ProcessState & { readonly participation: ParticipationState }

function hasPeople(process: ProcessState): process is WithPeople {
  return process.participation !== undefined
}

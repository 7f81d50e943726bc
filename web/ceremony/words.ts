// Circuits and contributors' states in words.
import { m } from '#words/messages.js'
import type { CeremonyView, Circuit } from './api.ts'
import type { Step } from './worker.ts'

/** All circuits, those of ballots first. */
export const CIRCUITS: readonly Circuit[] = ['S', 'L', 'signal']

export function circuitName(circuit: Circuit): string {
  switch (circuit) {
    case 'S':
      return m.ceremony_circuit_s()
    case 'L':
      return m.ceremony_circuit_l()
    case 'signal':
      return m.ceremony_circuit_signal()
  }
}

export function contributorState({ state, reason }: CeremonyView['contributors'][number]): string {
  switch (state) {
    case 'invited':
      return m.officials_state_invited()
    case 'contributing':
      return m.ceremony_contributing()
    case 'done':
      return m.ceremony_contributed()
    case 'skipped':
      return m.ceremony_skipped({ reason: reason ?? '' })
  }
}

export function stepWords({ what, circuit }: Step): string {
  switch (what) {
    case 'fetch':
      return m.ceremony_fetching({ circuit })
    case 'contribute':
      return m.ceremony_changing({ circuit })
    case 'hand-in':
      return m.ceremony_handing_in({ circuit })
  }
}

// A guardian opens the sealed comments of a process: all that the verified record holds, once their time is over by the
// record and by this device's own clock, and nothing else whoever asks. SPEC 12.11.
import { Unusable } from '#client/failure.ts'
import { unsealMessage } from '#tally/guardian.ts'
import { lotOf, lotsOf, opensAt, waitingSealed } from '#tally/sealed-comments.ts'
import type { ParticipationState, SealedState } from '#tally/state.ts'
import { Alarm, NotYet } from './alarm.ts'
import { keyShareOf } from './keygen.ts'
import type { Session } from './session.ts'
import { verifyRecord } from './tally.ts'

/** How many sealed comments this guardian has opened. */
export interface Opened {
  readonly guardian: number
  readonly comments: number
}

/** Waits for the end of sealing, verifies the whole record and sends the shares of every comment that is not erased. Throws
 *  `Unusable('nothing-sealed')`. */
export async function unseal(session: Session): Promise<Opened> {
  const keyShare = keyShareOf(session)
  const { number } = session.own
  const over = (): true | NotYet => {
    const { sealed, opensAt: from } = sealedIn(session)
    if (sealed.attempt.number !== number) throw new Alarm('other-key', { attempt: number })
    return Date.now() >= from || new NotYet('sealing', { opensAt: from })
  }
  await session.until(over)
  session.mustExtend()
  await verifyRecord(session)
  await session.until(over)

  const { guardian } = session.seat
  const { participation } = sealedIn(session)
  const lots = lotsOf(participation).filter((lot) => lotOf(participation, lot).length > 0)
  for (const lot of lots)
    await session.say(`unseal/${lot}`, () => {
      const { state } = session.view
      return unsealMessage(state, session.election, sealedIn(session).participation, lot, guardian, keyShare)
    })
  return { guardian, comments: lots.reduce((sum, lot) => sum + lotOf(participation, lot).length, 0) }
}

/** What is sealed to this election's key, for a guardian's page; undefined where nothing is. */
export function sealedFor(
  session: Session,
):
  | { waiting: number; opensAt: number; /** Whether this guardian has opened all of it. */ said: boolean }
  | undefined {
  const found = findSealed(session)
  if (found === undefined || found.sealed.comments.length === 0) return undefined
  const { participation, sealed, opensAt } = found
  const { guardian } = session.seat
  const unsaid = (lot: number) =>
    sealed.openings.get(lot)?.has(guardian) !== true && lotOf(participation, lot).length > 0
  return { waiting: waitingSealed(participation), opensAt, said: !lotsOf(participation).some(unsaid) }
}

interface Sealed {
  readonly participation: ParticipationState
  readonly sealed: SealedState
  /** From when on it is opened, in milliseconds. */
  readonly opensAt: number
}

function sealedIn(session: Session): Sealed {
  const found = findSealed(session)
  if (found === undefined) throw new Unusable('nothing-sealed')
  return found
}

function findSealed({ seat, view }: Session): Sealed | undefined {
  const process = view.state.processes.get(seat.process)
  const participation = process?.participation
  const sealed = participation?.sealed
  if (process === undefined || participation === undefined || sealed?.election !== seat.election)
    return undefined
  return { participation, sealed, opensAt: opensAt(process) }
}

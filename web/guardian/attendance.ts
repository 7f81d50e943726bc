// A guardian on the page of one election: finds its seat on this device, or offers it, and works there. Only one tab at a
// time does so for an election.
import { equalBytes } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { electionIn, seatFor } from '#client/guardian/keygen.ts'
import type { Seat } from '#client/guardian/seat.ts'
import { readPolicy, Server } from '#client/server.ts'
import { View } from '#client/view.ts'
import { Duty } from './duty.ts'
import type { Keep, KeptGuardian } from './keep.ts'
import { exclusively } from './lock.ts'
import { outlookOf } from './outlook.ts'
import type { Talk } from './talk.ts'

interface Taken {
  readonly guardian: KeptGuardian
  readonly seat: Seat
}

/** Attends to an election until nothing is left to do, or the page is left. Throws `Alarm` where the ledger must not be
 *  gone along with, `Unusable`, `VaultFailure`. */
export async function attend(keep: Keep, process: string, election: string, talk: Talk): Promise<void> {
  talk.show({ kind: 'loading' })
  await exclusively(
    process,
    election,
    () => talk.show({ kind: 'elsewhere' }),
    async () => {
      const taken = (await seatOf(keep, process, election)) ?? (await offer(keep, process, election, talk))
      if (taken !== undefined) await (await Duty.open(taken.guardian, taken.seat, talk)).run()
    },
  )
}

/** The seat that a readable guardian of this device has in the election: of several, the one on this very ledger. */
async function seatOf(keep: Keep, process: string, election: string): Promise<Taken | undefined> {
  const all = (await keep.guardians()).readable.map(async (guardian) =>
    (await guardian.seats()).map((seat) => ({ guardian, seat })),
  )
  const here = (await Promise.all(all)).flat()
  const found = here.filter(({ seat }) => seat.process === process && seat.election === election)
  if (found.length < 2) return found[0]
  const genesis = sha256(await new Server(location.origin).entry(0))
  return found.find(({ seat }) => equalBytes(seat.genesis, genesis)) ?? found[0]
}

/** The seat once the person takes it; undefined where there is none to take. Throws `VaultFailure` if it may be that of a
 *  guardian of whom something cannot be read. */
async function offer(keep: Keep, process: string, election: string, talk: Talk): Promise<Taken | undefined> {
  const policy = await new Server(location.origin).policyFile()
  const server = new Server(location.origin, { policy: readPolicy(policy) })
  const view = await server.record((record) => View.of(record, readPolicy(policy)))
  const { readable, damage } = await keep.guardians()
  const place = { server: location.origin, process, election, policy }
  for (;;) {
    const offers = readable.flatMap((guardian) => {
      const seat = seatFor(guardian.identity, view, place)
      return seat === undefined ? [] : [{ guardian, seat }]
    })
    const [taken] = offers
    const outlook = outlookOf(view.state, electionIn(view, place), taken?.seat.guardian)
    if (taken === undefined) {
      if (damage !== undefined) throw damage
      talk.show({ kind: 'stranger', outlook })
      return undefined
    }
    if (talk.take('take-seat') !== undefined) {
      await taken.guardian.save(taken.seat)
      return taken
    }
    talk.show({ kind: 'offered', outlook, key: taken.guardian.key })
    await talk.next()
    await view.follow(server)
  }
}

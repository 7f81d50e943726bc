// What this device keeps of each ledger that it has looked at: the policy met first and the newest checkpoint seen; and
// which ledger this address showed. They are what shows a ledger that was rewritten, cut short, begun anew under another
// name, or told differently to others. Nothing here is secret.
import { parseCheckpoint } from '#ledger/checkpoint.ts'

export interface Kept {
  /** C2SP tlog-policy, from the first look on. */
  readonly policy: string
  /** The newest checkpoint that met it. */
  readonly checkpoint: string
  /** When the policy was met and when the checkpoint was seen, milliseconds since 1970. */
  readonly since: number
  readonly seen: number
  /** What was found sound of it last, as tally/verify/judged.ts writes it. */
  readonly judged?: string | undefined
}

const PREFIX = 'comitia.ledger.'
const HERE = 'comitia.here'

/** The origin line of the ledger that this address showed first; undefined before the first look. */
export function originHere(): string | undefined {
  return localStorage.getItem(HERE) ?? undefined
}

/** What is kept of the ledger of this origin line; undefined before the first look. */
export function keptOf(origin: string): Kept | undefined {
  try {
    return (JSON.parse(localStorage.getItem(PREFIX + origin) ?? 'null') as Kept | null) ?? undefined
  } catch {
    return undefined
  }
}

/** All of it: ledgers by their origin lines, and the origin line of this address's. */
export function memory(): { kept: Record<string, Kept>; here: string | undefined } {
  const origins = Object.keys(localStorage).flatMap((key) =>
    key.startsWith(PREFIX) ? [key.slice(PREFIX.length)] : [],
  )
  const kept = Object.fromEntries(
    origins.flatMap((origin) => {
      const one = keptOf(origin)
      return one === undefined ? [] : [[origin, one]]
    }),
  )
  return { kept, here: originHere() }
}

/** Keeps a checkpoint unless a newer one is kept, which another tab may have seen meanwhile; on the first look the policy
 *  too. `here`: it came from this address.
 *  @param judged what a verification has found sound; what an earlier one has found stays, if none is given */
export function keep(policy: string, checkpoint: string, here: boolean, judged?: string): void {
  const { origin, size } = parseCheckpoint(checkpoint)
  const known = keptOf(origin)
  if (here) localStorage.setItem(HERE, origin)
  if (known !== undefined && parseCheckpoint(known.checkpoint).size > size) return
  const now = Date.now()
  const kept: Kept = {
    ...{ policy: known?.policy ?? policy, checkpoint, since: known?.since ?? now, seen: now },
    judged: judged ?? known?.judged,
  }
  localStorage.setItem(PREFIX + origin, JSON.stringify(kept))
}

/** Forgets a ledger: the next look is the first again. */
export function forget(origin: string): void {
  localStorage.removeItem(PREFIX + origin)
  if (originHere() === origin) localStorage.removeItem(HERE)
}

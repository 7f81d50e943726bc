// What this device keeps of each ledger that it has looked at: the policy met first and the newest checkpoint seen. They
// are what shows a ledger that was rewritten, cut short, or told differently to others. Nothing here is secret.

export interface Kept {
  /** C2SP tlog-policy, from the first look on. */
  readonly policy: string
  /** The newest checkpoint that met it. */
  readonly checkpoint: string
  /** When the policy was met and when the checkpoint was seen, milliseconds since 1970. */
  readonly since: number
  readonly seen: number
}

const PREFIX = 'comitia.ledger.'

/** What is kept of the ledger of this origin line; undefined before the first look. */
export function keptOf(origin: string): Kept | undefined {
  try {
    return (JSON.parse(localStorage.getItem(PREFIX + origin) ?? 'null') as Kept | null) ?? undefined
  } catch {
    return undefined
  }
}

/** All ledgers that are kept, by their origin lines. */
export function allKept(): Record<string, Kept> {
  const origins = Object.keys(localStorage).flatMap((key) =>
    key.startsWith(PREFIX) ? [key.slice(PREFIX.length)] : [],
  )
  return Object.fromEntries(
    origins.flatMap((origin) => {
      const kept = keptOf(origin)
      return kept === undefined ? [] : [[origin, kept]]
    }),
  )
}

/** Keeps a newer checkpoint, and on the first look the policy too. */
export function keep(origin: string, policy: string, checkpoint: string): void {
  const now = Date.now()
  const { policy: first, since } = keptOf(origin) ?? { policy, since: now }
  const kept: Kept = { policy: first, checkpoint, since, seen: now }
  localStorage.setItem(PREFIX + origin, JSON.stringify(kept))
}

/** Forgets a ledger: the next look is the first again. */
export function forget(origin: string): void {
  localStorage.removeItem(PREFIX + origin)
}

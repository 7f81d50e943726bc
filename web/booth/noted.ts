// The ballot that this device, as the second one of a challenge, has noted before it is opened. Its name is no secret.
import { noteLink, type Noted, readNoted } from '#protocol/challenge.ts'

const KEY = 'comitia-noted'

/** What was noted last; undefined if nothing was, or it cannot be read. */
export function notedBefore(): Noted | undefined {
  const kept = localStorage.getItem(KEY)
  return kept === null ? undefined : readNoted(kept)
}

export function keepNoted(noted: Noted): void {
  localStorage.setItem(KEY, typeof noted === 'string' ? noted : noteLink('', noted))
}

export function dropNoted(): void {
  localStorage.removeItem(KEY)
}

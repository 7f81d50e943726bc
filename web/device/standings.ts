// Where the credential stands on electoral rolls. Whole rolls are fetched and searched here, so that the server does not
// learn which credential is looked for. SPEC 4.4.
import { Unusable } from '#client/failure.ts'
import { logOf } from '#client/log.ts'
import { fetchRoll, frozenRoll } from '#client/roll.ts'
import { credentialSecret } from '#client/secret.ts'
import type { Server } from '#client/server.ts'
import {
  certainRollsOf,
  type Credential,
  keepCertainRolls,
  type Registration,
  registrationsOf,
  type RollName,
} from './kept.ts'
import type { Vault } from './vault.ts'

/** A roll that elections refer to, and the entry that froze it, if one did. */
export interface KnownRoll extends RollName {
  readonly frozen: { readonly index: number; readonly officials: readonly number[] } | undefined
}

/** What the server's roll says of the credential, and the registration that was made on this device. */
export interface Standing extends KnownRoll {
  readonly place: { readonly index: number; readonly size: number; readonly alike: number } | undefined
  readonly registration: Registration | undefined
}

/** `certain`: found in the roll as officials froze it; `missing`: not in it; `pending`: it is not frozen yet. */
export type Finding = 'certain' | 'missing' | 'pending'

type Own = Pick<Credential, 'seed'>

/** Where the credential stands on these rolls and on those that it was registered on; only where it does or should. */
export async function standingsOf(
  vault: Vault,
  server: Server,
  { seed }: Own,
  rolls: readonly KnownRoll[],
): Promise<Standing[]> {
  const secret = credentialSecret(seed)
  const registrations = await registrationsOf(vault)
  const others = registrations.filter((made) => !rolls.some((known) => same(known, made)))
  const names = [...rolls, ...others.map(({ process, roll }) => ({ process, roll, frozen: undefined }))]
  const standings = await Promise.all(
    names.map(async (name) => {
      const roll = await fetchRoll(server, name.process, name.roll).catch(ifAbsent)
      const found = roll?.find(secret)
      return {
        ...name,
        place: found && roll && { index: found.index, size: roll.size, alike: found.alike },
        registration: registrations.find((made) => same(made, name)),
      }
    }),
  )
  return standings.filter(({ place, registration }) => place !== undefined || registration !== undefined)
}

/** What can be known for certain of one of these standings. What once was certain stays so. */
export async function findingOf(
  vault: Vault,
  server: Server,
  { seed }: Own,
  { process, roll: name, frozen }: KnownRoll,
): Promise<Finding> {
  if (frozen === undefined) return 'pending'
  const known = await certainRollsOf(vault)
  const here = { process, roll: name }
  if (known.some((certain) => same(certain, here))) return 'certain'
  const log = await logOf(server, frozen.officials)
  const roll = await frozenRoll(server, log, { ...here, index: frozen.index })
  if (roll.find(credentialSecret(seed)) === undefined) return 'missing'
  await keepCertainRolls(vault, [...known, here])
  return 'certain'
}

function same(a: RollName, b: RollName): boolean {
  return a.process === b.process && a.roll === b.roll
}

/** A roll begins with its first credential. */
function ifAbsent(error: unknown): undefined {
  if (!(error instanceof Unusable && error.code === 'not-found')) throw error
}

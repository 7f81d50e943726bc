// People of a correspondence who introduce themselves to its server: rows of the register with their credentials, and the second
// proof that shows whose a name is.
import { commitment } from '#circuits/credential.ts'
import { leaf, rollRoot } from '#circuits/roll.ts'
import { CIRCUITS } from '#circuits/sizes.ts'
import { signalInputs } from '#circuits/signal.ts'
import { bigintToBytes, toHex } from '#crypto/encoding.ts'
import { encodeBase64 } from '#ledger/base64.ts'
import { type Signal, signalStatement } from '#protocol/signal.ts'
import { voter } from '#server/data/schema.ts'
import type { People } from '../tally/people.ts'
import { PROCESS } from '../tally/scene.ts'
import { developmentSetup } from '../tally/setup.ts'
import { committed, words } from './correspondence.ts'
import type { Stage } from './stage.ts'

/** Puts these people into the register, each with the credential of the scene. */
export async function register(server: Stage, people: People, rows: readonly string[]): Promise<void> {
  await server.parts.database.orm.insert(voter).values(
    rows.map((row, i) => ({
      ...{ process: PROCESS, roll: 'residents', row, salt: new Uint8Array(32), weight: 1n },
      ...{ address: `${i}@example.org`, registeredAt: new Date(0) },
      commitment: bigintToBytes(credentialOf(people, i), 32),
    })),
  )
}

export function credentialOf(people: People, person: number): bigint {
  return commitment(people.scene.voter(person).secret)
}

/** A person's introduction. */
export function introduction(people: People, person: number, name: string): Signal {
  return people.signal(person, { type: 'introduce', text: committed(name) })
}

/** What a device sends of it, with whatever is changed. The proof is of whatever is stated. */
export function asked(people: People, person: number, name: string, changes: Record<string, unknown> = {}) {
  const signal = introduction(people, person, name)
  const own = credentialOf(people, person)
  return {
    entry: encodeBase64(people.entry(signal)),
    ...words(name),
    commitment: toHex(bigintToBytes(own, 32)),
    proof: encodeBase64(shown(people, signal, own)),
    ...changes,
  }
}

/** The proof that this credential made the signal. */
export function shown(people: People, signal: Signal, own: bigint): Uint8Array {
  const alone = rollRoot([leaf(own, 1n)], CIRCUITS.L.levels)
  return developmentSetup('signal').prove(signalInputs(signalStatement(people.scene.log, alone, signal)))
}

/** Introduces somebody, and folds it in the scene too; the index of the entry. */
export async function introduced(
  server: Stage,
  people: People,
  person: number,
  name: string,
): Promise<number> {
  const signal = introduction(people, person, name)
  const response = await send(server, asked(people, person, name))
  if (response.status !== 201) throw new Error(await response.text())
  people.send(signal)
  return ((await response.json()) as { index: number }).index
}

export function send(server: Stage, body: object): Promise<Response> {
  return Promise.resolve(
    server.app.request('/api/introductions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  )
}

// An official with an Ed25519 key: signs acts at the state's place and brings them to the ledger. SPEC 7.4.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jsonOf, type Recorded, type Server } from '#client/server.ts'
import { stateOf } from '#client/view.ts'
import { fromHex } from '#crypto/encoding.ts'
import { type Act, signAct } from '#protocol/act.ts'
import type { Setup } from '#protocol/setup.ts'
import { Refusal } from '#protocol/refusal.ts'
import type { Taken } from '#server/snapshot.ts'
import type { ElectionState, RecordState } from '#tally/state.ts'
import { Unusable } from './command.ts'

/** How long a signed act may wait for its place, in milliseconds of ledger time. */
const VALIDITY = 10 * 60_000
/** The registrar signs in the same process, so a counter may be stale; the act is then signed again. */
const TRIES = 20

export class Official {
  readonly #server: Server
  readonly #secret: Uint8Array

  constructor(server: Server, secret: Uint8Array) {
    this.#server = server
    this.#secret = secret
  }

  /** The official whose key lies in a server's data folder. Throws `Unusable`. */
  static async of(server: Server, data: string): Promise<Official> {
    return new Official(server, fromHex((await operatorFile(data, 'operator.key')).trim()))
  }

  /** Signs and submits an act that `make` derives from the newest state. */
  async act(process: string, make: (state: RecordState) => Act): Promise<Recorded> {
    for (let tries = 1; ; tries++) {
      const state = await stateOf(this.#server)
      if (state.founded === undefined) throw new Unusable('The ledger has not been founded.')
      const stateCounter = state.processes.get(process)?.counter ?? 0
      const unsigned = { process, stateCounter, expiry: Date.now() + VALIDITY, act: make(state) }
      try {
        const signed = signAct(state.founded.log, unsigned, 'operator', this.#secret)
        return await this.#server.submit(['act', signed])
      } catch (error) {
        const stale = error instanceof Refusal && error.code === 'act-counter-stale'
        if (!stale || tries === TRIES) throw error
      }
    }
  }
}

/** Adds voters (CSV lines `row,weight`) to the register of a roll; gives `row,code` lines. */
export async function importVoters(
  server: Server,
  data: string,
  process: string,
  roll: string,
  csv: string,
): Promise<string> {
  const query = new URLSearchParams({ process, roll })
  return (await post(server, data, `voters?${query.toString()}`, 'text/csv', csv)).text()
}

/** Leaves a picture with the server, for a manifest to name. */
export async function bringPicture(server: Server, data: string, picture: Uint8Array): Promise<void> {
  await post(server, data, 'attachments', 'application/octet-stream', new Uint8Array(picture))
}

/** Leaves an OCDS document with the server, for an act to publish. */
export async function bringReleases(server: Server, data: string, document: string): Promise<void> {
  await post(server, data, 'releases', 'application/json', document)
}

/** Has the server copy ledger and database, as they are at one moment, into a folder of its data folder; its name. */
export async function takeSnapshot(server: Server, data: string): Promise<string> {
  const token = await operatorToken(data)
  const answer = await server.send(
    '/api/operator/snapshot',
    { method: 'POST', headers: { authorization: token } },
    Infinity,
  )
  return (await jsonOf<Taken>(answer)).folder
}

/** A request that only the operator may make. */
async function post(
  server: Server,
  data: string,
  what: string,
  type: string,
  body: BodyInit,
): Promise<Response> {
  const headers = { 'content-type': type, authorization: await operatorToken(data) }
  return server.send(`/api/operator/${what}`, { method: 'POST', headers, body })
}

/** As a request's header has it. Throws `Unusable`. */
async function operatorToken(data: string): Promise<string> {
  return `Bearer ${(await operatorFile(data, 'operator.token')).trim()}`
}

/** A file of the operator's in a server's data folder. Throws `Unusable`. */
async function operatorFile(data: string, name: 'operator.key' | 'operator.token'): Promise<string> {
  return readFile(join(data, name), 'utf8').catch(() => {
    throw new Unusable(`Cannot read ${join(data, name)}: is --data the server's data folder?`)
  })
}

/** The setups of the server's circuits; the gate and every observer check those that an opening names (V5). */
export async function setupsOf(server: Server): Promise<Setup[]> {
  const { setups } = await jsonOf<{ setups: SetupText[] }>(await server.send('/api/setups'))
  return setups.map(({ circuit, r1cs, witnessCode, provingKey, verificationKey, transcript }) => ({
    circuit,
    r1cs: fromHex(r1cs),
    witnessCode: fromHex(witnessCode),
    provingKey: fromHex(provingKey),
    verificationKey: fromHex(verificationKey),
    transcript: fromHex(transcript),
  }))
}

/** A setup with its hashes in hexadecimal. */
type SetupText = Pick<Setup, 'circuit'> & Record<Exclude<keyof Setup, 'circuit'>, string>

/** Throws `Unusable`. */
export function electionOf(state: RecordState, process: string, election: string): ElectionState {
  const found = state.processes.get(process)?.elections.get(election)
  if (found === undefined) throw new Unusable(`There is no election ${process}/${election}.`)
  return found
}

// An official with an Ed25519 key: signs acts at the state's place and brings them to the ledger. SPEC 7.4.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Recorded, Server } from '#client/server.ts'
import { fromHex } from '#crypto/encoding.ts'
import type { Artifacts } from '#circuits/build/artifacts.ts'
import { type Act, type ActOf, type Setup, signAct } from '#protocol/act.ts'
import { circuitOf, packing } from '#protocol/contest.ts'
import { Refusal } from '#protocol/refusal.ts'
import { rootOf } from '#tally/acts.ts'
import { attemptKey, attemptTranscript } from '#tally/keygen.ts'
import { outcome } from '#tally/outcome.ts'
import type { ElectionState, RecordState, RollState } from '#tally/state.ts'
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
      const { state } = await this.#server.state()
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
  const token = (await operatorFile(data, 'operator.token')).trim()
  const query = new URLSearchParams({ process, roll })
  const response = await server.send(`/api/operator/voters?${query.toString()}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', authorization: `Bearer ${token}` },
    body: csv,
  })
  return response.text()
}

/** A file of the operator's in a server's data folder. Throws `Unusable`. */
async function operatorFile(data: string, name: 'operator.key' | 'operator.token'): Promise<string> {
  return readFile(join(data, name), 'utf8').catch(() => {
    throw new Unusable(`Cannot read ${join(data, name)}: is --data the server's data folder?`)
  })
}

/** The act that freezes a roll as it is. */
export function freezing(state: RecordState, process: string, roll: string): ActOf<'freeze-roll'> {
  const found = rollOf(state, process, roll)
  return {
    type: 'freeze-roll',
    roll,
    root: rootOf(found),
    size: found.credentials.length,
    totalWeight: found.totalWeight,
  }
}

/** The act that opens an election: key, rolls, packing and setups as the record and the server's circuits give them. */
export function opening(
  state: RecordState,
  process: string,
  election: string,
  setups: readonly Setup[],
): ActOf<'open-election'> {
  const found = electionOf(state, process, election)
  const attempt = found.attempts.at(-1)
  if (attempt === undefined) throw new Unusable('No key has been generated.')
  const contests = found.manifest.contests.map((contest, i) => {
    const { frozen } = rollOf(state, process, contest.roll)
    if (frozen === undefined) throw new Unusable(`The roll ${contest.roll} is not frozen.`)
    const circuit = circuitOf(contest, frozen.size)
    const packed = packing(contest, circuit, frozen)
    if (packed === undefined) throw new Unusable(`Contest ${i}: sums could exceed 2^40.`)
    return { circuit, root: frozen.root, ...packed }
  })
  const needed = [...new Set(contests.map((c) => c.circuit))].sort()
  return {
    type: 'open-election',
    election,
    definition: found.definition,
    key: attemptKey(attempt),
    attempt: attempt.number,
    transcript: attemptTranscript(state, found, attempt),
    contests,
    setups: needed.map((circuit) => {
      const setup = setups.find((s) => s.circuit === circuit)
      if (setup === undefined) throw new Unusable(`The server has no keys for circuit ${circuit}.`)
      return setup
    }),
  }
}

/** The setups of the ballot circuits whose files are on this machine. */
export function setupsOf({ circuits }: Artifacts): Setup[] {
  return (['S', 'L'] as const).map((circuit) => {
    const { r1cs, wasm, zkey, verificationKey, transcript } = circuits[circuit]
    return {
      circuit,
      r1cs: fromHex(r1cs.sha256),
      witnessCode: fromHex(wasm.sha256),
      provingKey: fromHex(zkey.sha256),
      verificationKey: fromHex(verificationKey.sha256),
      transcript: fromHex(transcript.sha256),
    }
  })
}

/** The act that publishes what the record implies. */
export function publication(state: RecordState, process: string, election: string): ActOf<'publish-result'> {
  const result = outcome(electionOf(state, process, election))
  if (result === undefined) throw new Unusable('Too few guardians have decrypted yet.')
  return { type: 'publish-result', election, result }
}

/** Throws `Unusable`. */
export function electionOf(state: RecordState, process: string, election: string): ElectionState {
  const found = state.processes.get(process)?.elections.get(election)
  if (found === undefined) throw new Unusable(`There is no election ${process}/${election}.`)
  return found
}

function rollOf(state: RecordState, process: string, roll: string): RollState {
  const found = state.processes.get(process)?.rolls.get(roll)
  if (found === undefined) throw new Unusable(`Nobody has registered for the roll ${roll}.`)
  return found
}

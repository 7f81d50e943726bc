// A crowd of voters for `comitia simulate`, as a process of its own that shares only HTTP and files with the rest.
//   simulate-voters.ts register <crowd file>   makes credentials and registers them with their codes
//   simulate-voters.ts cast <crowd file>       casts everybody's ballot
// Prints one line for each voter done. The crowd file holds the seeds between the two.
import { readFile, writeFile } from 'node:fs/promises'
import { stdout } from 'node:process'
import { cast, credentialSecret, Rolls } from '#client/voter.ts'
import { commitment } from '#circuits/roll.ts'
import { releaseCurve } from '#circuits/curve.ts'
import { fromHex, toHex } from '#crypto/encoding.ts'
import { parsePolicy } from '#ledger/policy.ts'
import { electionOf } from './official.ts'
import { connect } from './server.ts'

/** What a crowd knows. `seed` is there once registered. */
export interface Crowd {
  readonly server: string
  readonly policy: string
  readonly process: string
  readonly election: string
  readonly voters: { readonly code: string; readonly values: readonly number[]; seed?: string }[]
}

const [step, path = ''] = process.argv.slice(2)
const crowd = JSON.parse(await readFile(path, 'utf8')) as Crowd
const server = connect(crowd.server, parsePolicy(crowd.policy))
if (step === 'register') {
  for (const voter of crowd.voters) {
    const seed = crypto.getRandomValues(new Uint8Array(32))
    voter.seed = toHex(seed)
    await server.register(voter.code, commitment(credentialSecret(seed)))
    stdout.write('registered\n')
  }
  await writeFile(path, JSON.stringify(crowd), { mode: 0o600 })
} else {
  const { state } = await server.state()
  const election = electionOf(state, crowd.process, crowd.election)
  const rolls = new Rolls()
  for (const { seed, values } of crowd.voters) {
    const secret = credentialSecret(fromHex(seed ?? ''))
    await cast(server, state, rolls, election, 0, secret, values.map(BigInt))
    stdout.write('cast\n')
  }
  await releaseCurve()
}

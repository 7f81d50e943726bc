// A crowd of voters for `comitia simulate`, as a process of its own that shares only HTTP and files with the rest.
//   simulate-voters.ts register <crowd file>   makes credentials and registers them with their codes
//   simulate-voters.ts cast <crowd file>       casts everybody's ballot
// Prints one line for each voter done. The crowd file holds the seeds between the two.
import { readFile, writeFile } from 'node:fs/promises'
import { stdout } from 'node:process'
import { commitment } from '#circuits/credential.ts'
import { releaseCurve } from '#circuits/curve.ts'
import { drawSeed } from '#client/credential.ts'
import { credentialSecret } from '#client/secret.ts'
import { openElection, rollOf, type Whereabouts } from '#client/election.ts'
import { jsonOf } from '#client/server.ts'
import { cast, provingFiles, voterIn } from '#client/voter.ts'
import { fromHex, toHex } from '#crypto/encoding.ts'
import { parsePolicy } from '#ledger/policy.ts'
import { proveBallot } from '#protocol/cast.ts'
import { seal } from '#protocol/seal.ts'
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
    const seed = drawSeed()
    voter.seed = toHex(seed)
    await server.register(voter.code, commitment(credentialSecret(seed)))
    stdout.write('registered\n')
  }
  await writeFile(path, JSON.stringify(crowd), { mode: 0o600 })
} else {
  const where = await jsonOf<Whereabouts>(
    await server.send(`/api/elections/${crowd.process}/${crowd.election}`),
  )
  const election = await openElection(server, where)
  const [contest] = election.manifest.contests
  const [context] = election.contexts
  if (contest === undefined || context === undefined) throw new Error('no contest')
  const roll = await rollOf(server, election, contest.roll)
  const files = await provingFiles(server, election, context.circuit)
  for (const { seed, values } of crowd.voters) {
    const voter = voterIn(context, roll, credentialSecret(fromHex(seed ?? '')))
    const sealing = seal(context, voter, 0, values.map(BigInt))
    await cast(server, await proveBallot(context, sealing, voter, files))
    stdout.write('cast\n')
  }
  await releaseCurve()
}

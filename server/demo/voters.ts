// The simulated voters of a demo election, as a process of its own that gives way to everything else: each casts real
// ballots over HTTP by the steps of any voter's device, one after the other. Reads a crowd as JSON from standard input;
// who has voted already is passed over, so that it may be started again.
import { constants, setPriority } from 'node:os'
import { stdin } from 'node:process'
import { text } from 'node:stream/consumers'
import { releaseCurve } from '#circuits/curve.ts'
import { credentialSecret } from '#client/secret.ts'
import { openElection, rollOf, type Whereabouts } from '#client/election.ts'
import { jsonOf, readPolicy, Server } from '#client/server.ts'
import { cast, nextSequence, provingFiles, voterIn } from '#client/voter.ts'
import { fromHex } from '#crypto/encoding.ts'
import { proveBallot } from '#protocol/cast.ts'
import { Refusal } from '#protocol/refusal.ts'
import { seal } from '#protocol/seal.ts'

/** What a crowd is told. */
export interface Crowd {
  readonly url: string
  readonly policy: string
  readonly process: string
  readonly election: string
  /** Seed of the credential in hexadecimal, and decimal values by contest. */
  readonly voters: readonly { readonly seed: string; readonly votes: readonly (readonly string[])[] }[]
}

setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
const crowd = JSON.parse(await text(stdin)) as Crowd
const server = new Server(crowd.url, { policy: readPolicy(crowd.policy) })
try {
  await castAll()
} catch (error) {
  // Voting has ended in the meantime.
  if (!(error instanceof Refusal && error.code === 'too-late')) throw error
} finally {
  await releaseCurve()
}

async function castAll(): Promise<void> {
  const path = `/api/elections/${crowd.process}/${crowd.election}`
  const election = await openElection(server, await jsonOf<Whereabouts>(await server.send(path)))
  const contests = await Promise.all(
    election.manifest.contests.map(async ({ roll: name }, i) => {
      const context = election.contexts[i]
      if (context === undefined) throw new Error(`no contest ${i}`)
      const roll = await rollOf(server, election, name)
      return { context, roll, files: await provingFiles(server, election, context.circuit) }
    }),
  )
  for (const { seed, votes } of crowd.voters) {
    for (const [i, { context, roll, files }] of contests.entries()) {
      const voter = voterIn(context, roll, credentialSecret(fromHex(seed)))
      if ((await nextSequence(server, context, voter)) > 0) continue
      const sealing = seal(context, voter, 0, (votes[i] ?? []).map(BigInt))
      await cast(server, await proveBallot(context, sealing, voter, files))
    }
  }
}

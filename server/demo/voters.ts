// The simulated voters of a demo election, as a process of its own that gives way to everything else: each casts real
// ballots over HTTP by the steps of any voter's device, one after the other; then the first propose something, which others
// support, and all say what they think of statements. Reads a crowd as JSON from standard input; what was done already is passed over, so that it may be started again.
import { constants, setPriority } from 'node:os'
import { stdin } from 'node:process'
import { text } from 'node:stream/consumers'
import { releaseCurve } from '#circuits/curve.ts'
import { credentialSecret } from '#client/secret.ts'
import { openElection, rollOf, type Whereabouts } from '#client/election.ts'
import {
  type OpenProcess,
  openProcess,
  type ProcessPlace,
  pseudonymOf,
  sendSignal,
  signalOf,
  write,
  type Writing,
} from '#client/participation.ts'
import { setupFiles } from '#client/proving.ts'
import { jsonOf, readPolicy, Server } from '#client/server.ts'
import { cast, nextSequence, provingFiles, voterIn } from '#client/voter.ts'
import { fromHex } from '#crypto/encoding.ts'
import { proveBallot } from '#protocol/cast.ts'
import type { Position } from '#protocol/position.ts'
import { Refusal } from '#protocol/refusal.ts'
import { seal } from '#protocol/seal.ts'
import type { Deed } from '#protocol/signal.ts'

/** What a crowd is told. */
export interface Crowd {
  readonly url: string
  readonly policy: string
  readonly process: string
  readonly election: string
  /** What the first of them propose, each one text. */
  readonly ideas: { readonly process: string; readonly texts: readonly string[] }
  readonly voters: readonly {
    /** Of the credential, in hexadecimal. */
    readonly seed: string
    /** Decimal values by contest. */
    readonly votes: readonly (readonly string[])[]
    /** By the number of the statement. */
    readonly opinions: readonly Position[]
  }[]
}

setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
const crowd = JSON.parse(await text(stdin)) as Crowd
const server = new Server(crowd.url, { policy: readPolicy(crowd.policy) })
try {
  await untilOver(castAll)
  await untilOver(takePart)
} finally {
  await releaseCurve()
}

/** Voting ends, or the time for proposals, while they are at it. */
async function untilOver(doAll: () => Promise<void>): Promise<void> {
  try {
    await doAll()
  } catch (error) {
    if (!(error instanceof Refusal && ['too-late', 'signal-not-now'].includes(error.code))) throw error
  }
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

async function takePart(): Promise<void> {
  const { process } = crowd.ideas
  const view = await jsonOf<ProcessPlace>(await server.send(`/api/processes/${process}`))
  if (view.participation === null) return
  const open = await openProcess(server, view)
  const files = await setupFiles(server, open.rules.setup)
  const secrets = crowd.voters.map(({ seed }) => credentialSecret(fromHex(seed)))
  const act = async (secret: bigint, deed: Deed, writing?: Writing) => {
    const signal = await signalOf(server, open, secret, deed, files)
    return signal && (await sendSignal(server, signal, writing)).index
  }
  await proposeAll(open, secrets, act)
  const path = `/api/processes/${process}/statements?before=newest`
  const { statements } = await jsonOf<{ statements: { number: number; name: string }[] }>(
    await server.send(path),
  )
  for (const { seed, opinions } of crowd.voters)
    for (const { number, name } of statements) {
      const position = opinions[number]
      if (position === undefined) continue
      const secret = credentialSecret(fromHex(seed))
      await act(secret, { type: 'opinion', statement: fromHex(name), position })
    }
}

async function proposeAll(
  open: OpenProcess,
  secrets: readonly bigint[],
  act: (secret: bigint, deed: Deed, writing?: Writing) => Promise<number | undefined>,
): Promise<void> {
  const { texts } = crowd.ideas
  for (const [i, text] of texts.entries()) {
    const secret = secrets[i]
    if (secret === undefined || (await hasSpoken(open, secret))) continue
    const { writing, commitment } = write(text)
    const proposal = await act(secret, { type: 'propose', text: commitment }, writing)
    // The first is liked best.
    const supporters = secrets.slice(i + 1, texts.length)
    if (proposal === undefined) continue
    for (const other of supporters) await act(other, { type: 'support', proposal, on: true })
  }
}

async function hasSpoken(open: OpenProcess, secret: bigint): Promise<boolean> {
  const path = `/api/processes/${open.process}/voices/${pseudonymOf(open, secret)}`
  return (await jsonOf<{ entries: number }>(await server.send(path))).entries > 0
}

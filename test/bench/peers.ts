// Other implementations measured beside ours: snarkjs's verifier, the same equation on @noble/curves, and belenios-tool
// where it is installed.
import { pippenger } from '@noble/curves/abstract/curve.js'
import { bn254 } from '@noble/curves/bn254.js'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { groth16 } from 'snarkjs'
import { publicInputs } from '#circuits/ballot.ts'
import { ballotStatement } from '#protocol/ballot.ts'
import type { BallotJob } from '#tally/ballots.ts'
import { pairingsAgree, referenceDecode, referenceKey } from '../reference/groth16.ts'
import { snarkjsProof } from '../reference/snarkjs-proof.ts'
import { developmentSetup } from '../tally/setup.ts'
import { median, type OnProgress, timed } from './bench.ts'

/** A warm snarkjs groth16.verify of the bare proofs of these ballots, one after the other, in ms each. It wakes threads
 *  that do not help it, so of clock and processor time the lesser counts. They stay until releaseCurve. */
export async function snarkjsVerify(jobs: readonly BallotJob[]): Promise<number[]> {
  const times: number[] = []
  for (const { context, ballot } of jobs) {
    const key = JSON.parse(developmentSetup(context.circuit).verificationKey) as object
    const signals = publicInputs(context.circuit, ballotStatement(context, ballot).statement).map(String)
    const proof = snarkjsProof(ballot.envelope.proof)
    const { result, ms, cpuMs } = await timed(() => groth16.verify(key, signals, proof))
    if (!result) throw new Error('snarkjs refuses a ballot that we accept')
    times.push(Math.min(ms, cpuMs))
  }
  return times
}

/** The bare equation of these proofs' pairings on @noble/curves, the inputs summed by its own Pippenger, in ms each. */
export async function nobleVerify(jobs: readonly BallotJob[]): Promise<number[]> {
  const times: number[] = []
  for (const { context, ballot } of jobs) {
    const key = referenceKey(developmentSetup(context.circuit).verificationKey)
    const inputs = publicInputs(context.circuit, ballotStatement(context, ballot).statement)
    const { result, cpuMs } = await timed(() => {
      const statement = pippenger(bn254.G1.Point, key.ic, [1n, ...inputs])
      return pairingsAgree(key, referenceDecode(ballot.envelope.proof), statement)
    })
    if (!result) throw new Error('@noble/curves refuses a ballot that we accept')
    times.push(cpuMs)
  }
  return times
}

export interface Belenios {
  readonly version: string
  readonly group: string
  /** What is taken off the verification of a tallied election: the same without its ballots, or, where the tool cannot
   *  do that, an election of half as many. */
  readonly method: string
  /** Verifying one ballot, in ms of processor time. */
  readonly perBallotMs: number
  readonly ballotBytes: number
}

const GROUPS = ['Ed25519', 'BELENIOS-2048']
/** How the tool is told to leave the ballots out, since version 2.2, in both spellings that there were. */
const SKIPS = ['--skip-ballot-check', '--skip-ballot-check true']

/** belenios-tool's verification of tallied elections, or why there is none. Its fastest group that it knows.
 *  @param ballots half of those in the election that is measured */
export function belenios(
  options: number,
  ballots: number,
  onProgress: OnProgress,
): Belenios | { because: string } {
  const asked = spawnSync('belenios-tool', ['--version'], { encoding: 'utf8' })
  if (asked.status !== 0) return { because: 'belenios-tool is not installed (Debian package belenios-tool)' }
  const folder = mkdtempSync(join(tmpdir(), 'comitia-belenios-'))
  try {
    const group = GROUPS.find(
      (name) => tool(folder, 'setup generate-trustee-key --group', [name]) !== undefined,
    )
    if (group === undefined) return { because: 'belenios-tool knows none of the groups' }
    onProgress(`belenios-tool ${asked.stdout.trim()}, ${group}: an election of ${2 * ballots} ballots`)
    const large = election(folder, group, options, 2 * ballots)
    const skip = SKIPS.find((option) => tool(large.folder, `election verify ${option}`) !== undefined)
    const small = skip === undefined ? election(folder, group, options, ballots) : undefined
    const less = () => (small ? verifyMs(small.folder) : verifyMs(large.folder, skip))
    const differences = Array.from(
      { length: 3 },
      () => (verifyMs(large.folder) - less()) / (small ? ballots : 2 * ballots),
    )
    return {
      version: asked.stdout.trim(),
      group,
      method: skip ?? 'half as many ballots',
      perBallotMs: median(differences),
      ballotBytes: large.ballotBytes,
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Processor time of `belenios-tool election verify`, as the shell tells it of its children (POSIX `times`). */
function verifyMs(cwd: string, option = ''): number {
  const command = `belenios-tool election verify ${option} 2>/dev/null && times`
  const { status, stdout } = spawnSync('sh', ['-c', command], { cwd, encoding: 'utf8' })
  const children = stdout.trim().split('\n').at(-1) ?? ''
  const [user, system] = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, m, s]) => Number(m) * 60 + Number(s),
  )
  if (status !== 0 || user === undefined || system === undefined)
    throw new Error('belenios-tool verify failed')
  return (user + system) * 1000
}

/** A tallied election in a folder of its own. */
function election(
  parent: string,
  group: string,
  options: number,
  ballots: number,
): { folder: string; ballotBytes: number } {
  const folder = mkdtempSync(join(parent, 'election-'))
  const at = (name: string) => join(folder, name)
  const one = (ending: string) => at(readdirSync(folder).find((name) => name.endsWith(ending)) ?? ending)
  const uuid = need(folder, 'setup generate-token').trim()
  const answers = Array.from({ length: options }, (_, i) => `option ${i + 1}`)
  writeFileSync(
    at('template.json'),
    JSON.stringify({
      description: 'bench',
      name: 'bench',
      questions: [{ answers, min: 0, max: options, question: 'Which?' }],
    }),
  )
  need(folder, `setup generate-credentials --uuid ${uuid} --group ${group} --count ${ballots}`)
  renameSync(one('.pubcreds'), at('public_creds.json'))
  renameSync(one('.privcreds'), at('credentials'))
  need(folder, `setup generate-trustee-key --group ${group}`)
  writeFileSync(at('public_keys.jsons'), readFileSync(one('.pubkey')))
  need(folder, 'setup make-trustees')
  need(folder, `setup make-election --uuid ${uuid} --group ${group} --template template.json`)
  need(folder, 'archive init')
  for (const name of ['election.json', 'trustees.json', 'public_creds.json', 'public_keys.jsons']) {
    rmSync(at(name), { force: true })
  }
  writeFileSync(at('vote'), JSON.stringify([answers.map((_, i) => i % 2)]))
  let ballotBytes = 0
  for (const line of readFileSync(at('credentials'), 'utf8').trim().split('\n')) {
    writeFileSync(at('credential'), line.split(' ').at(-1) ?? '')
    const ballot = need(folder, 'election generate-ballot --privcred credential --ballot vote')
    ballotBytes = ballot.trim().length
    need(folder, 'archive add-event --type=Ballot', ballot)
  }
  need(folder, 'archive add-event --type=EndBallots')
  const tally = need(folder, 'election compute-encrypted-tally')
  need(folder, 'archive add-event --type=EncryptedTally', tally)
  const share = tool(folder, 'election decrypt --trustee-id 1 --privkey', [one('.privkey')])
  need(folder, 'archive add-event --type=PartialDecryption', share)
  need(folder, 'archive add-event --type=Result', need(folder, 'election compute-result'))
  return { folder, ballotBytes }
}

/** What the tool prints; Error if it fails. */
function need(folder: string, words: string, input = ''): string {
  const printed = tool(folder, words, [], input)
  if (printed === undefined) throw new Error(`belenios-tool ${words} failed`)
  return printed
}

/** What the tool prints; undefined if it fails. */
function tool(cwd: string, words: string, more: readonly string[] = [], input = ''): string | undefined {
  const { status, stdout } = spawnSync('belenios-tool', [...words.split(' '), ...more], {
    cwd,
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, BELENIOS_USE_URANDOM: '1' },
  })
  return status === 0 ? stdout : undefined
}

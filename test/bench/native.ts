// The native limit: the same proofs in one equation by the core, gnark-crypto (Go) and arkworks (Rust), on one thread each.
// Their programs are in native/, built where the toolchains are there.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bigintToBytes, concat } from '#crypto/encoding.ts'
import { checkProofs, parseVerificationKey, type ProofItem, type VerificationKey } from '#crypto/groth16.ts'
import { randomExponent, simulatedKey } from '../reference/simulate-proof.ts'
import { type Bench, type Figures, median, type OnProgress, rounded, timed } from './bench.ts'

const REPEATS = 5
/** About as many as a ballot of 16 slots has. */
const INPUTS = 24

const PROGRAMS = fileURLToPath(new URL('./native/', import.meta.url))
const BUILT = fileURLToPath(new URL('../../.cache/bench/', import.meta.url))

interface Peer {
  readonly name: string
  readonly build: readonly [string, ...string[]]
  readonly program: string
}

const PEERS: readonly Peer[] = [
  { name: 'gnark', build: ['go', 'build', '-o', join(BUILT, 'gnark'), '.'], program: join(BUILT, 'gnark') },
  {
    name: 'arkworks',
    build: ['cargo', 'build', '--release', '--locked', '--quiet', '--target-dir', join(BUILT, 'arkworks')],
    program: join(BUILT, 'arkworks/release/comitia-bench-arkworks'),
  },
]

export const native: Bench = {
  name: 'native',
  what: 'proofs in one equation, one thread: the core, and gnark-crypto and arkworks where go and cargo are there',
  async run(onProgress, { ballots = 512 }) {
    onProgress(`${ballots} proofs`)
    const simulated = simulatedKey(INPUTS)
    const key = parseVerificationKey(simulated.verificationKey)
    const items = Array.from({ length: ballots }, (): ProofItem => {
      const inputs = Array.from({ length: INPUTS }, randomExponent)
      return { inputs, proof: simulated.prove(inputs) }
    })
    const times: number[] = []
    for (let i = 0; i <= REPEATS; i++) {
      onProgress(`the core, ${i === 0 ? 'warming up' : `${i} of ${REPEATS}`}`)
      const { result, cpuMs } = await timed(() => checkProofs(key, items))
      if (!result) throw new Error('good proofs were refused')
      if (i > 0) times.push(cpuMs / ballots)
    }
    const coreMs = median(times)
    const folder = mkdtempSync(join(tmpdir(), 'comitia-native-'))
    try {
      const file = join(folder, 'proofs')
      writeFileSync(file, encode(key, items))
      const peers = PEERS.map((peer) => figuresOf(peer, file, coreMs, onProgress))
      return Object.assign(
        { proofs: ballots, inputs: INPUTS, coreProofMs: rounded(coreMs) },
        ...peers,
      ) as Figures
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

function figuresOf(
  { name, build, program }: Peer,
  file: string,
  coreMs: number,
  onProgress: OnProgress,
): Figures {
  const because = (reason: string): Figures => ({
    [`${name}ProofMs`]: null,
    [`${name}ProofMsBecause`]: reason,
  })
  const [tool, ...words] = build
  onProgress(`${name}: building`)
  mkdirSync(BUILT, { recursive: true })
  // Without the instructions of this very processor neither would be the limit.
  const env = { ...process.env, GOAMD64: 'v3', RUSTFLAGS: '-C target-cpu=native' }
  const { status, error, stderr } = spawnSync(tool, words, {
    cwd: join(PROGRAMS, name),
    env,
    encoding: 'utf8',
  })
  if (error !== undefined) return because(`${tool} is not installed`)
  if (status !== 0) return because(`${tool} could not build it: ${stderr.trim().split('\n').at(-1) ?? ''}`)
  onProgress(`${name}: measuring`)
  const run = spawnSync(program, [file], { encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`${name} failed: ${run.stderr}`)
  const { version, accepted, refusesAltered, proofMs } = JSON.parse(run.stdout) as {
    version: string
    accepted: boolean
    refusesAltered: boolean
    proofMs: number
  }
  if (!accepted || !refusesAltered) throw new Error(`${name} judges proofs otherwise than we do`)
  return {
    [name]: version,
    [`${name}ProofMs`]: rounded(proofMs),
    [`coreTo${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`]: rounded(coreMs / proofMs),
  }
}

/** How many inputs and proofs, 4 bytes each; alpha, beta, gamma, delta, IC; of each proof its 256 bytes and its inputs, 32
 *  bytes each. All big-endian, as SPEC 3.2 has it. */
function encode({ alpha, beta, gamma, delta, ic }: VerificationKey, items: readonly ProofItem[]): Uint8Array {
  return concat(
    bigintToBytes(BigInt(INPUTS), 4),
    bigintToBytes(BigInt(items.length), 4),
    ...[alpha, beta, gamma, delta, ...ic].map(({ bytes }) => bytes),
    ...items.flatMap(({ proof, inputs }) => [proof, ...inputs.map((x) => bigintToBytes(x, 32))]),
  )
}

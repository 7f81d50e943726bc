// A voter's proof (SPEC 6.5) by the real prover, in Node and in Chromium, and what the voter downloads for it.
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { assignment } from '#circuits/ballot.ts'
import { ensureArtifacts } from '#circuits/build/artifacts.ts'
import { releaseCurve } from '#circuits/curve.ts'
import { prove as proveAssignment } from '#circuits/prove.ts'
import { commitment, nullifier } from '#circuits/credential.ts'
import { leaf, rollPath } from '#circuits/roll.ts'
import { type BallotCircuit, CIRCUITS } from '#circuits/sizes.ts'
import { checkProof, parseVerificationKey } from '#crypto/groth16.ts'
import { ballotStatement } from '#protocol/ballot.ts'
import { batchedRandomness, claims, seal } from '#protocol/seal.ts'
import { developmentSetup } from '../tally/setup.ts'
import { openElection } from './ballots.ts'
import { type Bench, type Figures, median, rounded, timed } from './bench.ts'
import { inChromium } from './prove-chromium.ts'

const WARM = 4
/** Options of the measured election: for L the 49 projects of the largest ballot in test/data. */
const OPTIONS = { S: 16, L: 49 }

export const prove: Bench = {
  name: 'prove',
  what: "a voter's proof in circuits S and L: Node and Chromium, cold and warm; constraints; size of the proving key",
  async run(onProgress) {
    const { circuits } = await ensureArtifacts(onProgress)
    const figures: Figures = {}
    const folder = mkdtempSync(join(tmpdir(), 'comitia-bench-'))
    try {
      for (const circuit of ['S', 'L'] as const) {
        const { constraints, publicInputs, wasm, zkey, seconds } = circuits[circuit]
        const [code, key] = [await readFile(wasm.path), await readFile(zkey.path)]
        const input = witness(circuit)
        const verificationKey = parseVerificationKey(developmentSetup(circuit).verificationKey)
        const once = async (): Promise<{ ms: number; cpuMs: number }> => {
          const { result, ms, cpuMs } = await timed(() => proveAssignment(code, key, input))
          const holds = checkProof(verificationKey, result.proof, result.inputs)
          if (!holds) throw new Error('the proof does not hold')
          return { ms, cpuMs }
        }
        onProgress(`${circuit}: Node`)
        const cold = await once()
        const warm: { ms: number; cpuMs: number }[] = []
        for (let i = 0; i < WARM; i++) warm.push(await once())
        await releaseCurve()
        onProgress(`${circuit}: Chromium`)
        const chromium = await inChromium({ folder, wasm: code, zkey: key, input, times: WARM + 1 })
        onProgress(`${circuit}: compressing the proving key`)
        const [first = NaN, ...later] = 'because' in chromium ? [] : chromium.times
        Object.assign(figures, {
          [`${circuit}.constraints`]: constraints,
          [`${circuit}.publicInputs`]: publicInputs,
          [`${circuit}.provingKeyMegabytes`]: rounded(key.length / 1e6),
          [`${circuit}.provingKeyBrotliMegabytes`]: rounded(brotli(key) / 1e6),
          [`${circuit}.witnessCodeMegabytes`]: rounded(code.length / 1e6),
          [`${circuit}.witnessCodeBrotliMegabytes`]: rounded(brotli(code) / 1e6),
          [`${circuit}.compileSeconds`]: rounded(seconds.compile),
          [`${circuit}.developmentKeySeconds`]: rounded(seconds.key),
          [`${circuit}.nodeColdSeconds`]: rounded(cold.ms / 1000),
          [`${circuit}.nodeWarmSeconds`]: rounded(median(warm.map(({ ms }) => ms)) / 1000),
          [`${circuit}.nodeFastestSeconds`]: rounded(Math.min(...warm.map(({ ms }) => ms)) / 1000),
          [`${circuit}.nodeProcessorSeconds`]: rounded(median(warm.map(({ cpuMs }) => cpuMs)) / 1000),
          ...('because' in chromium
            ? {
                [`${circuit}.chromiumWarmSeconds`]: null,
                [`${circuit}.chromiumWarmSecondsBecause`]: chromium.because,
              }
            : {
                [`${circuit}.chromiumColdSeconds`]: rounded(first / 1000),
                [`${circuit}.chromiumWarmSeconds`]: rounded(median(later) / 1000),
                [`${circuit}.chromiumFastestSeconds`]: rounded(Math.min(...later) / 1000),
                [`${circuit}.chromiumSingleThreadSeconds`]: rounded(
                  median(chromium.singleThread.slice(1)) / 1000,
                ),
                chromium: chromium.version,
              }),
        })
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
    return figures
  },
}

/** The prover's input for a voter of an open election. */
function witness(circuit: BallotCircuit) {
  const scene = openElection(OPTIONS[circuit], 20)
  const { context } = scene.contestState()
  if (context.circuit !== circuit) throw new Error(`the election is for ${context.circuit}`)
  const { secret, weight } = scene.voter(0)
  const own = nullifier(secret, context.scope)
  const { slots, levels } = CIRCUITS[circuit]
  const values = Array.from({ length: context.slots }, (_, i) => BigInt(i % 2))
  const sealing = seal(context, { nullifier: own, weight }, 0, values)
  const { body, nullifierKey, salt } = sealing
  const envelope = {
    nullifier: own,
    nullifierKey,
    claims: claims(context, sealing),
    proof: new Uint8Array(256),
  }
  const { statement } = ballotStatement(context, { body, envelope })
  const leaves = scene.voters.map((voter) => leaf(commitment(voter.secret), voter.weight))
  return assignment(circuit, statement, {
    secret,
    weight,
    index: 0,
    path: rollPath(leaves, 0, levels),
    values: Array.from({ length: slots }, (_, slot) => values[slot] ?? 0n),
    R: batchedRandomness(context, sealing),
    salt,
  })
}

function brotli(bytes: Uint8Array): number {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  }
  return brotliCompressSync(bytes, { params }).length
}

// Contributors whose secrets are known (SPEC 10.2): chains of contributions, and keys with the delta they lead to.
import { multiplyPoint } from '#circuits/points.ts'
import { type Contribution, contribution, type Transcript } from '#circuits/transcript.ts'
import { coordinates } from '#crypto/bn254.ts'
import { bytesToBigint } from '#crypto/encoding.ts'
import { parseVerificationKey, type VerificationKey } from '#crypto/groth16.ts'
import { simulatedKey } from '../reference/simulate-proof.ts'

/** A key whose delta is the product of these secrets. */
export function keyOf(...secrets: readonly bigint[]): VerificationKey {
  return parseVerificationKey(keyFileOf(1, ...secrets))
}

/** Its file, for so many public inputs. */
export function keyFileOf(inputs: number, ...secrets: readonly bigint[]): string {
  const json = JSON.parse(simulatedKey(inputs).verificationKey) as {
    vk_gamma_2: [string[], string[], string[]]
  }
  const [x, y] = json.vk_gamma_2
  const generator = coordinates(...[...x, ...y].map(BigInt))
  const delta = secrets.reduce((point, secret) => multiplyPoint(point, secret), generator)
  const [x0, x1, y0, y1] = [0, 32, 64, 96].map((at) => bytesToBigint(delta.subarray(at, at + 32)).toString())
  return JSON.stringify({
    ...json,
    vk_delta_2: [
      [x0, x1],
      [y0, y1],
      ['1', '0'],
    ],
  })
}

/** A chain of contributions under these names, in their order. */
export function chain(...contributors: readonly (readonly [string, bigint])[]): Transcript {
  return contributors.reduce<Transcript>(
    (transcript, [name, secret]) => ({
      ...transcript,
      contributions: [...transcript.contributions, contribution(transcript, name, secret)],
    }),
    { circuit: new Uint8Array(64).fill(3), contributions: [] },
  )
}

/** The transcript with something else in one contribution. */
export function changed(transcript: Transcript, at: number, changes: Partial<Contribution>): Transcript {
  const contributions = transcript.contributions.map((c, i) => (i === at ? { ...c, ...changes } : c))
  return { ...transcript, contributions }
}

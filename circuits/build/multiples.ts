// Many known multiples of a generator of BN254, by a table of 32 x 255 points: about 30 additions each instead of 380.
// The work is shared among processes that run multiplier.ts. (Worker threads would not do: the package behind snarkjs's
// own threads takes any worker for one of its own.)
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import type { GroupName, Share } from './multiplier.ts'

/** k G for every scalar k < 2^256, as snarkjs keeps points in files: 64 bytes each in G1, 128 in G2. */
export async function multiples(group: GroupName, scalars: readonly bigint[]): Promise<Uint8Array> {
  const share = Math.ceil(scalars.length / Math.min(availableParallelism(), MAX_WORKERS))
  const shares: Promise<Uint8Array>[] = []
  for (let at = 0; at < scalars.length; at += share) {
    shares.push(inChild({ group, scalars: digits(scalars.slice(at, at + share)) }))
  }
  return Buffer.concat(await Promise.all(shares))
}

const MAX_WORKERS = 8
const SCALAR = 32

/** The scalars' bytes, least significant first. */
function digits(scalars: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(scalars.length * SCALAR)
  const view = new DataView(bytes.buffer)
  for (const [i, scalar] of scalars.entries()) {
    for (let word = 0; word < 4; word++) {
      view.setBigUint64(i * SCALAR + 8 * word, (scalar >> BigInt(64 * word)) & 0xffff_ffff_ffff_ffffn, true)
    }
  }
  return bytes
}

function inChild(job: Share): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('./multiplier.ts', import.meta.url), {
      serialization: 'advanced',
      execArgv: [],
    })
    child.once('message', (points) => resolve(points as Uint8Array))
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      reject(new Error(`a multiplying process ended without its points (${signal ?? String(code)})`))
    })
    child.send(job)
  })
}

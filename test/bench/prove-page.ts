// The script of the page that prove-chromium.ts serves: snarkjs's browser build, proving as a voter's page would.
import { groth16 } from 'snarkjs'

/** Milliseconds of each of so many proofs, files in memory, by workers or in this thread alone; the first is cold. */
async function proveTimes(times: number, singleThread: boolean): Promise<number[]> {
  const file = async (name: string) => new Uint8Array(await (await fetch(name)).arrayBuffer())
  const [wasm, zkey] = [await file('/wasm'), await file('/zkey')]
  const input = (await (await fetch('/input')).json()) as Record<string, string>
  const taken: number[] = []
  for (let i = 0; i < times; i++) {
    const start = performance.now()
    await groth16.fullProve(input, wasm, zkey, undefined, undefined, { singleThread })
    taken.push(performance.now() - start)
  }
  return taken
}

Object.assign(globalThis, { proveTimes })

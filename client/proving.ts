// What proves: witness code and proving key of a setup, by the hashes that officials have signed.
import type { Setup } from '#protocol/setup.ts'
import type { Server } from './server.ts'

export interface ProvingFiles {
  readonly witnessCode: Uint8Array
  readonly provingKey: Uint8Array
}

/** Both files; their hashes are checked.
 *  @param onProgress bytes of both that have come, and how many there will be, 0 until that is known */
export async function setupFiles(
  server: Server,
  setup: Pick<Setup, 'witnessCode' | 'provingKey'>,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<ProvingFiles> {
  const parts = [
    { done: 0, total: 0 },
    { done: 0, total: 0 },
  ]
  const part = (number: number) => (done: number, total: number) => {
    parts[number] = { done, total }
    const known = parts.every((one) => one.total > 0)
    onProgress(sum(parts.map((one) => one.done)), known ? sum(parts.map((one) => one.total)) : 0)
  }
  const [witnessCode, provingKey] = await Promise.all([
    server.file(setup.witnessCode, part(0)),
    server.file(setup.provingKey, part(1)),
  ])
  return { witnessCode, provingKey }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}

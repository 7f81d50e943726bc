// SPDX-License-Identifier: MIT
// The core's bytes in a browser: a file of its own beside the scripts, which all workers share. Node has binary-node.ts.

/** The WebAssembly module. Rejects if it cannot be fetched. */
export async function binary(): Promise<BufferSource> {
  const response = await fetch(new URL('../../.cache/core/core.wasm', import.meta.url))
  if (!response.ok) throw new Error(`the core is not there: ${response.status}`)
  return response.arrayBuffer()
}

// SPDX-License-Identifier: MIT
// The core's bytes in Node, where no file is fetched. Browsers have binary.ts.
import { MODULE } from '#core/module.ts'

/** The WebAssembly module. */
export function binary(): Promise<BufferSource> {
  return Promise.resolve(Uint8Array.from(atob(MODULE), (character) => character.charCodeAt(0)))
}

// SPDX-License-Identifier: MIT
// The types of fingerprint.mjs.
export const MODULE: string
export const WASM: string
export function fingerprint(): string
export function isBuilt(): boolean

// What a person's device keeps of a process, by its name: what they are writing, a deed on its way, what they have said, and what
// they support and think.
import * as z from 'zod/mini'
import { bytes, bytesUpTo, codec, instant } from '#protocol/codec.ts'
import { POSITIONS } from '#protocol/position.ts'
import { TEXT_KEY_BYTES } from '#protocol/text.ts'
import { read } from '#web/device/kept.ts'
import type { Vault } from '#web/device/vault.ts'
import { saidSchema } from './said.ts'

const draftSchema = z.strictObject({ title: z.string(), body: z.string() })
const draft = codec(draftSchema)

const deedsSchema = z.strictObject({
  /** A signal that may be on the ledger, and what it commits to. */
  pending: z.optional(
    z.strictObject({
      entry: bytesUpTo(65_535),
      writing: z.optional(z.strictObject({ text: z.string(), key: bytes(TEXT_KEY_BYTES) })),
      /** What is sent in the place of the text where that is sealed. */
      box: z.optional(bytesUpTo(65_535)),
      /** Of an introduction: whose it is. */
      claim: z.optional(z.strictObject({ commitment: bytes(32), proof: bytes(256) })),
    }),
  ),
  /** Proposals that this device has given support to and not taken it back. */
  supported: z.array(instant),
  /** What it has said of statements last, by their names in hexadecimal. */
  opinions: z.optional(z.record(z.string(), z.enum(POSITIONS))),
  /** The person's words that were sent from here. */
  said: z.optional(z.array(saidSchema)),
})
const deeds = codec(deedsSchema)

/** A proposal that is being written. */
export type Draft = z.output<typeof draftSchema>
export type Deeds = z.output<typeof deedsSchema>

/** Rejects with `VaultFailure`, as all of these do. */
export async function draftOf(vault: Vault, process: string): Promise<Draft | undefined> {
  return read(vault, 'drafts', nameOf(process), draft)
}

/** Keeps a draft; takes it away where there is none. */
export function keepDraft(vault: Vault, process: string, written: Draft | undefined): Promise<void> {
  const name = nameOf(process)
  return written === undefined
    ? vault.delete('drafts', name)
    : vault.put('drafts', name, draft.encode(written))
}

export async function deedsOf(vault: Vault, process: string): Promise<Deeds> {
  return (await read(vault, 'deeds', process, deeds)) ?? { supported: [] }
}

/** Processes in which this device has done anything, by name. */
export function processesOf(vault: Vault): Promise<string[]> {
  return vault.keys('deeds')
}

export function keepDeeds(vault: Vault, process: string, kept: Deeds): Promise<void> {
  return vault.put('deeds', process, deeds.encode(kept))
}

/** Apart from the booth's drafts, whose names are hashes in hexadecimal. */
function nameOf(process: string): string {
  return `process ${process}`
}

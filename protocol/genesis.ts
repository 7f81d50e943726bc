// The first entry of a log: who may sign official acts and under which name everything is hashed. SPEC 7.3.
import * as z from 'zod/mini'
import { toHex } from '#crypto/encoding.ts'
import { hashToBytes, sha256 } from '#crypto/hash.ts'
import { bytes, encodeCbor, hash, natural, slug, text } from './codec.ts'

/** How much agreement an official act needs: `routine` prepares, `decisive` changes what voters can rely on. */
export const ACT_CLASSES = ['routine', 'decisive'] as const
export type ActClass = (typeof ACT_CLASSES)[number]

/** Distinct signers that an act of each class needs. */
export const approvalCounts = z.strictObject({ routine: natural(64), decisive: natural(64) })

const signerSchema = z.strictObject({
  id: slug,
  name: text(200),
  kind: z.literal('ed25519'),
  key: bytes(32),
})

export const genesisSchema = z
  .strictObject({
    version: z.literal(1),
    /** Random, so that no two logs are ever the same even under one name. */
    logId: hash,
    /** The checkpoint's origin line (C2SP tlog-checkpoint). */
    origin: text(255),
    /** Web origins and WebAuthn relying party of the officials' passkeys. */
    webOrigins: z.array(text(255)).check(z.minLength(1), z.maxLength(16)),
    relyingParty: text(255),
    signers: z.array(signerSchema).check(
      z.minLength(1),
      z.maxLength(64),
      z.refine((x) => distinct(x.map((s) => s.id)) && distinct(x.map((s) => toHex(s.key))), 'a signer twice'),
    ),
    approvals: approvalCounts,
  })
  .check(
    z.refine(
      ({ signers, approvals }) => Math.max(approvals.routine, approvals.decisive) <= signers.length,
      'more approvals than signers',
    ),
  )

export type Genesis = z.output<typeof genesisSchema>

/** The log's name in every hash: the origin line together with SHA-256 of the genesis entry. */
export interface LogOrigin {
  readonly origin: string
  readonly genesis: Uint8Array
}

/** The log origin of a genesis entry's bytes. */
export function logOrigin(origin: string, genesisEntry: Uint8Array): LogOrigin {
  return { origin, genesis: sha256(genesisEntry) }
}

/** Domain-separated 32-byte hash of plain data under a log's name. SPEC 2.3. */
export function hashUnderLog(tag: string, log: LogOrigin, ...data: unknown[]): Uint8Array {
  return hashToBytes(tag, encodeCbor([log.origin, log.genesis, ...data]), 32)
}

/** Whether no value stands twice. */
export function distinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length
}

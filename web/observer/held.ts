// Files that an observer brings to a check, each recognised by what is in it.
import { EncodingError } from '#crypto/encoding.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import { parsePolicy } from '#ledger/policy.ts'
import { parseReceipt } from '#ledger/proof.ts'
import { decodeCbor } from '#protocol/codec.ts'
import { Refusal } from '#protocol/refusal.ts'
import { RECORD_MAGIC } from '#tally/record.ts'

/** What a file is: a receipt brings the checkpoint that it ends in; what is none of the texts can only be an opening. */
export type Brought =
  | { readonly kind: 'record'; readonly file: File }
  | { readonly kind: 'policy'; readonly name: string; readonly text: string }
  | { readonly kind: 'checkpoint'; readonly name: string; readonly text: string }
  | { readonly kind: 'opening'; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: 'unknown'; readonly name: string }

/** Files that are no record are larger than this only by mistake. */
const MOST = 1 << 20

/** What a file is. */
export async function recognise(file: File): Promise<Brought> {
  const { name } = file
  const head = await file.slice(0, RECORD_MAGIC.length).text()
  if (head === RECORD_MAGIC) return { kind: 'record', file }
  if (file.size > MOST) return { kind: 'unknown', name }
  const bytes = new Uint8Array(await file.arrayBuffer())
  const text = decoded(bytes)
  if (text !== undefined) {
    if (reads(() => parsePolicy(text))) return { kind: 'policy', name, text }
    if (reads(() => parseCheckpoint(text))) return { kind: 'checkpoint', name, text }
    if (reads(() => parseReceipt(text)))
      return { kind: 'checkpoint', name, text: parseReceipt(text).checkpoint }
  }
  return isOpening(bytes) ? { kind: 'opening', name, bytes } : { kind: 'unknown', name }
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function reads(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch (error) {
    if (error instanceof EncodingError) return false
    throw error
  }
}

/** Whether these are the bytes of an opening file (SPEC 6.6); the check itself reads it strictly. */
function isOpening(bytes: Uint8Array): boolean {
  try {
    const value = decodeCbor(bytes)
    return (
      typeof value === 'object' && value !== null && 'format' in value && value.format === 'comitia-opening'
    )
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

// Pictures of a manifest, from this origin's attachments: shown only if they are the ones that it names.
import { equalBytes, toHex } from '#crypto/encoding.ts'

/** An object URL of the attachment with this SHA-256, to be revoked. Rejects if there is none, or it is another file. */
export async function pictureOf(hash: Uint8Array): Promise<string> {
  const response = await fetch(`/api/attachments/${toHex(hash)}`)
  if (!response.ok) throw new Error(`no picture: ${response.status}`)
  const blob = await response.blob()
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())
  if (!equalBytes(new Uint8Array(digest), hash)) throw new Error('another picture')
  return URL.createObjectURL(blob)
}

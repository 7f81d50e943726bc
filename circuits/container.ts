// The binary container of iden3's tools, which .r1cs, .ptau and .zkey files share: four letters, version, number of
// sections, then each section's number, length and bytes. All integers little-endian.
import { EncodingError, concat } from '#crypto/encoding.ts'

/** Section number to its bytes (views, no copies, no Buffers), in the file's order. EncodingError unless every byte is spoken for. */
export function parseContainer(kind: 'r1cs' | 'ptau' | 'zkey', bytes: Uint8Array): Map<number, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < HEAD || new TextDecoder().decode(bytes.subarray(0, 4)) !== kind) {
    throw new EncodingError(`not a ${kind} file`)
  }
  const found = new Map<number, Uint8Array>()
  let at = HEAD
  for (let left = view.getUint32(8, true); left > 0; left--) {
    if (at + SECTION_HEAD > bytes.length) throw new EncodingError(`${kind} file ends inside a section's head`)
    const id = view.getUint32(at, true)
    const end = at + SECTION_HEAD + Number(view.getBigUint64(at + 4, true))
    if (end > bytes.length) throw new EncodingError(`${kind} file ends inside section ${id}`)
    if (found.has(id)) throw new EncodingError(`${kind} file has section ${id} twice`)
    found.set(id, plain.subarray(at + SECTION_HEAD, end))
    at = end
  }
  if (at !== bytes.length) throw new EncodingError(`${kind} file goes on after its last section`)
  return found
}

/** The opposite of `parseContainer`: version 1, the sections in the order of the map. */
export function formatContainer(
  kind: 'r1cs' | 'ptau' | 'zkey',
  sections: ReadonlyMap<number, Uint8Array>,
): Uint8Array {
  const parts = [new TextEncoder().encode(kind), uint32(1), uint32(sections.size)]
  for (const [id, bytes] of sections) parts.push(uint32(id), uint32(bytes.length), uint32(0), bytes)
  return concat(...parts)
}

/** A section that must be there; EncodingError otherwise. */
export function section(sections: ReadonlyMap<number, Uint8Array>, id: number): Uint8Array {
  const bytes = sections.get(id)
  if (bytes === undefined) throw new EncodingError(`section ${id} is missing`)
  return bytes
}

/** Four bytes, little-endian. */
export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}

const HEAD = 12
const SECTION_HEAD = 12

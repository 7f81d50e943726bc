// SPEC 7.6: a record file read here and there and from end to end gives the same bytes, in few reads.
import { beforeAll, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { openRecord, writeRecord } from '#tally/record.ts'
import { checkpointOf, POLICY } from './record.ts'

const entries = Array.from({ length: 300 }, (_, i) => new Uint8Array((i * 7919) % 40_000).fill(i))
const large = new Uint8Array(3_000_000).fill(7)
let file: Uint8Array

async function* each(list: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const item of list) yield await Promise.resolve(item)
}

beforeAll(async () => {
  const parts: Uint8Array[] = []
  for await (const part of writeRecord(POLICY, checkpointOf(entries), each(entries), each([large])))
    parts.push(part)
  file = new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer())
})

function source() {
  const asked = { reads: 0, bytes: 0 }
  const read = (offset: number, length: number) => {
    asked.reads += 1
    asked.bytes += length
    if (offset + length > file.length) throw new Error('beyond the file')
    return Promise.resolve(file.slice(offset, offset + length))
  }
  return { asked, source: { size: file.length, read } }
}

test('entries come one by one and all in a row as they were written', async () => {
  const { source: from, asked } = source()
  const record = await openRecord(from)
  expect(record.size).toBe(entries.length)
  asked.reads = asked.bytes = 0
  let at = 0
  for await (const entry of record.entries()) expect(entry).toEqual(entries[at++])
  expect(at).toBe(entries.length)
  expect(asked.reads).toBeLessThan(10)
  expect(asked.bytes).toBeLessThan(2 * file.length)
  for (const i of [0, 1, 150, 299]) expect(await record.entry(i)).toEqual(entries[i])
})

test('two readers in a row do not disturb each other', async () => {
  const record = await openRecord(source().source)
  const [one, two] = [record.entries(), record.entries()]
  const first = one[Symbol.asyncIterator]()
  const second = two[Symbol.asyncIterator]()
  for (const entry of entries.slice(0, 40)) {
    expect((await first.next()).value).toEqual(entry)
    expect((await second.next()).value).toEqual(entry)
  }
})

test('an attachment that is larger than a piece is whole', async () => {
  const record = await openRecord(source().source)
  expect(await record.attachment(toHex(sha256(large)))).toEqual(large)
  expect(await record.attachment(toHex(sha256(Uint8Array.of(1))))).toBeUndefined()
})

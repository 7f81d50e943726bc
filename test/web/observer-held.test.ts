// Files that an observer brings are told apart by what is in them, whatever they are called.
import { expect, test } from 'vitest'
import { formatReceipt } from '#ledger/proof.ts'
import { encodeOpening, openingOf } from '#protocol/seal.ts'
import { writeRecord } from '#tally/record.ts'
import { recognise } from '#web/observer/held.ts'
import { checkpointOf, POLICY } from '../tally/record.ts'
import { Scene } from '../tally/scene.ts'

const checkpoint = checkpointOf([Uint8Array.of(1)])

async function kindOf(content: string | Uint8Array): Promise<string> {
  return (await recognise(new File([content as BlobPart], 'file'))).kind
}
async function* none(): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  yield* []
}

test('a record', async () => {
  const parts: Uint8Array[] = []
  for await (const part of writeRecord(POLICY, checkpoint, none(), none())) parts.push(part)
  expect(await kindOf(new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer()))).toBe('record')
})

test('a policy, a checkpoint', async () => {
  expect(await kindOf(POLICY)).toBe('policy')
  expect(await kindOf(checkpoint)).toBe('checkpoint')
})

test('a receipt brings its checkpoint', async () => {
  const brought = await recognise(
    new File([formatReceipt({ index: 0, path: [], checkpoint })], 'mine.receipt'),
  )
  expect(brought).toEqual({ kind: 'checkpoint', name: 'mine.receipt', text: checkpoint })
})

test('an opened ballot', async () => {
  const scene = new Scene()
  scene.prepare()
  scene.keygen()
  scene.open()
  expect(await kindOf(encodeOpening(openingOf(scene.ballot(0, [1n, 0n]).sealing)))).toBe('opening')
})

test('anything else is unknown', async () => {
  expect(await kindOf('')).toBe('unknown')
  expect(await kindOf('a letter')).toBe('unknown')
  expect(await kindOf(Uint8Array.of(0xff, 0xfe))).toBe('unknown')
  expect(await kindOf(new Uint8Array((1 << 20) + 1))).toBe('unknown')
})

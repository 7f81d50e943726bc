// A device judges only the proofs that are new, and all of them where the record or the page is not what it was.
import { beforeAll, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import type { Answer, Port } from '#tally/worker.ts'
import { Examination, type Report } from '#web/observer/examination.ts'
import type { Kept } from '#web/observer/kept.ts'
import { checkpointOf, LOG_KEY, POLICY, recordOf } from '../tally/record.ts'
import { Scene } from '../tally/scene.ts'
import { attachmentsOf } from '../tally/setup.ts'
import { flip, inlineWorker } from '../tally/verifying.ts'

const scene = new Scene()
let voted: number
beforeAll(() => {
  scene.prepare()
  scene.keygen()
  scene.open()
  scene.cast(0, [1n, 0n])
  scene.cast(1, [1n, 0n])
  voted = scene.entries.length
  scene.cast(2, [0n, 1n])
})

/** What a page makes of a record, and how many proofs it judges. */
async function examine(
  entries: readonly Uint8Array[],
  judged?: string,
  program = 'this page',
): Promise<{ report: Report; proofs: number }> {
  let proofs = 0
  const worker = inlineWorker()
  const port: Port = {
    ...worker,
    listen: (receive) =>
      worker.listen((answer: Answer) => {
        if ('verdicts' in answer) proofs += answer.verdicts.length
        receive(answer as never)
      }),
  }
  const checkpoint = checkpointOf(entries.slice(0, voted))
  const kept: Kept = { policy: POLICY, checkpoint, since: 0, seen: 0, judged }
  const held = { checkpoints: [], kept: { [LOG_KEY.name]: kept }, here: undefined, program }
  const record = recordOf(entries, attachmentsOf('S'))
  const report = await new Examination(record, held, undefined, [port], () => undefined).run()
  return { report, proofs }
}
const failed = ({ findings }: Report) => findings.filter(({ status }) => status === 'failed')

test('what was found sound is not judged again, and what is new is kept with it', async () => {
  const first = await examine(scene.entries.slice(0, voted))
  expect([first.proofs, first.report.ballots]).toEqual([2, 2])
  const second = await examine(scene.entries, first.report.judged)
  expect([second.proofs, second.report.ballots, failed(second.report)]).toEqual([1, 3, []])
  expect((await examine(scene.entries, second.report.judged)).proofs).toBe(0)
  expect((await examine(scene.entries, second.report.judged, 'another page')).proofs).toBe(3)
  expect((await examine(scene.entries, 'no such text')).proofs).toBe(3)
})

test('a record that was changed since is judged whole, and nothing of it is kept', async () => {
  const { report } = await examine(scene.entries)
  const at = voted - 1
  const bytes = scene.entries[at] ?? new Uint8Array()
  const changed = await examine(scene.entries.with(at, flip(bytes, bytes.length - 8)), report.judged)
  expect(changed.proofs).toBe(3)
  expect(failed(changed.report).some(({ check, entry }) => check === 'V8' && entry === at)).toBe(true)
  expect(changed.report.judged).toBeUndefined()
  expect(report.judged).toContain(toHex(recordRoot()))
})

function recordRoot(): Uint8Array {
  const [, , root = ''] = checkpointOf(scene.entries).split('\n')
  return Uint8Array.from(Buffer.from(root, 'base64'))
}

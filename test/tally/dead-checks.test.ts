// No check of SPEC 11 is dead: for each that applies there is a record which it alone condemns, so that an observer
// without that check would call it sound. The log's key signs each record: the server is the attacker.
import { beforeAll, expect, test } from 'vitest'
import { signCheckpoint } from '#ledger/checkpoint.ts'
import { leafHash } from '#ledger/merkle.ts'
import { Tree } from '#ledger/tree.ts'
import { ballotContent } from '#protocol/ballot.ts'
import { encodeCbor } from '#protocol/codec.ts'
import { encodeEntry, type Entry } from '#protocol/entry.ts'
import type { SignedGuardianMessage } from '#protocol/guardian.ts'
import type { ElectionResult } from '#protocol/result.ts'
import { encodeOpening, type Opening, openingOf } from '#protocol/seal.ts'
import { decryptMessage, intentMessage } from '#tally/guardian.ts'
import { outcome } from '#tally/outcome.ts'
import { type Check, CHECKS } from '#tally/verify/finding.ts'
import { People, textOf } from './people.ts'
import { publishing } from './promises.ts'
import { checkpointOf, LOG_KEY } from './record.ts'
import { ELECTION, Scene } from './scene.ts'
import { attachmentsOf } from './setup.ts'
import { failedChecks, failures, flip, inspect, type Inspection } from './verifying.ts'

const scene = new Scene()
let opening: Uint8Array
let result: ElectionResult
/** The record up to the result. */
let before: Uint8Array[]
beforeAll(async () => {
  const challenged = await run(scene)
  opening = encodeOpening({ ...challenged, values: [0n, 1n] })
  result = outcome(scene.election) ?? { contests: [] }
  before = [...scene.entries]
})

/** An election up to the result; `attack` happens while it is open. Gives the opening of a ballot never cast. */
async function run(scene: Scene, attack: () => void = () => undefined): Promise<Opening> {
  scene.prepare()
  scene.keygen()
  scene.open()
  scene.cast(0, [1n, 0n])
  attack()
  scene.cast(1, [0n, 1n])
  const challenged = openingOf(scene.ballot(2, [1n, 0n]).sealing)
  await scene.close()
  scene.tally()
  scene.intend(3)
  return challenged
}

/** The record with a result that the operator signed, whatever the gate thinks of it. */
function announcing(contests: ElectionResult['contests']): [Uint8Array[]] {
  const act = scene.signed({ type: 'publish-result', election: ELECTION, result: { contests } })
  return [[...before, encodeEntry(['act', act])]]
}

const appended = (entry: Entry): [Uint8Array[]] => [[...before, encodeEntry(entry)]]

const counted = () => {
  const [contest] = result.contests
  if (contest?.status !== 'counted') throw new Error('counted')
  return contest
}

type Mutant = [entries: Uint8Array[], inspection?: Inspection]

const MUTANTS: Partial<Record<Check, () => Mutant | Promise<Mutant>>> = {
  V1: () => [before, { checkpoints: [checkpointOf([...before.slice(0, 10), encodeCbor('another')])] }],
  V2: () => {
    const tree = new Tree()
    for (const entry of before) tree.append(leafHash(entry))
    const stranger = { name: LOG_KEY.name, secret: new Uint8Array(32) }
    const checkpoint = { origin: LOG_KEY.name, size: tree.size, root: tree.root() }
    return [before, { checkpoint: signCheckpoint(checkpoint, stranger) }]
  },
  V3: () => [[...before, encodeCbor(['time', -1])]],
  V4: () => appended(['time', scene.state.time - 1]),
  V5: () => [before, { attachments: attachmentsOf('S').slice(0, 1) }],
  V6: () => {
    const twice = { commitment: 5n, row: new Uint8Array(32), weight: 1n }
    return appended([
      'act',
      scene.signed({ type: 'add-to-roll', roll: 'others', credentials: [twice, twice] }),
    ])
  },
  V7: () => {
    const [, content] = scene.guardianEntry(3, intentMessage(scene.contestState(), scene.checkpoint()))
    const signed = content as SignedGuardianMessage
    return appended(['guardian', { ...signed, signature: flip(signed.signature) }])
  },
  async V8() {
    const other = new Scene()
    await run(other, () => {
      const { body, envelope } = other.ballot(2, [1n, 0n]).ballot
      const { proof } = other.ballot(2, [1n, 0n]).ballot.envelope
      other.offer(['ballot', ballotContent({ body, envelope: { ...envelope, proof } })])
    })
    return [other.entries]
  },
  async V9() {
    const other = new Scene()
    await run(other, () => {
      other.entries.push(other.entries.at(-1) ?? new Uint8Array())
      other.state.size += 1
    })
    return [other.entries]
  },
  V10: () => announcing([{ ...counted(), ballots: 3 }]),
  V11: () => {
    const { state, election } = scene
    const message = decryptMessage(state, election, scene.contestState(), 3, scene.share(3))
    if (message.type !== 'decrypt') throw new Error('a share')
    return appended(scene.guardianEntry(3, { ...message, proof: flip(message.proof) }))
  },
  V12: () => announcing([{ ...counted(), sums: [2n, 0n] }]),
  V14: () => announcing([{ ...counted(), count: encodeCbor('B wins') }]),
  V15: () => [before, { opening }],
  V16: () => announcing([counted(), counted()]),
  V17() {
    const act = scene.signed({ type: 'publish-application', files: new Uint8Array(32) })
    return [...appended(['act', act]), { fetchFile: () => Promise.resolve(new Uint8Array()) }]
  },
  V18() {
    const other = new Scene()
    other.enrol()
    const people = new People(other)
    const signal = people.signal(0, { type: 'propose', text: textOf('A pond') })
    people.send({ ...signal, proof: new Uint8Array(256) })
    return [other.entries, { attachments: attachmentsOf('signal') }]
  },
  V19: () => appended(['act', scene.signed(publishing({ ocid: 'ocds-1', id: 'a' }))]),
}

test('the records before the attacks are sound', async () => {
  expect(failures(await inspect(before))).toEqual([])
  const act = scene.signed({ type: 'publish-result', election: ELECTION, result })
  expect(failures(await inspect([...before, encodeEntry(['act', act])]))).toEqual([])
})

test.each(Object.entries(MUTANTS))('%s alone condemns a record', async (check, mutant) => {
  const [entries, inspection] = await mutant()
  expect(failedChecks(await inspect(entries, inspection))).toEqual([check])
})

test('only the check on what this version does not have is left out: mixes (V13)', () => {
  expect(CHECKS.filter((check) => !(check in MUTANTS))).toEqual(['V13'])
})

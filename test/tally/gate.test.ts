// SPEC 7.1, 7.4, 8.2: every kind of entry, correctly signed, at every stage of an election, and what the gate answers.
import { expect, test } from 'vitest'
import { commitment } from '#circuits/credential.ts'
import type { Act } from '#protocol/act.ts'
import { ballotContent } from '#protocol/ballot.ts'
import { decodeEntry, type Entry } from '#protocol/entry.ts'
import type { GuardianMessage } from '#protocol/guardian.ts'
import { outcome } from '#tally/outcome.ts'
import { ELECTION, PROCESS, Scene } from './scene.ts'
import { naming } from './passkey.ts'
import { answer } from './verifying.ts'

const HOUR = 3_600_000
const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7)
const votes = [[[1n, 0n]], [[1n, 0n]], [[0n, 1n]]]

/** An election that is over, from which entries are taken where a stage cannot make its own. */
const over = new Scene()
await over.run(votes)
const election = ELECTION
const newcomer = { commitment: commitment(99n), weight: 1n, row: bytes(32) }
const root = over.opening().contests[0]?.root ?? 0n
const withheld = { contests: [{ status: 'withheld' as const, ballots: 0 }] }

const ACTS: Record<string, (scene: Scene) => Act> = {
  'create-process': () => ({ type: 'create-process', title: 'Again' }),
  'list-voters': () => ({ type: 'list-voters', roll: 'residents', rows: 3, list: bytes(32) }),
  'unlist-voters': () => ({ type: 'unlist-voters', roll: 'residents', rows: 1, list: bytes(32) }),
  'add-to-roll': () => ({ type: 'add-to-roll', roll: 'residents', credentials: [newcomer] }),
  'remove-from-roll': () => ({
    type: 'remove-from-roll',
    roll: 'residents',
    credentials: [commitment(over.voter(0).secret)],
  }),
  'freeze-roll': () => ({ type: 'freeze-roll', roll: 'residents', root, size: 3, totalWeight: 3n }),
  'define-election': ({ manifest }) => ({ type: 'define-election', election, manifest }),
  'start-keygen': ({ state }) => {
    const attempts = state.processes.get(PROCESS)?.elections.get(ELECTION)?.attempts.length ?? 0
    return { type: 'start-keygen', election, attempt: attempts + 1, guardians: [1, 2, 3] }
  },
  'open-election': (scene) => (scene.state.size >= STAGES.ready ? scene.opening() : over.opening()),
  'set-closing-time': ({ state }) => ({
    type: 'set-closing-time',
    election,
    closesAt: state.time + 3 * HOUR,
  }),
  'pause-voting': () => ({ type: 'pause-voting', election, message: { en: 'Wait' } }),
  'resume-voting': () => ({ type: 'resume-voting', election, message: { en: 'Go on' } }),
  'tell-voters': () => ({ type: 'tell-voters', election, message: { en: 'All is well' } }),
  'close-election': () => ({ type: 'close-election', election }),
  'publish-result': (scene) => {
    const result = scene.state.opened.size > 0 ? outcome(scene.election) : undefined
    return { type: 'publish-result', election, result: result ?? withheld }
  },
  'publish-application': () => ({ type: 'publish-application', files: bytes(32) }),
  'change-officials': () => naming(['ada', 'ben']),
}

const MESSAGES: Record<string, GuardianMessage> = {
  commit: { type: 'commit', hash: bytes(32) },
  reveal: {
    type: 'reveal',
    commitments: [bytes(64), bytes(64)],
    encryptionKey: bytes(64),
    proof: bytes(128),
  },
  deal: { type: 'deal', shares: [bytes(48), bytes(48)] },
  confirm: { type: 'confirm', transcript: bytes(32) },
  complain: { type: 'complain', accused: 1, sharedPoint: bytes(64), proof: bytes(64) },
  rehearse: { type: 'rehearse', share: bytes(64), proof: bytes(64) },
  intend: { type: 'intend', contest: 0, aggregate: bytes(32), checkpoint: 'seen' },
  decrypt: { type: 'decrypt', contest: 0, shares: [bytes(64)], proof: bytes(64) },
}

/** The stage that begins after the last entry of this kind. */
const STAGES = {
  nothing: 0,
  founded: 2,
  process: after('create-process'),
  roll: after('add-to-roll'),
  frozen: after('freeze-roll'),
  defined: after('define-election'),
  started: after('start-keygen'),
  committed: after('commit'),
  revealed: after('reveal'),
  dealt: after('deal'),
  confirmed: after('confirm'),
  ready: after('rehearse'),
  opened: after('open-election'),
  voting: after('ballot'),
  ended: after('ballot') + 1,
  closed: after('close-election'),
  intended: after('intend'),
  decrypted: after('decrypt'),
  announced: after('publish-result'),
}

/** The answers, each from the stage on at which it is first given. */
const TABLE = {
  genesis: { nothing: 'accepted', founded: 'not-expected-here' },
  time: { nothing: 'not-expected-here', founded: 'accepted' },
  'create-process': { nothing: 'not-expected-here', founded: 'accepted', process: 'already-exists' },
  'list-voters': {
    nothing: 'not-expected-here',
    founded: 'unknown-process',
    process: 'accepted',
    frozen: 'roll-frozen',
  },
  'unlist-voters': {
    nothing: 'not-expected-here',
    founded: 'unknown-process',
    process: 'accepted',
    frozen: 'roll-frozen',
  },
  'add-to-roll': {
    nothing: 'not-expected-here',
    founded: 'unknown-process',
    process: 'accepted',
    frozen: 'roll-frozen',
  },
  'remove-from-roll': {
    nothing: 'not-expected-here',
    founded: 'unknown-process',
    process: 'unknown-roll',
    roll: 'accepted',
    frozen: 'roll-frozen',
  },
  'freeze-roll': {
    nothing: 'not-expected-here',
    founded: 'unknown-process',
    process: 'unknown-roll',
    roll: 'accepted',
    frozen: 'roll-frozen',
  },
  'define-election': {
    nothing: 'not-expected-here',
    founded: 'unknown-process',
    process: 'accepted',
    defined: 'already-exists',
  },
  'start-keygen': {
    nothing: 'not-expected-here',
    founded: 'unknown-process',
    process: 'unknown-election',
    defined: 'accepted',
    opened: 'wrong-state',
  },
  'open-election': {
    nothing: 'not-expected-here',
    founded: 'unknown-process',
    process: 'unknown-election',
    defined: 'keygen-attempt',
    started: 'rehearsal-missing',
    ready: 'accepted',
    opened: 'already-exists',
  },
  'set-closing-time': {
    nothing: 'not-expected-here',
    founded: 'unknown-process',
    process: 'unknown-election',
    defined: 'wrong-state',
    opened: 'accepted',
    ended: 'wrong-state',
  },
  'pause-voting': {
    nothing: 'not-expected-here',
    founded: 'unknown-process',
    process: 'unknown-election',
    defined: 'wrong-state',
    opened: 'accepted',
    ended: 'wrong-state',
  },
  'resume-voting': {
    nothing: 'not-expected-here',
    founded: 'unknown-process',
    process: 'unknown-election',
    defined: 'wrong-state',
  },
  'tell-voters': {
    nothing: 'not-expected-here',
    founded: 'unknown-process',
    process: 'unknown-election',
    defined: 'accepted',
  },
  'close-election': {
    nothing: 'not-expected-here',
    founded: 'unknown-process',
    process: 'unknown-election',
    defined: 'wrong-state',
    opened: 'too-early',
    ended: 'accepted',
    closed: 'wrong-state',
  },
  'publish-result': {
    nothing: 'not-expected-here',
    founded: 'unknown-process',
    process: 'unknown-election',
    defined: 'wrong-state',
    decrypted: 'accepted',
    announced: 'wrong-state',
  },
  'publish-application': {
    nothing: 'not-expected-here',
    founded: 'unknown-process',
    process: 'accepted',
  },
  'change-officials': {
    nothing: 'not-expected-here',
    founded: 'unknown-process',
    process: 'accepted',
  },
  commit: {
    nothing: 'not-expected-here',
    founded: 'unknown-election',
    defined: 'wrong-state',
    started: 'accepted',
    committed: 'keygen-repeated',
    opened: 'wrong-state',
  },
  reveal: {
    nothing: 'not-expected-here',
    founded: 'unknown-election',
    defined: 'wrong-state',
    committed: 'keygen-commitment-mismatch',
    revealed: 'keygen-repeated',
    opened: 'wrong-state',
  },
  deal: {
    nothing: 'not-expected-here',
    founded: 'unknown-election',
    defined: 'wrong-state',
    revealed: 'accepted',
    dealt: 'keygen-repeated',
    opened: 'wrong-state',
  },
  confirm: {
    nothing: 'not-expected-here',
    founded: 'unknown-election',
    defined: 'wrong-state',
    dealt: 'keygen-transcript-mismatch',
    confirmed: 'keygen-repeated',
    opened: 'wrong-state',
  },
  complain: {
    nothing: 'not-expected-here',
    founded: 'unknown-election',
    defined: 'wrong-state',
    dealt: 'keygen-proof-invalid',
    confirmed: 'keygen-repeated',
    opened: 'wrong-state',
  },
  rehearse: {
    nothing: 'not-expected-here',
    founded: 'unknown-election',
    defined: 'wrong-state',
    confirmed: 'keygen-proof-invalid',
    ready: 'keygen-repeated',
    opened: 'wrong-state',
  },
  intend: {
    nothing: 'not-expected-here',
    founded: 'unknown-election',
    defined: 'wrong-state',
    closed: 'intent-conflict',
  },
  decrypt: {
    nothing: 'not-expected-here',
    founded: 'unknown-election',
    defined: 'wrong-state',
    closed: 'intent-missing',
  },
  ballot: {
    nothing: 'not-expected-here',
    founded: 'ballot-wrong-election',
    opened: 'too-early',
    voting: 'accepted',
    ended: 'too-late',
  },
}

test('every kind of entry at every stage', async () => {
  const scene = new Scene()
  const table: Record<string, Record<string, string>> = {}
  const last: Record<string, string> = {}
  for (const [stage, size] of Object.entries(STAGES)) {
    while (scene.state.size < size) scene.offer(decodeEntry(over.entries[scene.state.size] ?? bytes(0)))
    if (stage === 'closed') await scene.settle()
    for (const [kind, entry] of offers(scene)) {
      const said = answer(scene.state, entry)
      if (said !== last[kind]) (table[kind] ??= {})[stage] = last[kind] = said
    }
  }
  expect(table).toEqual(TABLE)
})

/** One entry of every kind, made for this place as far as there is one. */
function offers(scene: Scene): [kind: string, Entry][] {
  const { state } = scene
  const defined = state.processes.get(PROCESS)?.elections.get(ELECTION)
  const attempt = defined?.attempts.at(-1) ?? over.attempt
  const made: [string, Entry][] = [
    ['genesis', entryAt(0)],
    ['time', ['time', state.time]],
  ]
  for (const [kind, act] of Object.entries(ACTS))
    made.push([kind, state.founded ? ['act', scene.signed(act(scene))] : entryAt(STAGES.process - 1)])
  for (const [kind, message] of Object.entries(MESSAGES))
    made.push([kind, defined ? scene.guardianEntry(3, message, attempt) : entryAt(STAGES.committed - 1)])
  const open = state.opened.size > 0
  made.push([
    'ballot',
    open ? ['ballot', ballotContent(scene.ballot(2, [1n, 0n]).ballot)] : entryAt(STAGES.voting - 1),
  ])
  return made
}

function entryAt(index: number): Entry {
  return decodeEntry(over.entries[index] ?? bytes(0))
}

/** The place after the last entry of this kind: a type of entry, act or message. */
function after(kind: string): number {
  const kinds = over.entries.map((entry) => kindOf(decodeEntry(entry)))
  return kinds.lastIndexOf(kind) + 1
}

function kindOf([type, content]: Entry): string {
  return type === 'act' ? content.act.type : type === 'guardian' ? content.message.type : type
}

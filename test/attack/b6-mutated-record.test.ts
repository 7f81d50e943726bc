// B6: a verifier that trusts anything in the record. One leaf of the decoded structure after the other is altered in an
// entry of each kind; the server is dishonest and signs a new checkpoint, and where it is an official's act, the act too.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { contribution, formatTranscript, parseTranscript } from '#circuits/transcript.ts'
import { sha256 } from '#crypto/hash.ts'
import { signCheckpoint } from '#ledger/checkpoint.ts'
import { leafHash } from '#ledger/merkle.ts'
import { Tree } from '#ledger/tree.ts'
import { signAct } from '#protocol/act.ts'
import { decodeCbor, encodeCbor } from '#protocol/codec.ts'
import { decodeEntry, encodeEntry } from '#protocol/entry.ts'
import { checkpointOf, LOG_KEY } from '../tally/record.ts'
import { attachmentsOf, developmentSetup } from '../tally/setup.ts'
import { electionOfEverything, first, kindOf, label } from '../tally/corpus.ts'
import { Scene } from '../tally/scene.ts'
import { failedChecks, failures, flip, inspect, refusalOf } from '../tally/verifying.ts'

let scene: Scene
let whole: Scene
/** Up to the definition, with a credential that left the roll. */
const withRemoval = new Scene({ removed: [7n, 8n] })
beforeAll(async () => {
  withRemoval.prepare()
  whole = await electionOfEverything()
})
beforeEach(() => void (scene = whole))

type Plain = null | boolean | number | bigint | string | Uint8Array | Plain[] | { [key: string]: Plain }

/** The value with each leaf altered in turn; of a list only the first and the last member, of a ballot's tuples all. */
function* alterations(value: Plain, all: boolean, path: string[] = []): Generator<[path: string, Plain]> {
  if (Array.isArray(value)) {
    const members = value.map((_, i) => i).filter((i) => all || i === 0 || i === value.length - 1)
    for (const i of members)
      for (const [at, altered] of alterations(value[i] ?? null, all, [...path, String(i)]))
        yield [at, value.with(i, altered)]
  } else if (value !== null && typeof value === 'object' && !(value instanceof Uint8Array)) {
    for (const [key, member] of Object.entries(value))
      for (const [at, altered] of alterations(member, all, [...path, key]))
        yield [at, { ...value, [key]: altered }]
  } else yield [path.join('.'), altered(value)]
}

function altered(leaf: Plain): Plain {
  if (leaf instanceof Uint8Array) return flip(leaf, leaf.length >> 1)
  if (typeof leaf === 'string') return `${leaf}x`
  if (typeof leaf === 'boolean') return !leaf
  if (typeof leaf === 'number' || typeof leaf === 'bigint') return BigInt(leaf) + 1n
  throw new Error('no leaf')
}

/** One entry of each kind, the last of each but for ballots, where it is the first. */
function representatives(): Map<string, number> {
  const found = new Map<string, number>()
  scene.entries.forEach((bytes, index) => {
    const kind = kindOf(decodeEntry(bytes))
    if (!(kind === 'ballot' && found.has(kind))) found.set(kind, index)
  })
  return found
}

/** The entry's act signed again by the official in whose hands it fell; undefined if it is no act any more. */
function signedAgain(bytes: Uint8Array): Uint8Array | undefined {
  if (refusalOf(() => decodeEntry(bytes)) !== 'accepted') return undefined
  const [type, content] = decodeEntry(bytes)
  if (type !== 'act') return undefined
  const unsigned = { ...content, approvals: [] }
  return encodeEntry(['act', signAct(scene.log, unsigned, 'operator', scene.operator)])
}

/** What an observer first meets after an alteration, as [alteration, answer]; the first that matches holds. `here` is
 *  the altered entry. */
const FORGED: readonly [RegExp, string][] = [
  [
    /^\S+ 0$|version|count\.name$|(type|kind|revoting|order|circuit|status)$|ballot 1\.0\.[03]$/,
    'V3@here malformed',
  ],
  [/^genesis 1\.signers\.0\.id/, 'V4@create-process act-signer-unknown'],
  // One more than there are signers: nobody could ever act.
  [/^genesis 1\.approvals/, 'V3@here malformed'],
  [/^genesis/, 'V4@create-process act-signature-invalid'],
  // Moved by a millisecond it decides nothing; but guardians have seen the log after closing, and this is another one.
  [/^time 1$/, 'V1'],
  [/^ballot 1\.0\.1$/, 'V8@here ballot-wrong-election'],
  [/^ballot 1\.0\.2$/, 'V8@here ballot-proof-invalid'],
  [/^ballot 1\.0\.4$/, 'V9@here ballot-sequence'],
  [/^ballot 1\.(0\.5|1\.0|1\.1)$/, 'V8@here ballot-nullifier-mismatch'],
  [/^ballot/, 'V8@here ballot-proof-invalid'],
  [
    /^(commit|reveal|deal|confirm|rehearse|intend|decrypt) 1\.(process|election)$/,
    'V4@here unknown-election',
  ],
  [/^(commit|reveal|deal|confirm|rehearse|intend|decrypt) 1\.guardian$/, 'V7@here guardian-unknown'],
  [/^(commit|reveal|deal|confirm|rehearse|intend|decrypt)/, 'V7@here guardian-signature-invalid'],
  [/approvals\.0\.signer$/, 'V4@here act-signer-unknown'],
  [/./, 'V4@here act-signature-invalid'],
]

/** The same where the act is signed again. */
const SIGNED_AGAIN: readonly [RegExp, string][] = [
  [/stateCounter$/, 'V4@here act-counter-stale'],
  [/^create-process 1\.process$/, 'V4@add-to-roll unknown-process'],
  [/1\.process$/, 'V4@here unknown-process'],
  // Neither until when an official's signature holds nor what a process is called nor whose register row a credential
  // belongs to decides anything in the tally: such a change shows against a checkpoint or receipt that somebody holds,
  // here those in the guardians' intents. After the last intent nobody does.
  [/^publish-result 1\.expiry$/, 'nothing'],
  [/^(create-process|add-to-roll|freeze-roll|start-keygen|close-election) 1\.expiry$/, 'V1'],
  [/^create-process 1\.act\.title$|^add-to-roll .*row$/, 'V1'],
  [/^add-to-roll 1\.act\.roll$/, 'V4@freeze-roll unknown-roll'],
  [/^add-to-roll/, 'V6@freeze-roll roll-mismatch'],
  // Nobody has seen this record after closing yet.
  [/^remove-from-roll 1\.expiry$/, 'nothing'],
  [/^remove-from-roll 1\.act\.roll$/, 'V4@here unknown-roll'],
  [/^remove-from-roll 1\.act\.credentials/, 'V6@here credential-unknown'],
  [/^freeze-roll 1\.act\.roll$/, 'V4@here unknown-roll'],
  [/^freeze-roll/, 'V6@here roll-mismatch'],
  [/^define-election 1\.act\.election$/, 'V4@start-keygen unknown-election'],
  [/^define-election 1\.act\.manifest\.(quorum|languages\.0|threshold)$/, 'V4@here manifest-invalid'],
  [/^define-election/, 'V7@commit guardian-signature-invalid'],
  [/^start-keygen 1\.act\.attempt$/, 'V7@here keygen-attempt'],
  [/^start-keygen 1\.act\.guardians/, 'V7@here guardian-unknown'],
  [/1\.act\.election$/, 'V4@here unknown-election'],
  [/^open-election 1\.act\.(key|transcript)$/, 'V7@here keygen-transcript-mismatch'],
  [/^open-election 1\.act\.attempt$/, 'V7@here keygen-attempt'],
  [/^open-election 1\.act\.definition$/, 'V4@here manifest-invalid'],
  [/^open-election 1\.act\.contests.*root$/, 'V6@here roll-mismatch'],
  [/^open-election 1\.act\.contests/, 'V6@here packing-mismatch'],
  [/^open-election/, 'V8@ballot ballot-wrong-election'],
  [/^publish-result .*(sums\.[01]|blank)$/, 'V12@here sums-differ'],
  [/^publish-result .*count$/, 'V14@here count-differs'],
  [/^publish-result .*ballots$/, 'V10@here ballots-differ'],
]

describe('B6 every leaf of an entry of every kind', () => {
  test.each([
    'genesis',
    'time',
    'create-process',
    'add-to-roll',
    'remove-from-roll',
    'freeze-roll',
    'define-election',
    'start-keygen',
    'commit',
    'reveal',
    'deal',
    'confirm',
    'rehearse',
    'open-election',
    'ballot',
    'close-election',
    'intend',
    'decrypt',
    'publish-result',
  ])('%s', async (kind) => {
    if (kind === 'remove-from-roll') scene = withRemoval
    const index = representatives().get(kind) ?? -1
    const plain = decodeCbor(scene.entries[index] ?? new Uint8Array()) as Plain
    const met: Record<string, string> = {}
    const wanted: Record<string, string> = {}
    const note = async (name: string, bytes: Uint8Array, rules: typeof FORGED): Promise<void> => {
      const findings = await inspect(scene.entries.with(index, bytes))
      const answer = first(findings).replace(/@(\d+)/, (_, at) =>
        Number(at) === index ? '@here' : `@${label(scene.entries, Number(at)).replace(/^\d+ /, '')}`,
      )
      met[name] = answer
      wanted[name] = rules.find(([pattern]) => pattern.test(name.replace('again ', '')))?.[1] ?? ''
    }
    for (const [path, changed] of alterations(plain, kind === 'ballot')) {
      const bytes = encodeCbor(changed)
      await note(`${kind} ${path}`, bytes, FORGED)
      const again = path.includes('approvals') ? undefined : signedAgain(bytes)
      if (again !== undefined) await note(`again ${kind} ${path}`, again, SIGNED_AGAIN)
    }
    expect(met).toEqual(wanted)
    expect(Object.keys(met).length).toBeGreaterThan(1)
  })
})

describe('B6 the record around the entries', () => {
  test('as it is, it passes', async () => {
    expect(failures(await inspect(scene.entries))).toEqual([])
  })

  test('one byte anywhere, under the checkpoint that was signed: V1', async () => {
    const checkpoint = checkpointOf(scene.entries)
    for (let index = 0; index < scene.entries.length; index += 3) {
      const bytes = scene.entries[index] ?? new Uint8Array()
      const altered = scene.entries.with(index, flip(bytes, (index * 7919) % bytes.length))
      expect(failedChecks(await inspect(altered, { checkpoint }))).toContain('V1')
    }
  })

  test('a checkpoint whose text is altered anywhere', async () => {
    const text = checkpointOf(scene.entries)
    const variants = [
      text.replace(/^example/, 'Example'),
      text.replace(`\n${scene.entries.length}\n`, `\n${scene.entries.length - 1}\n`),
      text.replace(
        /\n(.)(.*=)\n\n/,
        (_, head: string, rest: string) => `\n${head === 'A' ? 'B' : 'A'}${rest}\n\n`,
      ),
      text.replace(/(.)(.{8})\n$/, (_, head: string, rest: string) => `${head === 'A' ? 'B' : 'A'}${rest}\n`),
      text.slice(0, -1),
      `${text}x`,
    ]
    for (const checkpoint of variants) {
      expect(checkpoint).not.toBe(text)
      expect(failedChecks(await inspect(scene.entries, { checkpoint }))).toContain('V2')
    }
  })

  test('the checkpoint of another log with the same key', async () => {
    const tree = new Tree()
    for (const entry of scene.entries) tree.append(leafHash(entry))
    const other = { ...LOG_KEY, name: 'example.org/other' }
    const checkpoint = signCheckpoint({ origin: other.name, size: tree.size, root: tree.root() }, other)
    expect(failedChecks(await inspect(scene.entries, { checkpoint }))).toEqual(['V1', 'V2'])
  })

  test('the verification key or the transcript of another circuit in place of its own', async () => {
    const [key, transcript] = attachmentsOf('S') as [Uint8Array, Uint8Array]
    const [otherKey, otherTranscript] = attachmentsOf('L') as [Uint8Array, Uint8Array]
    const withKey = await inspect(scene.entries, { attachments: [otherKey, transcript] })
    expect(failedChecks(withKey)).toEqual(['V5', 'V8'])
    const withTranscript = await inspect(scene.entries, { attachments: [key, otherTranscript] })
    expect(failedChecks(withTranscript)).toEqual(['V5'])
  })

  test('an opening that names the verification key of another circuit, or the ceremony of another key', async () => {
    const own = developmentSetup('S')
    const { circuit } = parseTranscript(own.transcript)
    const stranger = contribution({ circuit, contributions: [] }, 'somebody', 12345n)
    const transcript = formatTranscript({ circuit, contributions: [stranger] })
    const { verificationKey } = developmentSetup('L').setup
    for (const changes of [{ verificationKey }, { transcript: sha256(transcript) }]) {
      const other = new Scene()
      other.prepare()
      other.keygen()
      other.act({ ...other.opening(), setups: [{ ...own.setup, ...changes }] })
      const attachments = [...attachmentsOf('S', 'L'), transcript]
      expect(failedChecks(await inspect(other.entries, { attachments }))).toEqual(['V5'])
    }
  })
})

// The examples of docs/protocol.md from the ledger to the verifier; see spec-examples.ts.
import { problemSentence } from '#cli/manifest-problem.ts'
import { ALPHA, BETA, DELTA, TAU } from '#circuits/build/development.ts'
import { contribution, contributionHash, formatTranscript } from '#circuits/transcript.ts'
import {
  clearCofactor,
  decodePoint,
  decodeSubgroupPoint,
  encodePoint,
  G,
  multiply,
} from '#crypto/babyjubjub.ts'
import { ed25519PublicKey, signEd25519 } from '#crypto/ed25519.ts'
import { concat, fromHex, toHex } from '#crypto/encoding.ts'
import { checkVerificationKey, parseVerificationKey } from '#crypto/groth16.ts'
import { hashToBytes, sha256 } from '#crypto/hash.ts'
import { check, equalityStatement } from '#crypto/preimage.ts'
import { signCheckpoint } from '#ledger/checkpoint.ts'
import { leafHash } from '#ledger/merkle.ts'
import { formatVerifierKey, verifierKeyOf } from '#ledger/note.ts'
import { formatReceipt } from '#ledger/proof.ts'
import { ballotContent } from '#protocol/ballot.ts'
import { writeFileList } from '#protocol/application.ts'
import { decodeCbor, encodeCbor } from '#protocol/codec.ts'
import { checkManifest } from '#protocol/contest.ts'
import { decodeEntry, type Entry } from '#protocol/entry.ts'
import { manifestSchema } from '#protocol/manifest.ts'
import type { Assertion } from '#protocol/official.ts'
import { checkAssertion } from '#protocol/passkey.ts'
import { Refusal } from '#protocol/refusal.ts'
import { count } from '#tally/count/count.ts'
import type { CountMethod } from '#tally/count/result.ts'
import { writeRecord } from '#tally/record.ts'
import { CHECK_OF } from '#tally/verify/finding.ts'
import { ELECTION, Scene } from '../tally/scene.ts'
import * as z from 'zod/mini'
import { answersOf } from './answers.ts'
import { DEFINITION, hex, LOG, type Recipe } from './spec-examples.ts'

export const RECORD: Record<
  string,
  Recipe | ((given: (name: string) => string) => Promise<Record<string, string>>)
> = {
  '7.1': (given) => {
    const bytes = fromHex(given('entry'))
    return {
      type: decodeEntry(bytes)[0],
      'leaf hash': toHex(sha256(concat(Uint8Array.of(0), bytes))),
      'with a longer head': outcome(fromHex(`9802${given('entry').slice(2)}`)),
    }
  },
  '7.2': (given) => ({ 'entry in hexadecimal': toHex(encodeCbor(['time', Date.parse(given('instant'))])) }),
  '7.3': (given) => {
    const bytes = fromHex(given('entry'))
    const [type, genesis] = decodeEntry(bytes)
    if (type !== 'genesis') throw new Error('not a genesis entry')
    return {
      origin: genesis.origin,
      'signers, approvals': `${genesis.signers.map((s) => s.id).join()}, ${JSON.stringify(genesis.approvals)}`,
      'SHA-256 of the entry': toHex(sha256(bytes)),
    }
  },
  '7.4': (given) => {
    const act = decodeCbor(fromHex(given('act')))
    const [process, reason] = [given('process'), given('reason')]
    const [counter, expiry] = [Number(given('stateCounter')), Number(given('expiry'))]
    const message = [LOG.origin, LOG.genesis, process, counter, expiry, reason, encodeCbor(act)]
    const statement = hashToBytes('act', encodeCbor(message), 32)
    const secret = fromHex(given('secret of the signer'))
    const proof = signEd25519(secret, statement)
    const approvals = [{ signer: 'operator', kind: 'ed25519', proof }]
    return {
      'key of the signer': toHex(ed25519PublicKey(secret)),
      statement: toHex(statement),
      proof: toHex(proof),
      entry: toHex(encodeCbor(['act', { process, stateCounter: counter, expiry, reason, act, approvals }])),
    }
  },
  '7.5': (given) => {
    const key = { name: given('origin'), secret: fromHex(given('secret of the log')) }
    const root = leafHash(fromHex(given('the only entry')))
    const checkpoint = signCheckpoint({ origin: key.name, size: 1, root }, key)
    return {
      policy: JSON.stringify(`log ${formatVerifierKey(verifierKeyOf(key))}\nquorum none\n`),
      checkpoint: JSON.stringify(checkpoint),
      'receipt of entry 0': JSON.stringify(formatReceipt({ index: 0, path: [], checkpoint })),
    }
  },
  '7.6': async (given) => {
    const list = async function* (items: readonly Uint8Array[]) {
      for (const item of items) yield await Promise.resolve(item)
    }
    const parts: Uint8Array[] = []
    const [entries, attachments] = [list([fromHex(given('entry'))]), list([fromHex(given('attachment'))])]
    for await (const part of writeRecord(given('policy'), given('checkpoint'), entries, attachments))
      parts.push(part)
    return { file: toHex(concat(...parts)) }
  },
  '7.7': (given) => {
    const [empty, paths] = [toHex(sha256(new Uint8Array())), given('empty files').split(', ')]
    const list = writeFileList(new Map(paths.map((path) => [path, empty])))
    return { list: JSON.stringify(new TextDecoder().decode(list)), 'named in the act': toHex(sha256(list)) }
  },
  '7.8': (given) => {
    const place = { relyingParty: given('relyingParty'), webOrigins: [given('web origin')] }
    const [key, statement] = [fromHex(given('key of the official')), fromHex(given('statement'))]
    const assertion: Assertion = [
      fromHex(given('authenticatorData')),
      new TextEncoder().encode(given('clientDataJSON')),
      fromHex(given('signature')),
    ]
    const holds = (challenge: Uint8Array) => String(checkAssertion(place, key, challenge, assertion))
    return {
      challenge: Buffer.from(statement).toString('base64url'),
      holds: holds(statement),
      'with another challenge': holds(sha256(statement)),
    }
  },
  '8.1': (given) => {
    const manifest = z.decode(
      manifestSchema,
      decodeCbor(fromHex(given('manifest'))) as z.input<typeof manifestSchema>,
    )
    const problems = (changes: Partial<typeof manifest>) =>
      checkManifest({ ...manifest, ...changes })
        .map(problemSentence)
        .join('; ')
    const [contest] = manifest.contests
    const { picture, point } = contest?.options[0] ?? {}
    if (contest === undefined || picture === undefined || point === undefined) throw new Error('an example')
    return {
      title: manifest.title['en'] ?? '',
      'order of contest 0': contest.order,
      'picture of a': `${toHex(picture.hash)} (${picture.alt['en'] ?? ''})`,
      'place of a': `${point.lat / 1e6} ${point.lon / 1e6}`,
      problems: problems({}) || 'none',
      'with threshold 2 of 1': problems({ threshold: 2, quorum: 2 }),
    }
  },
  '8.2': (given) => {
    const entry = fromHex(given('entry'))
    const [type, content] = decodeEntry(entry)
    if (type !== 'act' || content.act.type !== 'open-election') throw new Error('not an opening')
    const { key, contests, setups } = content.act
    return {
      'Y is 5 G': String(toHex(key) === toHex(encodePoint(multiply(G, 5n)))),
      contests: contests.map((c) => `${c.circuit} ${c.bits} ${c.perCiphertext} ${c.ciphertexts}`).join(),
      setups: setups.map((s) => s.circuit).join(),
      E: toHex(sha256(entry)),
    }
  },
  '8.3': async () => {
    const scene = votingScene()
    const first = scene.ballot(0, [1n, 0n]).ballot
    const second = scene.ballot(0, [0n, 1n]).ballot
    const said = answersOf(scene)
    const answers = {
      'sequence number 0': said(['ballot', ballotContent(first)]),
      'the same again': said(['ballot', ballotContent(first)]),
      'another body, sequence number 0 again': said(['ballot', ballotContent(second)]),
      'sequence number 1': said(['ballot', ballotContent(scene.ballot(0, [0n, 1n]).ballot)]),
    }
    const late = scene.ballot(1, [1n, 0n]).ballot
    scene.offer(['time', scene.election.closesAt])
    const afterwards = { 'at closesAt': said(['ballot', ballotContent(late)]) }
    await Promise.resolve()
    return { ...answers, ...afterwards, 'voters counted': String(scene.contestState().voters.size) }
  },
  '8.4': () => {
    const scene = votingScene()
    const said = answersOf(scene)
    const act = (type: 'pause-voting' | 'resume-voting'): Entry => [
      'act',
      scene.signed({ type, election: ELECTION, message: { en: 'Why' } }),
    ]
    const ballot: Entry = ['ballot', ballotContent(scene.ballot(0, [1n, 0n]).ballot)]
    const late: Entry = ['ballot', ballotContent(scene.ballot(1, [1n, 0n]).ballot)]
    scene.offer(act('pause-voting'))
    const answers = {
      'a ballot while paused': said(ballot),
      'a second pause': said(act('pause-voting')),
    }
    scene.offer(act('resume-voting'))
    const resumed = {
      'the same ballot when resumed': said(ballot),
      'resumed again': said(act('resume-voting')),
    }
    scene.offer(act('pause-voting'))
    scene.offer(['time', scene.election.closesAt])
    return {
      ...answers,
      ...resumed,
      'at closesAt in another pause, a ballot': said(late),
      'and resuming': said(act('resume-voting')),
      'and closing': said(['act', scene.signed({ type: 'close-election', election: ELECTION })]),
    }
  },
  '9.1': (given) => {
    const message = [fromHex(given('E')), Number(given('contest')), fromHex(given('aggregate_0'))]
    return { 'hash of the intent': toHex(hashToBytes('aggregate', encodeCbor(message), 32)) }
  },
  '9.2': (given) => {
    const [a, b] = ["C'_a", "C'_b"].map((name) => fromHex(given(name)))
    if (a === undefined || b === undefined) throw new Error('two ciphertexts')
    const half = (at: number) =>
      encodePoint(
        clearCofactor(decodePoint(a.subarray(at, at + 64)).add(decodePoint(b.subarray(at, at + 64)))),
      )
    return { aggregate_0: toHex(concat(half(0), half(64))) }
  },
  '9.3': (given) => {
    const place = hashToBytes('guardian', encodeCbor([LOG.origin, LOG.genesis, DEFINITION, 1, 1]), 32)
    const context = encodeCbor([place, fromHex(given('E')), Number(given('contest'))])
    const base = decodeSubgroupPoint(fromHex(given('c1 of aggregate_0')))
    const x = BigInt(given('key share'))
    const statement = equalityStatement([G, base], [multiply(G, x), multiply(base, x)])
    return {
      context: toHex(context),
      share: toHex(encodePoint(multiply(base, x))),
      'proof holds': String(check('partial-decryption', context, statement, fromHex(given('proof')))),
    }
  },
  '9.4': (given) => {
    const bits = BigInt(given('b'))
    const slots = Number(given('slots'))
    const packed = BigInt(given('exponent'))
    const sums = Array.from(
      { length: slots },
      (_, pos) => (packed >> (bits * BigInt(pos))) & ((1n << bits) - 1n),
    )
    const bounds = sums.map((_, pos) => BigInt(given('counted ballots')) << (bits * BigInt(pos)))
    return { 'largest exponent': bounds.reduce((a, b) => a + b).toString(), sums: sums.join(' ') }
  },
  '9.5': (given) => {
    const method = JSON.parse(given('method')) as { name: string; budget: number }
    const result = count({ ...method, budget: BigInt(method.budget) } as CountMethod, {
      options: given('options, costs')
        .split(' ')
        .map((text) => {
          const [id = '', cost = ''] = text.split(':')
          return { id, cost: BigInt(cost) }
        }),
      scores: given('sums').split(' ').map(BigInt),
      ballots: BigInt(given('ballots')),
    })
    return {
      winners: result.winners.join(' '),
      rounds: result.rounds
        .map((r) => `${r.kind} ${r.option}${r.tie === null ? '' : ` (${r.tie.rule})`}`)
        .join(', '),
      'result in hexadecimal': toHex(encodeCbor(result)),
    }
  },
  '9.6': (given) => {
    const counted = {
      status: 'counted',
      ballots: 3,
      blank: 0,
      sums: [2, 1],
      count: fromHex(given('count')),
    }
    const result = { contests: [counted, { status: 'withheld', ballots: 1 }] }
    return { 'result in hexadecimal': toHex(encodeCbor(result)) }
  },
  '10.1': (given) => {
    const json = JSON.parse(given('verification key')) as Record<string, unknown>
    const problems = (key: object) =>
      checkVerificationKey(parseVerificationKey(JSON.stringify(key))).join('; ')
    return {
      problems: problems(json) || 'none',
      'with delta = gamma': problems({ ...json, vk_delta_2: json['vk_gamma_2'] }),
    }
  },
  '10.2': (given) => {
    const circuit = fromHex(given('hash of the initial key'))
    const first = contribution({ circuit, contributions: [] }, given('name'), BigInt(given('x')))
    return {
      transcript: toHex(formatTranscript({ circuit, contributions: [first] })),
      'hash of the contribution': toHex(contributionHash(first)),
    }
  },
  '10.3': () => ({ tau: hex(TAU), alpha: hex(ALPHA), beta: hex(BETA), delta: hex(DELTA) }),
  '11': () => ({
    ...Object.fromEntries(
      [...Map.groupBy(Object.entries(CHECK_OF), ([, check]) => check)]
        .sort(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)))
        .map(([check, codes]) => [check, codes.map(([code]) => code).join(', ')]),
    ),
  }),
}

function outcome(bytes: Uint8Array): string {
  try {
    return decodeEntry(bytes)[0]
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

function votingScene(): Scene {
  const scene = new Scene()
  scene.prepare()
  scene.keygen()
  scene.open()
  return scene
}

// The examples of docs/protocol.md, read from its text and recomputed, mostly by formulas written out again from the
// specification. Each recipe takes what its section gives and returns what the section says follows.
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { commitment, nullifier } from '#circuits/credential.ts'
import { EMPTY, extendRoot, leaf, rollRoot } from '#circuits/roll.ts'
import { checkParameters, type RuleParameters } from '#circuits/rule.ts'
import { publicInputCount } from '#circuits/ballot.ts'
import { poseidon } from '#circuits/poseidon.ts'
import {
  clearCofactor,
  decodeKey,
  decodePoint,
  decodeSubgroupPoint,
  encodePoint,
  encodeScalar,
  FIELD_ORDER,
  G,
  multiply,
  ORDER,
} from '#crypto/babyjubjub.ts'
import { checkClaims } from '#crypto/claims.ts'
import { encodeCiphertext, encrypt } from '#crypto/elgamal.ts'
import { bigintToBytes, bytesToBigint, concat, fromHex, toHex } from '#crypto/encoding.ts'
import { checkProof, parseVerificationKey } from '#crypto/groth16.ts'
import { hashToBytes, hashToField, hashToScalar, sha256 } from '#crypto/hash.ts'
import { check, equalityStatement, knowledgeStatement, type Statement } from '#crypto/preimage.ts'
import { sealShare, sharedPoint } from '#crypto/sealing.ts'
import { type BallotContext, type Body, ballotOf, challenges, slotCoefficients } from '#protocol/ballot.ts'
import { noteLink } from '#protocol/challenge.ts'
import { decodeCbor, encodeCbor } from '#protocol/codec.ts'
import { packing, ruleParameters, usedSlots } from '#protocol/contest.ts'
import { scope } from '#protocol/scope.ts'
import { decodeEntry } from '#protocol/entry.ts'
import { guardianContext, keygenTranscript, revealHash, shareInfo } from '#protocol/guardian.ts'
import { checkOpening, decodeOpening } from '#protocol/seal.ts'
import { formatTracker } from '#protocol/tracker.ts'
import { contest } from '../tally/scene.ts'

/** What an example gives, by name. */
export type Given = (name: string) => string
/** What follows from it, by name. */
export type Recipe = (given: Given) => Record<string, string> | Promise<Record<string, string>>

/** Values that stand in several examples. */
export const LOG = {
  origin: 'example.org/comitia',
  genesis: fromHex('cbbae89e96e5d70770ec6e075f9d94550d34748e2e61a391bb6ae304f8916929'),
}
export const DEFINITION = fromHex('22'.repeat(32))
const KEY = multiply(G, 5n)
const PLACE = { log: LOG, definition: DEFINITION, attempt: 1, guardian: 1 }

/** The contest of the ballot examples: three options, at most two, a blank vote, a roll of 1,000. */
const CONTEST = contest({
  options: ['a', 'b', 'c'].map((id) => ({ id, title: { en: id } })),
  rule: { type: 'approval', min: 1n, max: 2n },
  blank: true,
  count: { name: 'approval', seats: 1 },
})

export function exampleContext(): BallotContext {
  const packed = packing(CONTEST, 'S', { size: 1000, totalWeight: 1000n })
  if (packed === undefined) throw new Error('the example fits')
  const { x, y } = KEY.toAffine()
  const election = fromHex('11'.repeat(32))
  return {
    election,
    contest: 0,
    circuit: 'S',
    scope: scope(LOG, 'contest', election, 0),
    root: 0n,
    key: [x, y],
    rule: ruleParameters(CONTEST, 'S'),
    slots: usedSlots(CONTEST),
    packing: packed,
  }
}

export const FOUNDATIONS: Record<string, Recipe> = {
  '2.1': (given) => ({
    'entry in hexadecimal': toHex(encodeCbor(['time', Number(given('time'))])),
    'map in hexadecimal': toHex(encodeCbor(JSON.parse(given('map')) as unknown)),
  }),
  '2.2': (given) => ({
    'the scalar': toHex(bigintToBytes(BigInt(given('k')), 32)),
    G: toHex(encodePoint(G)),
    'k G': toHex(encodePoint(multiply(G, BigInt(given('k'))))),
  }),
  '2.3': (given) => {
    const message = fromHex(given('message'))
    return {
      domain: `comitia/v1/${given('tag')}/babyjubjub`,
      'H(tag, message, 32)': toHex(hashToBytes(given('tag'), message, 32)),
      'scalar(tag, message)': hex(bytesToBigint(hashToBytes(given('tag'), message, 48)) % ORDER),
      'field(tag, message)': hex(bytesToBigint(hashToBytes(given('tag'), message, 48)) % FIELD_ORDER),
    }
  },
  '2.4': (given) => ({
    'P(1, 2)': hex(poseidon(given('two').split(' ').map(BigInt))),
    'P(1, 2, 3, 4)': hex(poseidon(given('four').split(' ').map(BigInt))),
  }),
  '2.5': (given) => {
    const sent = decodePoint(fromHex(given("P'")))
    return {
      'in the subgroup': String(sent.isTorsionFree()),
      "8 P'": toHex(encodePoint(clearCofactor(sent))),
      '8 G': toHex(encodePoint(multiply(G, 8n))),
    }
  },
  '3.1': (given) => {
    const statement = knowledgeStatement(G, [decodeKey(fromHex(given('image')))])
    const context = fromHex(given('context'))
    return proofOutputs(given('tag'), context, statement, fromHex(given('proof')))
  },
  '3.2': (given) => {
    const key = parseVerificationKey(given('verification key'))
    const proof = fromHex(given('proof'))
    return {
      'holds for 7': String(checkProof(key, proof, [7n])),
      'holds for 8': String(checkProof(key, proof, [8n])),
      'holds for 7 + p': String(checkProof(key, proof, [7n + FIELD_ORDER])),
    }
  },
  '3.3': (given) => {
    const claim = {
      ciphertexts: fromHex(given("c1'_0 || c2'_0")),
      coefficients: [BigInt(`0x${given('rho_0')}`)],
      d1: fromHex(given('D1')),
      d2: fromHex(given('D2')),
    }
    return { holds: String(checkClaims([claim])), swapped: String(checkClaims([{ ...claim, d1: claim.d2 }])) }
  },
  '4.1': (given) => {
    const seed = fromHex(given('seed'))
    const s = hashToField('credential', seed)
    // BIP-39: entropy and the first byte of its SHA-256, 11 bits a word.
    const bits = bytesToBigint(concat(seed, sha256(seed).subarray(0, 1)))
    const words = Array.from(
      { length: 24 },
      (_, i) => wordlist[Number((bits >> BigInt(11 * (23 - i))) % 2048n)],
    )
    const output = fromHex(given('output of a passkey'))
    return {
      s: hex(s),
      'C = P(1, s)': hex(poseidon([1n, s])),
      words: words.join(' '),
      'backup in hexadecimal': toHex(encodeCbor({ format: 'comitia-credential', seed })),
      'seed of that passkey': toHex(hashToBytes('credential-passkey', output, 32)),
    }
  },
  '4.2': (given) => {
    const leaves = [given('C_0, w_0'), given('C_1, w_1')].map((text) => {
      const [c = '', w = ''] = text.split(', ')
      return leaf(field(c), BigInt(w))
    })
    const root = rollRoot(leaves, 10)
    return {
      leaf_0: hex(leaves[0] ?? 0n),
      'empty subtree of 1 level': hex(EMPTY[1] ?? 0n),
      'root of 10 levels': hex(root),
      'root of 12 levels': hex(extendRoot(root)),
    }
  },
  '4.3': (given) => {
    const log = { origin: given('origin'), genesis: fromHex(given('genesis')) }
    const message = [log.origin, log.genesis, 'contest', fromHex(given('E')), Number(given('contest'))]
    const under = hashToField('scope', encodeCbor(message))
    return { scope: hex(under), 'N = P(3, s, scope)': hex(nullifier(field(given('s')), under)) }
  },
  '4.4': (given) => {
    const row = hashToBytes(
      'register-row',
      concat(fromHex(given('salt')), new TextEncoder().encode(given('row of the register'))),
      32,
    )
    const credential = { commitment: encodeField(commitment(1n)), weight: 1, row }
    const act = { type: 'add-to-roll', roll: 'residents', credentials: [credential] }
    const listing = { type: 'list-voters', roll: 'residents', rows: 1, list: row }
    const removal = { type: 'remove-from-roll', roll: 'residents', credentials: [credential.commitment] }
    return {
      row: toHex(row),
      'act in hexadecimal': toHex(encodeCbor(act)),
      'before both, with rows 1 and the list row': toHex(encodeCbor(listing)),
      'its opposite': toHex(encodeCbor(removal)),
    }
  },
  '5.1': (given) => {
    const act = {
      type: 'start-keygen',
      election: given('election'),
      attempt: Number(given('attempt')),
      guardians: given('guardians').split(', ').map(Number),
    }
    return { 'act in hexadecimal': toHex(encodeCbor(act)) }
  },
  '5.2': (given) => {
    const message = {
      type: 'reveal' as const,
      commitments: [fromHex(given('A_0'))],
      encryptionKey: fromHex(given('encryption key')),
      proof: fromHex(given('proof')),
    }
    const context = hashToBytes('guardian', encodeCbor([LOG.origin, LOG.genesis, DEFINITION, 1, 1]), 32)
    const images = [message.commitments[0], message.encryptionKey].map((p) => decodeKey(p ?? G.toBytes()))
    if (toHex(context) !== toHex(guardianContext(PLACE))) throw new Error('another context')
    return {
      context: toHex(context),
      'message in hexadecimal': toHex(encodeCbor(message)),
      'hash of commit': toHex(revealHash(PLACE, message)),
      'proof holds': String(check('keygen-reveal', context, knowledgeStatement(G, images), message.proof)),
    }
  },
  '5.3': (given) => {
    const shared = sharedPoint(
      BigInt(given('secret of the sender')),
      decodeKey(fromHex(given('key of the receiver'))),
    )
    const info = shareInfo(PLACE, 1, 2)
    return {
      'shared point': toHex(encodePoint(shared)),
      info: toHex(info),
      'sealed share': toHex(sealShare(shared, info, BigInt(given('share')))),
    }
  },
  '5.4': (given) => {
    const reveal = decodeCbor(fromHex(given('reveal'))) as Parameters<
      typeof keygenTranscript
    >[1][number]['reveal']
    const deal = { type: 'deal' as const, shares: [] }
    const message = [LOG.origin, LOG.genesis, DEFINITION, 1, [[1, encodeCbor(reveal), encodeCbor(deal)]]]
    const transcript = hashToBytes('keygen-transcript', encodeCbor(message), 32)
    if (toHex(transcript) !== toHex(keygenTranscript(PLACE, [{ guardian: 1, reveal, deal }])))
      throw new Error('another transcript')
    return { deal: toHex(encodeCbor(deal)), transcript: toHex(transcript) }
  },
  '5.5': (given) => {
    const [own, accused, shared] = ['own key', 'key of the accused', 'shared point'].map((name) =>
      decodeSubgroupPoint(fromHex(given(name))),
    )
    if (own === undefined || accused === undefined || shared === undefined) throw new Error('three points')
    const statement = equalityStatement([G, accused], [own, shared])
    return proofOutputs('keygen-complaint', fromHex(given('context')), statement, fromHex(given('proof')))
  },
  '5.6': (given) => {
    const transcript = fromHex(given('transcript'))
    const r = hashToScalar('rehearsal-randomness', transcript)
    const m = bytesToBigint(hashToBytes('rehearsal-message', transcript, 8)) % 2n ** 20n
    const key = decodeKey(fromHex(given('Y')))
    return {
      r: hex(r),
      m: m.toString(),
      c1: toHex(encodePoint(multiply(G, r))),
      c2: toHex(encodePoint(multiply(key, r).add(multiply(G, m)))),
    }
  },
}

export const BALLOTS: Record<string, Recipe> = {
  '6.1': (given) => {
    const body = encodeCbor([
      1,
      fromHex(given('E')),
      Number(given('contest')),
      given('circuit'),
      Number(given('sequence number')),
      fromHex(given('hN')),
      fromHex(given('com')),
      fromHex(given('ciphertexts')),
    ])
    return { 'body in hexadecimal': toHex(body), bodyHash: toHex(hashToBytes('ballot', body, 32)) }
  },
  '6.2': (given) => {
    const [n, key] = [fromHex(given('N')), fromHex(given('kN'))]
    const envelope = encodeCbor([n, key, new Uint8Array(128), new Uint8Array(256)])
    return {
      hN: toHex(hashToBytes('nullifier', concat(n, key), 32)),
      'bytes of an envelope': String(envelope.length),
    }
  },
  '6.3': (given) => {
    const [voters, largest, slots] = ['M', 'largest value', 'slots'].map((name) => Number(given(name)))
    if (voters === undefined || largest === undefined || slots === undefined) throw new Error('three numbers')
    const bits = (voters * largest).toString(2).length
    const per = Math.min(Math.floor(40 / bits), slots)
    const values = given('values').split(' ').map(BigInt)
    const m = values.slice(0, per).reduce((sum, v, pos) => sum + (v << BigInt(bits * pos)), 0n)
    const r = hashToScalar(
      'ballot-randomness',
      encodeCbor([fromHex(given('seed')), fromHex(given('E')), Number(given('contest')), 0]),
    )
    return {
      b: String(bits),
      'slots in a ciphertext': String(per),
      ciphertexts: String(Math.ceil(slots / per)),
      m_0: m.toString(),
      "r'_0": hex(r),
      "c1'_0 || c2'_0": toHex(encodeCiphertext(encrypt(decodeKey(fromHex(given('Y'))), m, r))),
    }
  },
  '6.4': () => {
    const rule = ruleParameters(CONTEST, 'S')
    const { min, max, cost, scores, ...rest } = rule satisfies RuleParameters
    const first = (list: readonly bigint[]) => `${list.slice(0, 5).join(' ')} ...`
    return {
      min: first(min),
      max: first(max),
      cost: first(cost),
      ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)])),
      positional: String(scores !== undefined),
      problems: checkParameters(rule, 'S').join('; ') || 'none',
    }
  },
  '6.5': (given) => {
    const body = bodyOf(fromHex(given('body')))
    const { t, rho, gamma } = challenges(body)
    const a = slotCoefficients(rho, exampleContext())
    if (t !== hashToField('ballot-transcript', fromHex(given('body')))) throw new Error('another t')
    return {
      t: hex(t),
      rho_0: (rho[0] ?? 0n).toString(16).padStart(32, '0'),
      gamma: hex(gamma),
      'a_0 = rho_0': (a[0] ?? 0n).toString(16),
      'a_1 = rho_0 2^10': (a[1] ?? 0n).toString(16),
      'public inputs of S': String(publicInputCount('S')),
      'public inputs of L': String(publicInputCount('L')),
    }
  },
  '6.6': (given) => {
    const opening = decodeOpening(fromHex(given('opening file')))
    return {
      bytes: String(fromHex(given('opening file')).length),
      values: opening.values.join(' '),
      bodyHash: toHex(opening.bodyHash),
      'link of the hash': noteLink('https://example.org', opening.bodyHash),
      'recomputes its body': String(checkOpening(exampleContext(), opening)),
      'with other values': String(checkOpening(exampleContext(), { ...opening, values: [0n, 1n, 0n, 0n] })),
    }
  },
  '6.7': (given) => ({ tracker: formatTracker(fromHex(given('bodyHash'))) }),
}

/** A body alone: decoded as part of an entry. */
function bodyOf(bytes: Uint8Array): Body {
  const envelope = [new Uint8Array(32), new Uint8Array(16), new Uint8Array(128), new Uint8Array(256)]
  const [type, content] = decodeEntry(encodeCbor(['ballot', [decodeCbor(bytes), envelope]]))
  if (type !== 'ballot') throw new Error('not a ballot')
  return ballotOf(content).body
}

function proofOutputs(tag: string, context: Uint8Array, statement: Statement, proof: Uint8Array) {
  return {
    challenge: toHex(challengeBySpecification(tag, context, statement, proof)),
    holds: String(check(tag, context, statement, proof)),
  }
}

/** SPEC 3.1 written out again, for statements without O in the matrix. */
function challengeBySpecification(tag: string, context: Uint8Array, statement: Statement, proof: Uint8Array) {
  const { matrix, images } = statement
  const scalars = Array.from({ length: proof.length / 32 }, (_, i) =>
    bytesToBigint(proof.subarray(32 * i, 32 * i + 32)),
  )
  const [challenge = 0n, ...responses] = scalars
  const commitments = matrix.map((row, i) =>
    row
      .map((point, j) => multiply(point, responses[j] ?? 0n))
      .reduce((a, b) => a.add(b))
      .subtract(multiply(images[i] ?? G, challenge)),
  )
  const group = [FIELD_ORDER, 168700n, 168696n, ORDER, 8n, G.x, G.y].map((n) => bigintToBytes(n, 32))
  const message = concat(
    bigintToBytes(BigInt(context.length), 4),
    context,
    new TextEncoder().encode('BabyJubJub'),
    ...group,
    bigintToBytes(BigInt(matrix.length), 4),
    bigintToBytes(BigInt(matrix[0]?.length ?? 0), 4),
    ...[...matrix.flat(), ...images, ...commitments].map(encodePoint),
  )
  return encodeScalar(hashToScalar(tag, message))
}

export function hex(value: bigint): string {
  return toHex(bigintToBytes(value, 32))
}

function encodeField(value: bigint): Uint8Array {
  return bigintToBytes(value, 32)
}

function field(text: string): bigint {
  return bytesToBigint(fromHex(text))
}

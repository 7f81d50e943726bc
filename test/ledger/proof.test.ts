// SPEC 7.5: receipts and trust policies. The receipt is what a voter keeps: every mutant must be refused.
import { describe, expect, it } from 'vitest'
import { bigintToBytes, concat, EncodingError, fromHex } from '#crypto/encoding.ts'
import { ed25519PublicKey, signEd25519 } from '#crypto/ed25519.ts'
import { encodeBase64 } from '#ledger/base64.ts'
import { parseCheckpoint, signCheckpoint } from '#ledger/checkpoint.ts'
import { leafHash, proveInclusion } from '#ledger/merkle.ts'
import { formatVerifierKey, verifierKeyOf } from '#ledger/note.ts'
import { checkPolicy, formatLogPolicy, parsePolicy } from '#ledger/policy.ts'
import { checkReceipt, formatReceipt, parseReceipt } from '#ledger/proof.ts'
import { Tree } from '#ledger/tree.ts'
import { mutateHashes, mutateText } from './mutants.ts'

const origin = 'example.com/log'
const key = { name: origin, secret: new Uint8Array(32).fill(1) }
const policy = parsePolicy(formatLogPolicy(verifierKeyOf(key)))
const tree = new Tree()
for (let i = 0; i < 11; i++) tree.append(leafHash(Uint8Array.of(i)))
const checkpoint = signCheckpoint({ origin, size: tree.size, root: tree.root() }, key)
const leafAt = (index: number) => leafHash(Uint8Array.of(index))
const receiptOf = (index: number) =>
  formatReceipt({ index, path: proveInclusion(index, tree.size, tree.read), checkpoint })

describe('SPEC 7.5 receipts', () => {
  it('has the form of c2sp.org/tlog-proof@v1', () => {
    const lines = receiptOf(10).split('\n')
    expect(lines.slice(0, 2)).toEqual(['c2sp.org/tlog-proof@v1', 'index 10'])
    expect(lines.slice(4)).toEqual(['', ...checkpoint.split('\n')])
    expect(parseReceipt(receiptOf(10))).toMatchObject({ index: 10, checkpoint })
  })

  it('proves each entry, and no other', () => {
    for (let index = 0; index < tree.size; index++) {
      for (let other = 0; other < tree.size; other++) {
        expect(checkReceipt(receiptOf(index), policy, leafAt(other))).toBe(index === other)
      }
    }
  })

  it('of a log with one entry has no path', () => {
    const single = signCheckpoint({ origin, size: 1, root: leafAt(0) }, key)
    expect(checkReceipt(formatReceipt({ index: 0, path: [], checkpoint: single }), policy, leafAt(0))).toBe(
      true,
    )
  })

  it('is refused with any character changed, removed, doubled or swapped, or cut anywhere', () => {
    const accepted = mutateText(receiptOf(10)).filter(({ value }) => checkReceipt(value, policy, leafAt(10)))
    expect(accepted.map(({ name }) => name)).toEqual([])
  })

  it('is refused with any hash of its path mutated', () => {
    const { index, path } = parseReceipt(receiptOf(4))
    const accepted = mutateHashes(path, [tree.root(), leafAt(4)]).filter(({ value }) =>
      checkReceipt(formatReceipt({ index, path: value, checkpoint }), policy, leafAt(4)),
    )
    expect(accepted.map(({ name }) => name)).toEqual([])
  })

  it.each([
    ['another version', (text: string) => text.replace('@v1', '@v2')],
    ['unauthenticated extra data', (text: string) => text.replace('index', 'extra AAAA\nindex')],
    ['a leading zero in the index', (text: string) => text.replace('index ', 'index 0')],
    ['Windows line ends', (text: string) => text.replaceAll('\n', '\r\n')],
    ['something after it', (text: string) => `${text}\n`],
    ['something before it', (text: string) => `\n${text}`],
    [
      '54 hashes',
      (text: string) => text.replace('\n\n', `\n${`${encodeBase64(tree.root())}\n`.repeat(54)}\n`),
    ],
  ])('is refused with %s', (_, change) => {
    expect(change(receiptOf(4))).not.toBe(receiptOf(4))
    expect(checkReceipt(change(receiptOf(4)), policy, leafAt(4))).toBe(false)
  })

  it('is refused by the policy of another log or another key', () => {
    const otherKey = parsePolicy(
      formatLogPolicy(verifierKeyOf({ ...key, secret: new Uint8Array(32).fill(2) })),
    )
    const otherLog = parsePolicy(formatLogPolicy(verifierKeyOf({ ...key, name: 'example.com/other' })))
    expect(checkReceipt(receiptOf(4), policy, leafAt(4))).toBe(true)
    expect(checkReceipt(receiptOf(4), otherKey, leafAt(4))).toBe(false)
    expect(checkReceipt(receiptOf(4), otherLog, leafAt(4))).toBe(false)
    expect(checkReceipt(receiptOf(4), { logs: [], quorum: undefined }, leafAt(4))).toBe(false)
  })
})

describe('SPEC 7.5 trust policies', () => {
  const witness = (n: number) => {
    const secret = new Uint8Array(32).fill(100 + n)
    const vkey = { name: `w${n}.example`, type: 4 as const, publicKey: ed25519PublicKey(secret) }
    return { secret, vkey, text: formatVerifierKey(vkey) }
  }
  const logLine = `log ${formatVerifierKey(verifierKeyOf(key))}\n`
  const witnesses = [1, 2, 3, 4, 5, 6].map((n) => `witness W${n} ${witness(n).text}\n`).join('')
  /** The checkpoint with cosignatures of the given witnesses; those in `bad` have a bit flipped. */
  const cosigned = (signers: readonly number[], bad: readonly number[] = []) => {
    const text = checkpoint.slice(0, checkpoint.lastIndexOf('\n\n') + 1)
    const lines = signers.map((n) => {
      const { secret, vkey, text: vkeyText } = witness(n)
      const message = new TextEncoder().encode(`cosignature/v1\ntime 1700000000\n${text}`)
      const signature = signEd25519(secret, message)
      if (bad.includes(n)) signature[0] = (signature[0] ?? 0) ^ 1
      const id = fromHex(vkeyText.split('+')[1] ?? '')
      return `— ${vkey.name} ${encodeBase64(concat(id, bigintToBytes(1700000000n, 8), signature))}\n`
    })
    return parseCheckpoint(checkpoint + lines.join(''))
  }
  const accepts = (rules: string, signers: readonly number[], bad: readonly number[] = []) =>
    checkPolicy(parsePolicy(logLine + witnesses + rules), cosigned(signers, bad))

  it('quorum none asks for the log alone', () => {
    expect(accepts('quorum none\n', [])).toBe(true)
    expect(checkPolicy(parsePolicy('quorum none\n'), cosigned([1, 2, 3]))).toBe(false)
  })

  it('a single witness must have cosigned', () => {
    expect(accepts('quorum W1\n', [1])).toBe(true)
    expect(accepts('quorum W1\n', [2])).toBe(false)
    expect(accepts('quorum W1\n', [1], [1])).toBe(false)
  })

  it('groups of groups count as the specification says', () => {
    const rules = 'group X 2 W1 W2 W3\ngroup Y any W4 W5 W6\ngroup XY all X Y\nquorum XY\n'
    expect(accepts(rules, [1, 3, 5])).toBe(true)
    expect(accepts(rules, [1, 5])).toBe(false)
    expect(accepts(rules, [1, 2, 3])).toBe(false)
    expect(accepts(rules, [1, 3, 5], [3])).toBe(false)
  })

  it('a witness who signs twice counts once', () => {
    expect(accepts('group G 2 W1 W2\nquorum G\n', [1, 1])).toBe(false)
    expect(accepts('group G 2 W1 W2\nquorum G\n', [1, 1, 2])).toBe(true)
  })

  it('ignores comments, blank lines, URLs and white space', () => {
    const text = `# Wähler\n\n \t log\t${logLine.slice(4, -1)} https://example.com/\n  # more\nquorum none`
    expect(checkPolicy(parsePolicy(text), cosigned([]))).toBe(true)
  })

  it.each([
    ['no quorum', logLine],
    ['two quorums', 'quorum none\nquorum none\n'],
    ['an unknown quorum', 'quorum W9\n'],
    ['a quorum with two names', `${witnesses}quorum W1 W2\n`],
    ['a quorum before its definition', `quorum W1\n${witnesses}`],
    ['an unknown word', 'logs\nquorum none\n'],
    ['a log without a key', 'log\nquorum none\n'],
    ['a log with too many fields', `${logLine.trim()} a b\nquorum none\n`],
    ['a broken key', `${logLine.trim()}A\nquorum none\n`],
    ['a witness key as a log', `log ${witness(1).text}\nquorum none\n`],
    ['a log key as a witness', `witness W ${logLine.slice(4)}quorum W\n`],
    ['a log twice', `${logLine}${logLine}quorum none\n`],
    ['a witness key twice', `witness A ${witness(1).text}\nwitness B ${witness(1).text}\nquorum none\n`],
    ['a name twice', `${witnesses}group W1 any W2\nquorum none\n`],
    ['a witness named none', `witness none ${witness(1).text}\nquorum none\n`],
    ['none in a group', `${witnesses}group G any none\nquorum G\n`],
    ['an empty group', `${witnesses}group G any\nquorum G\n`],
    ['a member twice in a group', `${witnesses}group G 2 W1 W1\nquorum G\n`],
    ['a member in two groups', `${witnesses}group G any W1\ngroup H any W1\nquorum H\n`],
    ['a group in itself', `${witnesses}group G any G\nquorum G\n`],
    ['a threshold of 0', `${witnesses}group G 0 W1\nquorum G\n`],
    ['a threshold above the members', `${witnesses}group G 3 W1 W2\nquorum G\n`],
    ['a threshold that is no number', `${witnesses}group G two W1 W2\nquorum G\n`],
    ['a carriage return', 'quorum none\r\n'],
    ['a zero byte', 'quorum none\u0000\n'],
    ['too many lines', `${'\n'.repeat(1000)}quorum none\n`],
  ])('refuses %s', (_, text) => {
    expect(() => parsePolicy(text)).toThrow(EncodingError)
  })
})

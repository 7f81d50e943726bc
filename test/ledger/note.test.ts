// SPEC 7.5: signed notes, against Go's sumdb/note, notes of public logs and the examples of the specification.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bigintToBytes, concat, EncodingError, fromHex, toHex } from '#crypto/encoding.ts'
import { ed25519PublicKey, signEd25519 } from '#crypto/ed25519.ts'
import { encodeBase64, decodeBase64 } from '#ledger/base64.ts'
import { checkCheckpoint, parseCheckpoint, parseNumber, signCheckpoint } from '#ledger/checkpoint.ts'
import { EMPTY_ROOT } from '#ledger/merkle.ts'
import {
  checkNote,
  formatSigningKey,
  formatVerifierKey,
  parseNote,
  parseSigningKey,
  parseVerifierKey,
  signNote,
  verifierKeyOf,
  type VerifierKey,
} from '#ledger/note.ts'
import { mutateText } from './mutants.ts'

interface Notes {
  sumdbNote: {
    privateKey: string
    key: string
    otherKey: string
    text: string
    signature: string
    otherSignature: string
    badKeys: string[]
  }
  goChecksumDatabase: { key: string; notes: string[] }
  sigsum: { publicKey: string; checkpoint: string }
  specifications: { note: string; checkpoint: string; cosignatureTime: number }
}

const vectors = JSON.parse(
  readFileSync(new URL('../vectors/ledger/notes.json', import.meta.url), 'utf8'),
) as Notes
const key = { name: 'example.com/log', secret: new Uint8Array(32).fill(7) }

describe('SPEC 7.5 keys of notes', () => {
  const { privateKey, key: vkey, otherKey, badKeys } = vectors.sumdbNote

  it('reads and writes the keys of Go, and derives the public from the private one', () => {
    expect(formatVerifierKey(parseVerifierKey(vkey))).toBe(vkey)
    expect(formatVerifierKey(parseVerifierKey(otherKey))).toBe(otherKey)
    expect(formatSigningKey(parseSigningKey(privateKey))).toBe(privateKey)
    expect(formatVerifierKey(verifierKeyOf(parseSigningKey(privateKey)))).toBe(vkey)
  })

  it('refuses a public key with any character changed, removed or doubled, cut anywhere, or bad in Go', () => {
    const texts = [...mutateText(vkey).map(({ value }) => value), ...badKeys, privateKey, '', '++']
    expect(texts.filter((text) => !refuses(() => parseVerifierKey(text)))).toEqual([])
  })

  it('refuses a private key with any character changed, removed or doubled, or cut anywhere', () => {
    const texts = [...mutateText(privateKey).map(({ value }) => value), vkey, '']
    expect(texts.filter((text) => !refuses(() => parseSigningKey(text)))).toEqual([])
  })

  it.each(['', 'a b', 'a+b', 'a\u00a0b', 'a\u0085b', 'a\u3000b', 'a\nb', '\ud800'])(
    'refuses the key name %j',
    (name) => {
      expect(() => verifierKeyOf({ ...key, name })).toThrow('cannot be a key name')
      expect(refuses(() => parseVerifierKey(formatVerifierKey({ ...verifierKeyOf(key), name })))).toBe(true)
    },
  )
})

describe('SPEC 7.5 signed notes', () => {
  const { privateKey, text, signature, otherSignature } = vectors.sumdbNote
  const peter = parseVerifierKey(vectors.sumdbNote.key)
  const enoch = parseVerifierKey(vectors.sumdbNote.otherKey)
  const opens = (note: string, by: VerifierKey) => checkNote(parseNote(note), by)

  it('signs as Go does', () => {
    expect(signNote(text, parseSigningKey(privateKey))).toBe(`${text}\n${signature}`)
  })

  it('accepts the signatures of Go, one or several, in any order', () => {
    for (const lines of [
      signature + otherSignature,
      otherSignature + signature,
      signature + signature + otherSignature,
    ]) {
      expect(opens(`${text}\n${lines}`, peter)).toBe(true)
      expect(opens(`${text}\n${lines}`, enoch)).toBe(true)
    }
    expect(parseNote(`${text}\n${signature}`).text).toBe(text)
  })

  it('ignores other keys, but wants one of its own', () => {
    expect(opens(`${text}\n${otherSignature}`, peter)).toBe(false)
    expect(opens(`${text}\n${signature}`, { ...peter, name: 'PeterNeuman' })).toBe(false)
    expect(opens(`${text}\n${signature}`, { ...peter, type: 4 })).toBe(false)
  })

  it('refuses a note if one of two signatures under the same key is bad', () => {
    const bad = signature.replace('ZJku', 'ZJkv')
    expect(opens(`${text}\n${signature}${bad}`, peter)).toBe(false)
    expect(opens(`${text}\n${bad}${signature}`, peter)).toBe(false)
  })

  it('refuses every mutant of a note', () => {
    const good = `${text}\n${signature}`
    const accepted = mutateText(good).filter(
      ({ value }) => !refuses(() => opens(value, peter)) && opens(value, peter),
    )
    expect(accepted.map(({ name }) => name)).toEqual([])
  })

  it.each([
    ['no signatures', text],
    ['an empty list of signatures', `${text}\n`],
    ['an unended line', `${text}\n${signature.slice(0, -1)}`],
    ['a control character', `\u0001${text}\n${signature}`],
    ['a carriage return', `${text.replace('\n', '\r\n')}\n${signature}`],
    ['a lone surrogate', `\ud800${text}\n${signature}`],
    ['a name with a space', `${text}\n${signature.replace('PeterNeumann', 'Peter Neumann')}`],
    ['a line after the signatures', `${text}\n${signature}Unexpected line.\n`],
    ['101 signatures', `${text}\n${signature.repeat(101)}`],
    ['more than a million characters', `${'x'.repeat(1_000_000)}\n\n${signature}`],
    ['a signature without content', `${text}\n— PeterNeumann x08goA==\n`],
  ])('refuses %s', (_, note) => {
    expect(() => parseNote(note)).toThrow(EncodingError)
  })

  it('takes the example of the specification apart at its last empty line', () => {
    const note = parseNote(vectors.specifications.note)
    expect(note.text.split('\n')).toHaveLength(5)
    expect(note.signatures.map(({ name }) => name)).toEqual(['quasimodo.example/salvatore'])
    expect(note.signatures[0]?.signature).toHaveLength(64)
  })

  it.each(vectors.goChecksumDatabase.notes.map((note, i) => ({ note, i })))(
    'accepts tree head $i of the Go checksum database',
    ({ note }) => {
      const google = parseVerifierKey(vectors.goChecksumDatabase.key)
      expect(checkNote(parseNote(note), google)).toBe(true)
      const { origin, size } = parseCheckpoint(note)
      expect(checkNote(parseNote(note.replace(String(size), String(size + 1))), google)).toBe(false)
      // Its origin is not its key's name, so that it is not a checkpoint by our rules.
      expect(origin).toBe('go.sum database tree')
      expect(checkCheckpoint(parseCheckpoint(note), google)).toBe(false)
    },
  )
})

describe('SPEC 7.5 checkpoints', () => {
  const checkpoint = { origin: key.name, size: 12, root: EMPTY_ROOT }
  const text = signCheckpoint(checkpoint, key)
  const vkey = verifierKeyOf(key)

  it('signs and reads back', () => {
    const { note, ...read } = parseCheckpoint(text)
    expect(read).toEqual(checkpoint)
    expect(note.signatures).toHaveLength(1)
    expect(checkCheckpoint({ note, ...read }, vkey)).toBe(true)
  })

  it('accepts a Sigsum checkpoint', () => {
    const { checkpoint: sigsum, publicKey } = vectors.sigsum
    const read = parseCheckpoint(sigsum)
    expect(read.size).toBe(1)
    expect(toHex(read.root)).toBe(`2a${'00'.repeat(31)}`)
    expect(checkCheckpoint(read, { name: read.origin, type: 1, publicKey: fromHex(publicKey) })).toBe(true)
  })

  it('refuses every mutant', () => {
    const accepts = (value: string) => {
      try {
        return checkCheckpoint(parseCheckpoint(value), vkey)
      } catch (error) {
        expect(error).toBeInstanceOf(EncodingError)
        return false
      }
    }
    expect(accepts(text)).toBe(true)
    expect(
      mutateText(text)
        .filter(({ value }) => accepts(value))
        .map(({ name }) => name),
    ).toEqual([])
  })

  const sign = (lines: string) => signNote(lines, key)
  const root = encodeBase64(EMPTY_ROOT)
  it.each([
    ['a leading zero', `${key.name}\n012\n${root}\n`],
    ['a plus', `${key.name}\n+12\n${root}\n`],
    ['an exponent', `${key.name}\n1e3\n${root}\n`],
    ['hexadecimal', `${key.name}\n0x12\n${root}\n`],
    ['a space', `${key.name}\n12 \n${root}\n`],
    ['full-width digits', `${key.name}\n１２\n${root}\n`],
    ['no size', `${key.name}\n\n${root}\n`],
    ['a size above 2^53 - 1', `${key.name}\n9007199254740992\n${root}\n`],
    ['a short root', `${key.name}\n12\n${encodeBase64(new Uint8Array(31))}\n`],
    ['a long root', `${key.name}\n12\n${encodeBase64(new Uint8Array(33))}\n`],
    ['no origin', `\n12\n${root}\n`],
    ['an extension line', `${key.name}\n12\n${root}\nvoter 7\n`],
    ['an empty extension line', `${key.name}\n12\n${root}\n\n`],
    ['no root', `${key.name}\n12\n`],
  ])('refuses %s although it is signed', (_, lines) => {
    expect(() => parseCheckpoint(sign(lines))).toThrow(EncodingError)
  })

  it("refuses another log's origin under this log's key", () => {
    const forged = sign(`example.com/other\n12\n${root}\n`)
    expect(checkCheckpoint(parseCheckpoint(forged), vkey)).toBe(false)
    expect(() => signCheckpoint({ ...checkpoint, origin: 'example.com/other' }, key)).toThrow('another log')
  })

  it('reads the cosigned example of the specification', () => {
    const read = parseCheckpoint(vectors.specifications.checkpoint)
    expect(read).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20852163 })
    const [, witness] = read.note.signatures
    expect(witness?.name).toBe('witness.example.com/w1')
    expect(witness?.signature.slice(0, 8)).toEqual(
      bigintToBytes(BigInt(vectors.specifications.cosignatureTime), 8),
    )
  })
})

describe('SPEC 7.5 cosignatures of witnesses', () => {
  const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'
  const secret = new Uint8Array(32).fill(9)
  const witness = { name: 'w', type: 4 as const, publicKey: ed25519PublicKey(secret) }
  const cosign = (time: bigint, header = 'cosignature/v1', cut = 0) => {
    const message = new TextEncoder().encode(`${header}\ntime ${time.toString()}\n${text}`)
    const signature = concat(bigintToBytes(time, 8), signEd25519(secret, message)).slice(cut)
    const id = fromHex(formatVerifierKey(witness).split('+')[1] ?? '')
    return checkNote(parseNote(`${text}\n— w ${encodeBase64(concat(id, signature))}\n`), witness)
  }

  it('accepts the message of tlog-cosignature, with its time', () => {
    expect(cosign(1679315147n)).toBe(true)
    expect(cosign((1n << 63n) - 1n)).toBe(true)
  })

  it('refuses a time from 2^63 on, another header, a missing byte, and a plain signature', () => {
    expect(cosign(1n << 63n)).toBe(false)
    expect(cosign(1679315147n, 'cosignature/v2')).toBe(false)
    expect(cosign(1679315147n, 'cosignature/v1', 1)).toBe(false)
    const plain = signNote(text, { name: 'w', secret })
    expect(checkNote(parseNote(plain), witness)).toBe(false)
  })
})

describe('SPEC 7.5 Base 64 and numbers', () => {
  it('round trip, as the platform writes it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes)
      }),
    )
  })

  it.each(['A', 'AA', 'AA=', 'AB==', 'AAB=', 'A A=', 'AA==\n', '-_==', '====', 'AA==AA=='])(
    'refuses %j',
    (text) => {
      expect(() => decodeBase64(text)).toThrow(EncodingError)
    },
  )

  it('reads plain numbers only', () => {
    expect([parseNumber('0'), parseNumber('9007199254740991')]).toEqual([0, 2 ** 53 - 1])
    for (const text of ['', '00', '01', '-1', '1.0', '1_0', ' 1', '9007199254740992']) {
      expect(() => parseNumber(text)).toThrow(EncodingError)
    }
  })
})

function refuses(parse: () => unknown): boolean {
  try {
    parse()
    return false
  } catch (error) {
    if (error instanceof EncodingError) return true
    throw error
  }
}

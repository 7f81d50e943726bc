// The credential's backups and their inverses, and what is said of each kind of slip (SPEC 4.1).
import { expect, test } from 'vitest'
import { drawSeed, openBackup, sealBackup, seedOfPasskey, seedOfWords, wordsOf } from '#client/credential.ts'
import { credentialSecret } from '#client/secret.ts'
import { sealAge } from '#client/age.ts'
import { toHex } from '#crypto/encoding.ts'
import { hashToField } from '#crypto/hash.ts'

const PASSPHRASE = 'correct horse battery'
const seed = Uint8Array.from({ length: 32 }, (_, i) => 37 * i + 11)

test('the words are those of BIP-39, and lead back to the seed however they are written', () => {
  // The reference vector of BIP-39 for 256 bits of 0x80.
  const words = wordsOf(new Uint8Array(32).fill(0x80))
  expect(words.join(' ')).toBe(
    'letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd ' +
      'amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless',
  )
  for (const own of [seed, drawSeed(), new Uint8Array(32).fill(255)]) {
    const plain = wordsOf(own)
    expect(plain).toHaveLength(24)
    expect(seedOfWords(plain.join(' '))).toEqual(own)
    const paper = plain.map((word, i) => `${i + 1}. ${word.toUpperCase()}`).join('\n')
    expect(seedOfWords(` ${paper},\t`)).toEqual(own)
  }
})

test('a slip in the words is told apart: too few, not on the list, not belonging together', () => {
  const words = wordsOf(seed)
  expect(() => seedOfWords(words.slice(1).join(' '))).toThrow(
    expect.objectContaining({ code: 'word-count', fields: { count: 23, needed: 24 } }),
  )
  expect(() => seedOfWords(words.with(6, 'abandonn').join(' '))).toThrow(
    expect.objectContaining({ code: 'word-unknown', fields: { place: 7, word: 'abandonn' } }),
  )
  const swapped = words.with(0, words[1] ?? '').with(1, words[0] ?? '')
  expect(() => seedOfWords(swapped.join(' '))).toThrow(expect.objectContaining({ code: 'word-checksum' }))
  const other = words[0] === 'zoo' ? 'zone' : 'zoo'
  expect(() => seedOfWords(words.with(0, other).join(' '))).toThrow(
    expect.objectContaining({ code: 'word-checksum' }),
  )
})

test('the file opens with its passphrase only, and damage is not taken for a wrong passphrase', async () => {
  const file = await sealBackup(seed, PASSPHRASE)
  expect(file).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/)
  expect(file).not.toContain(toHex(seed))
  expect(await openBackup(file, PASSPHRASE)).toEqual(seed)
  await expect(openBackup(file, `${PASSPHRASE} `)).rejects.toMatchObject({ code: 'passphrase-wrong' })
  await expect(openBackup(file.slice(0, -40), PASSPHRASE)).rejects.toMatchObject({ code: 'file-unreadable' })
  const lines = file.split('\n')
  const last = lines.length - 3
  const line = lines[last] ?? ''
  const flipped = lines.with(last, `${line.startsWith('A') ? 'B' : 'A'}${line.slice(1)}`).join('\n')
  await expect(openBackup(flipped, PASSPHRASE)).rejects.toMatchObject({ code: 'file-unreadable' })
  const foreign = await sealAge(seed, { passphrase: PASSPHRASE })
  await expect(openBackup(foreign, PASSPHRASE)).rejects.toMatchObject({ code: 'file-unreadable' })
})

test('a passkey gives the same seed each time, another passkey another', () => {
  const output = new Uint8Array(32).fill(7)
  expect(seedOfPasskey(output)).toHaveLength(32)
  expect(seedOfPasskey(output)).toEqual(seedOfPasskey(output.slice()))
  expect(seedOfPasskey(output.with(31, 8))).not.toEqual(seedOfPasskey(output))
  expect(toHex(seedOfPasskey(output))).toBe(
    '7b60863ac751e8a2dd02c383a992985368a7fb4503a10d9255709a0ce55406ab',
  )
  expect(() => seedOfPasskey(output.subarray(1))).toThrow(/32 bytes/)
})

test('seeds are drawn anew, and the secret is their hash', () => {
  expect(drawSeed()).not.toEqual(drawSeed())
  expect(credentialSecret(seed)).toBe(hashToField('credential', seed))
})

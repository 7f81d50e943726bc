// The seed of the voter's credential and its three backups: 24 words, an age file under a passphrase, a passkey from which it follows
// again. Each `...Of` and `seal` has its inverse beside it. SPEC 4.1.
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import * as z from 'zod/mini'
import { hashToBytes } from '#crypto/hash.ts'
import { bytes, codec } from '#protocol/codec.ts'
import { Refusal } from '#protocol/refusal.ts'
import { openAge, sealAge } from './age.ts'
import { Unusable } from './failure.ts'

const SEED = 32
const WORDS = 24

const backup = codec(z.strictObject({ format: z.literal('comitia-credential'), seed: bytes(SEED) }))

/** A seed for a new credential, 32 bytes of the platform's generator. */
export function drawSeed(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SEED))
}

/** The seed as 24 English words of BIP-39, the last of which holds a checksum of 8 bits. */
export function wordsOf(seed: Uint8Array): string[] {
  return entropyToMnemonic(seed, wordlist).split(' ')
}

/** The seed of these words, however they are set apart, numbered or capitalised. Throws `Unusable`: 'word-count',
 *  'word-unknown' with the place of the first such word (from 1), 'word-checksum' where words are swapped or others. */
export function seedOfWords(typed: string): Uint8Array {
  const words = typed.toLowerCase().match(/\p{L}+/gu) ?? []
  const place = words.findIndex((word) => !wordlist.includes(word)) + 1
  if (place > 0) throw new Unusable('word-unknown', { place, word: words[place - 1] ?? '' })
  if (words.length !== WORDS) throw new Unusable('word-count', { count: words.length, needed: WORDS })
  try {
    return mnemonicToEntropy(words.join(' '), wordlist)
  } catch {
    throw new Unusable('word-checksum')
  }
}

/** The seed in an age file under a passphrase. */
export function sealBackup(seed: Uint8Array, passphrase: string): Promise<string> {
  return sealAge(backup.encode({ format: 'comitia-credential', seed }), { passphrase })
}

/** The seed in that file. Throws `Unusable`: 'file-unreadable', 'passphrase-wrong'. */
export async function openBackup(file: string, passphrase: string): Promise<Uint8Array> {
  const content = await openAge(file, { passphrase })
  try {
    return backup.decode(content).seed
  } catch (error) {
    if (error instanceof Refusal) throw new Unusable('file-unreadable')
    throw error
  }
}

/** The seed that follows from a passkey: `output` is what its pseudo-random function gives (WebAuthn `prf`), 32 bytes.
 *  Asking the same passkey again is the way back. */
export function seedOfPasskey(output: Uint8Array): Uint8Array {
  if (output.length !== 32) throw new Error('the output of a passkey has 32 bytes')
  return hashToBytes('credential-passkey', output, SEED)
}

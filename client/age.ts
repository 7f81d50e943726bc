// Secrets in age files (age-encryption.org/v1, armored): under a passphrase that a person chose, or an age identity.
import { Unusable } from './failure.ts'

/** What an age file opens with. */
export type Secret =
  | {
      readonly passphrase: string
      /** log2 of the work that each guess costs; only a passphrase that no person chose needs less than the usual. */
      readonly work?: number
    }
  | { readonly identity: string }

/** The text of a file that holds `content`. */
export async function sealAge(content: Uint8Array, secret: Secret): Promise<string> {
  const { armor, Encrypter, identityToRecipient } = await library()
  const encrypter = new Encrypter()
  if ('passphrase' in secret) {
    encrypter.setPassphrase(secret.passphrase)
    if (secret.work !== undefined) encrypter.setScryptWorkFactor(secret.work)
  } else encrypter.addRecipient(await identityToRecipient(secret.identity))
  return armor.encode(await encrypter.encrypt(content))
}

/** The content again. Throws `Unusable`: 'file-unreadable' for a text that is none or damaged, 'passphrase-wrong'. */
export async function openAge(text: string, secret: Secret): Promise<Uint8Array> {
  const { armor, Decrypter } = await library()
  const decrypter = new Decrypter()
  if ('passphrase' in secret) decrypter.addPassphrase(secret.passphrase)
  else decrypter.addIdentity(secret.identity)
  let file: Uint8Array
  try {
    file = armor.decode(text)
  } catch {
    throw new Unusable('file-unreadable')
  }
  try {
    return await decrypter.decrypt(file)
  } catch (error) {
    // The library has no code for it: a stanza that does not open is a wrong key, all else is damage.
    const wrong = error instanceof Error && error.message.startsWith('no identity matched')
    throw new Unusable(wrong ? 'passphrase-wrong' : 'file-unreadable')
  }
}

/** Loaded when it is needed: most visits make and open no file. */
function library() {
  return import('age-encryption')
}

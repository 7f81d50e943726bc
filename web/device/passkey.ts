// Passkeys whose pseudo-random function (WebAuthn's `prf` extension) yields a credential. Only a page may ask for one,
// so its output passes through here on its way to the worker; it is kept nowhere.
import { equalBytes } from '#crypto/encoding.ts'

/** What the function is evaluated at; with another one every passkey would yield another credential. */
const INPUT = new TextEncoder().encode('comitia/v1/credential')
/** How the user handles of passkeys begin that credentials come from: officials have passkeys of this host too. */
const HANDLE = new TextEncoder().encode('comitia/v1/credential/')
const MINUTES = 5 * 60_000

/** Why there is no output: the person or the browser ended it, this passkey has no such function, or is for something
 *  else. */
export class PasskeyFailure extends Error {
  override readonly name = 'PasskeyFailure'
  readonly code: 'passkey-ended' | 'passkey-unable' | 'passkey-other'

  constructor(code: PasskeyFailure['code'], cause?: unknown) {
    super(code, { cause })
    this.code = code
  }
}

/** Whether this browser can do it at all. */
export async function passkeysYieldSecrets(): Promise<boolean> {
  const capabilities = await (
    globalThis.PublicKeyCredential as Partial<typeof PublicKeyCredential> | undefined
  )?.getClientCapabilities?.()
  return capabilities?.['extension:prf'] === true
}

/** Makes a passkey under this name and gives its function's output, 32 bytes. Rejects with `PasskeyFailure`. */
export async function makePasskey(name: string): Promise<Uint8Array> {
  const made = await ask(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: location.hostname },
        user: { id: Uint8Array.from([...HANDLE, ...random(16)]), name, displayName: name },
        challenge: random(32),
        // Nobody ever checks a signature of it; these are those that every authenticator has.
        pubKeyCredParams: [
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -257 },
        ],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        extensions: { prf: { eval: { first: INPUT } } },
        timeout: MINUTES,
      },
    }),
  )
  const { prf } = made.getClientExtensionResults()
  // Many evaluate it only when they are asked for the passkey afterwards.
  return prf?.enabled === true && prf.results === undefined ? askPasskey(made.rawId) : outputOf(made)
}

/** The output of a passkey that the person chooses, or of this one. Rejects with `PasskeyFailure`. */
export async function askPasskey(id?: ArrayBuffer): Promise<Uint8Array> {
  const chosen = await ask(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: random(32),
        // Verified and unverified users get different outputs.
        userVerification: 'required',
        allowCredentials: id === undefined ? [] : [{ type: 'public-key', id }],
        extensions: { prf: { eval: { first: INPUT } } },
        timeout: MINUTES,
      },
    }),
  )
  if (id === undefined && !isOurs(chosen)) throw new PasskeyFailure('passkey-other')
  return outputOf(chosen)
}

function isOurs({ response }: PublicKeyCredential): boolean {
  const { userHandle } = response as AuthenticatorAssertionResponse
  if (userHandle === null) return false
  return equalBytes(new Uint8Array(userHandle).subarray(0, HANDLE.length), HANDLE)
}

async function ask(prompt: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let answer: Credential | null
  try {
    answer = await prompt()
  } catch (cause) {
    throw new PasskeyFailure('passkey-ended', cause)
  }
  if (answer instanceof PublicKeyCredential) return answer
  throw new PasskeyFailure('passkey-ended')
}

function outputOf(credential: PublicKeyCredential): Uint8Array {
  const first = credential.getClientExtensionResults().prf?.results?.first
  if (first === undefined) throw new PasskeyFailure('passkey-unable')
  const output = first instanceof ArrayBuffer ? new Uint8Array(first) : new Uint8Array(first.buffer)
  if (output.length !== 32) throw new PasskeyFailure('passkey-unable')
  return output
}

function random(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length))
}

// Passkeys of officials, made and asked for as WebAuthn Level 3 says. One signs in, another signs official acts and
// nothing else: what it signs is checked by everybody (protocol/passkey.ts), not here.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { concat } from '#crypto/encoding.ts'
import type { Genesis } from '#protocol/genesis.ts'
import { Problem } from '#server/problem.ts'

/** Loaded when an official first comes: it is two hundred files, and most starts need none. */
const webauthn = () => import('@simplewebauthn/server')

export type Use = 'login' | 'acts'

/** A passkey that was just made. */
export interface MadePasskey {
  /** Credential id, base64url. */
  readonly id: string
  readonly key: Uint8Array
  readonly counter: number
}

/** A passkey as it is kept. */
export interface KnownPasskey extends MadePasskey {
  readonly officialId: string
}

/** COSE algorithms: ES256 and RS256 to sign in, as every authenticator has one of them; ES256 alone for acts. */
const ALGORITHMS: Record<Use, number[]> = { login: [-7, -257], acts: [-7] }
const PATIENCE = 5 * 60_000
/** A challenge is random bytes, until when it may be answered, and this server's mark on both (HMAC-SHA-256): whoever asks
 *  for many takes nobody else's away. */
const RANDOM_BYTES = 16
const INSTANT_BYTES = 8
const USER_BYTES = 32

export class Passkeys {
  readonly #place: Pick<Genesis, 'relyingParty' | 'webOrigins'>
  readonly #clock: () => number
  readonly #secret = randomBytes(32)
  /** Challenges that were answered, and until when that could have been. */
  readonly #answered = new Map<string, number>()

  /** @param place of the genesis entry: where officials' pages are */
  constructor(place: Pick<Genesis, 'relyingParty' | 'webOrigins'>, clock: () => number) {
    this.#place = place
    this.#clock = clock
  }

  /** What a browser needs to make a passkey. */
  async creation(use: Use, label: string): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { generateRegistrationOptions } = await webauthn()
    return generateRegistrationOptions({
      challenge: this.#challenge(),
      rpName: 'Comitia',
      rpID: this.#place.relyingParty,
      // Two passkeys of one person are two users to an authenticator, else the second would replace the first.
      userID: new Uint8Array(randomBytes(USER_BYTES)),
      userName: `${label} (${use === 'login' ? 'sign in' : 'official acts'})`,
      userDisplayName: label,
      attestationType: 'none',
      supportedAlgorithmIDs: ALGORITHMS[use],
      authenticatorSelection: {
        // Where it can be helped, the one for acts is not even offered for signing in.
        residentKey: use === 'login' ? 'required' : 'discouraged',
        userVerification: 'required',
      },
    })
  }

  /** The passkey that the browser has made; the key of one for acts as the ledger has it. Throws `Problem`. */
  async made(use: Use, response: RegistrationResponseJSON): Promise<MadePasskey> {
    const { relyingParty, webOrigins } = this.#place
    const { verifyRegistrationResponse } = await webauthn()
    const { verified, registrationInfo } = await orMalformed(() =>
      verifyRegistrationResponse({
        response,
        expectedChallenge: (challenge) => this.#take(challenge),
        expectedOrigin: [...webOrigins],
        expectedRPID: relyingParty,
        requireUserVerification: true,
        supportedAlgorithmIDs: ALGORITHMS[use],
      }),
    )
    if (!verified) throw new Problem('malformed', 'This is no passkey of this server.')
    const { id, publicKey, counter } = registrationInfo.credential
    return {
      id,
      counter,
      key: use === 'login' ? new Uint8Array(publicKey) : await pointOf(new Uint8Array(publicKey)),
    }
  }

  /** What a browser needs to ask for any passkey with which somebody can sign in. */
  async request(): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const rpID = this.#place.relyingParty
    const { generateAuthenticationOptions } = await webauthn()
    return generateAuthenticationOptions({ rpID, challenge: this.#challenge(), userVerification: 'required' })
  }

  /** Whether the answer is that of this passkey, and its counter then. Throws `Problem`. */
  async answered(response: AuthenticationResponseJSON, known: KnownPasskey): Promise<number | undefined> {
    const { relyingParty, webOrigins } = this.#place
    const { verifyAuthenticationResponse } = await webauthn()
    const { verified, authenticationInfo } = await orMalformed(() =>
      verifyAuthenticationResponse({
        response,
        expectedChallenge: (challenge) => this.#take(challenge),
        expectedOrigin: [...webOrigins],
        expectedRPID: relyingParty,
        requireUserVerification: true,
        credential: { id: known.id, publicKey: new Uint8Array(known.key), counter: known.counter },
      }),
    )
    return verified ? authenticationInfo.newCounter : undefined
  }

  #challenge(): Uint8Array<ArrayBuffer> {
    const head = Buffer.alloc(RANDOM_BYTES + INSTANT_BYTES, randomBytes(RANDOM_BYTES))
    head.writeBigUInt64BE(BigInt(this.#clock() + PATIENCE), RANDOM_BYTES)
    return new Uint8Array(Buffer.concat([head, this.#mark(head)]))
  }

  #mark(head: Uint8Array): Buffer {
    return createHmac('sha256', this.#secret).update(head).digest()
  }

  /** Whether the challenge is one of ours, in time, and answered for the first time. */
  #take(challenge: string): boolean {
    const bytes = Buffer.from(challenge, 'base64url')
    const head = bytes.subarray(0, RANDOM_BYTES + INSTANT_BYTES)
    const [given, own] = [bytes.subarray(head.length), this.#mark(head)]
    if (given.length !== own.length || !timingSafeEqual(given, own)) return false
    const [now, until] = [this.#clock(), Number(head.readBigUInt64BE(RANDOM_BYTES))]
    for (const [old, end] of this.#answered) if (end < now) this.#answered.delete(old)
    if (until < now || this.#answered.has(challenge)) return false
    this.#answered.set(challenge, until)
    return true
  }
}

/** 0x04 || x || y of a COSE key on P-256 (RFC 9053 section 7.1.1). */
async function pointOf(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const { cose, decodeCredentialPublicKey } = await import('@simplewebauthn/server/helpers')
  const key = decodeCredentialPublicKey(bytes)
  if (!cose.isCOSEPublicKeyEC2(key)) throw new Problem('malformed', 'The passkey must sign by ES256.')
  const [x, y] = [key.get(cose.COSEKEYS.x), key.get(cose.COSEKEYS.y)]
  if (x?.length !== 32 || y?.length !== 32) throw new Problem('malformed', 'The passkey must sign by ES256.')
  return concat(Uint8Array.of(4), x, y)
}

/** What is wrong with an answer is thrown as plain errors. */
async function orMalformed<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify()
  } catch (error) {
    throw new Problem('malformed', error instanceof Error ? error.message : String(error))
  }
}

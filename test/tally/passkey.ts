// A passkey in software: what an authenticator makes of a challenge (WebAuthn Level 3, sections 6.1, 6.3.3, 5.8.1).
import { p256 } from '@noble/curves/nist.js'
import { base64urlnopad } from '@scure/base'
import { encode } from 'cborg'
import { concat } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { type SignedAct, actStatement, type UnsignedAct } from '#protocol/act.ts'
import type { Genesis, LogOrigin } from '#protocol/genesis.ts'
import type { Assertion, Officials } from '#protocol/official.ts'

export interface Circumstances {
  readonly relyingParty: string
  /** What the browser says. */
  readonly client: Record<string, unknown>
  readonly flags: number
  /** After the sign count. */
  readonly more: Uint8Array
}

/** A passkey made from a name, always the same. */
export class Passkey {
  readonly #secret: Uint8Array
  readonly #id: Uint8Array
  /** 0x04 || x || y. */
  readonly key: Uint8Array

  constructor(name: string) {
    this.#secret = sha256(new TextEncoder().encode(name))
    this.#id = sha256(this.#secret).subarray(0, 20)
    this.key = p256.getPublicKey(this.#secret, false)
  }

  /** What a browser answers to a server that asks it to make this passkey (WebAuthn Level 3, 6.5, 8.7). */
  created({ relyingParty, webOrigins }: Pick<Genesis, 'relyingParty' | 'webOrigins'>, challenge: string) {
    const [x, y] = [this.key.subarray(1, 33), this.key.subarray(33)]
    const cose = encode(
      new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, x],
        [-3, y],
      ]),
    )
    const hash = sha256(new TextEncoder().encode(relyingParty))
    const head = Uint8Array.of(0x45, 0, 0, 0, 0, ...new Uint8Array(16), 0, this.#id.length)
    const authData = concat(hash, head, this.#id, cose)
    const client = { type: 'webauthn.create', challenge, origin: webOrigins[0], crossOrigin: false }
    return this.#response({
      clientDataJSON: text(JSON.stringify(client)),
      attestationObject: base64urlnopad.encode(encode({ fmt: 'none', attStmt: {}, authData })),
    })
  }

  /** What a browser answers to a server that asks who signs in. */
  answered(place: Pick<Genesis, 'relyingParty' | 'webOrigins'>, challenge: string) {
    const [data, client, signature] = this.assert(place, base64urlnopad.decode(challenge))
    return this.#response({
      clientDataJSON: base64urlnopad.encode(client),
      authenticatorData: base64urlnopad.encode(data),
      signature: base64urlnopad.encode(signature),
    })
  }

  #response<T extends object>(response: T) {
    const id = base64urlnopad.encode(this.#id)
    return { id, rawId: id, type: 'public-key' as const, response, clientExtensionResults: {} }
  }

  /** At an official's page of this log, unless the circumstances are others. */
  assert(
    genesis: Pick<Genesis, 'relyingParty' | 'webOrigins'>,
    challenge: Uint8Array,
    changes: Partial<Circumstances> = {},
  ): Assertion {
    const { relyingParty, flags, more } = {
      ...{ relyingParty: genesis.relyingParty, flags: 0x05, more: new Uint8Array(0) },
      ...changes,
    }
    const client = {
      type: 'webauthn.get',
      challenge: base64urlnopad.encode(challenge),
      origin: genesis.webOrigins[0],
      crossOrigin: false,
      ...changes.client,
    }
    const encoder = new TextEncoder()
    const data = concat(sha256(encoder.encode(relyingParty)), Uint8Array.of(flags, 0, 0, 0, 0), more)
    const json = encoder.encode(JSON.stringify(client))
    const signature = p256.sign(concat(data, sha256(json)), this.#secret, { format: 'der', lowS: false })
    return [data, json, signature]
  }

  /** The act with this official's approval more, and with a reason, if it has none. */
  approve(
    founded: { readonly log: LogOrigin; readonly genesis: Genesis },
    unsigned: UnsignedAct & Partial<SignedAct>,
    signer: string,
  ): SignedAct {
    const said = { reason: 'It was agreed.', ...unsigned }
    const proof = this.assert(founded.genesis, actStatement(founded.log, said))
    return { ...said, approvals: [...(unsigned.approvals ?? []), { signer, kind: 'webauthn', proof }] }
  }
}

/** The act approved by officials whose passkeys are made from their names. */
export function approvedBy(
  founded: { readonly log: LogOrigin; readonly genesis: Genesis },
  unsigned: UnsignedAct,
  names: readonly string[],
): SignedAct {
  return names.reduce<SignedAct>((signed, name) => new Passkey(name).approve(founded, signed, name), {
    ...unsigned,
    approvals: [],
  })
}

/** The act that names them as owners, two of whom decide where there are two. */
export function naming(names: readonly string[]): Officials {
  const officials = names.map((id) => ({ id, name: id, role: 'owner' as const, key: new Passkey(id).key }))
  return {
    type: 'change-officials',
    officials,
    approvals: { routine: 1, decisive: Math.min(2, names.length) },
  }
}

function text(value: string): string {
  return base64urlnopad.encode(new TextEncoder().encode(value))
}

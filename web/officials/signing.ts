// An official's two passkeys in the browser. What is signed is the statement of an act (SPEC 7.4), computed here from
// the act that the page shows, never taken from the server.
import { base64urlnopad } from '@scure/base'
import { toHex } from '#crypto/encoding.ts'
import { type Act, actCodec, actStatement, type UnsignedAct } from '#protocol/act.ts'
import { decodeEntry } from '#protocol/entry.ts'
import { type LogOrigin, logOrigin } from '#protocol/genesis.ts'
import { plain } from '#protocol/text.ts'
import { bytes } from '#web/device/api.ts'
import * as api from './api.ts'
import { actOf } from './pending.ts'

const MINUTES = 5 * 60_000

/** Loaded when it is needed: a page that is only read needs none of it. */
const webauthn = () => import('@simplewebauthn/browser')

/** The person or the browser ended it. */
class PasskeyEnded extends Error {
  readonly code = 'passkey-ended'
}

/** Makes the two passkeys, one after the other. Rejects with code 'passkey-ended'. */
export async function makePair({ login, acts }: api.Welcome): Promise<api.Pair> {
  const { startRegistration } = await webauthn()
  return {
    login: await orEnded(() => startRegistration({ optionsJSON: login })),
    acts: await orEnded(() => startRegistration({ optionsJSON: acts })),
  }
}

/** Signs in with whichever passkey the person chooses. */
export async function signIn(): Promise<void> {
  const { startAuthentication } = await webauthn()
  const { login } = await api.entrance()
  await api.signIn(await orEnded(() => startAuthentication({ optionsJSON: login })))
}

/** Signs an act and proposes it. */
export async function propose(
  passkey: string,
  process: string,
  act: Act,
  reason: string,
  concerning: api.Concerning = {},
) {
  return signed(passkey, { ...(await api.place(process)), reason, act }, concerning)
}

/** Signs and proposes that a roll is frozen as it is by then: nobody registers meanwhile. */
export async function proposeFreezing(
  passkey: string,
  { process, roll }: { process: string; roll: string },
  reason: string,
) {
  const found = await api.freezing({ process, roll })
  return signed(passkey, { ...found, reason, act: actOf(found) }, {})
}

/** Signs what somebody else has proposed, as it is shown. */
export async function approve(passkey: string, proposed: api.ProposedView, act: Act) {
  const { id, process, stateCounter, expiry, reason } = proposed
  const statement = actStatement(await log(), { process, stateCounter, expiry, reason, act })
  return api.approve(id, await sign(passkey, statement))
}

async function signed(
  passkey: string,
  { act, ...place }: UnsignedAct & { readonly reason: string },
  concerning: api.Concerning,
) {
  const at = { ...place, reason: plain(place.reason) }
  const assertion = await sign(passkey, actStatement(await log(), { ...at, act }))
  return api.propose({ ...at, act: toHex(actCodec.encode(act)), ...concerning, assertion })
}

async function sign(passkey: string, statement: Uint8Array): Promise<api.AssertionText> {
  const { startAuthentication } = await webauthn()
  const { response } = await orEnded(() =>
    startAuthentication({
      optionsJSON: {
        challenge: base64urlnopad.encode(statement),
        allowCredentials: [{ type: 'public-key', id: passkey }],
        userVerification: 'required',
        timeout: MINUTES,
      },
    }),
  )
  return [response.authenticatorData, response.clientDataJSON, response.signature]
}

/** Under another log's name a signature would be of no use to anybody. */
async function log(): Promise<LogOrigin> {
  const first = await bytes('/log/entries/0')
  const [type, genesis] = decodeEntry(first)
  if (type !== 'genesis') throw new Error('the log begins with another entry')
  return logOrigin(genesis.origin, first)
}

async function orEnded<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    const { WebAuthnError } = await webauthn()
    const ended = error instanceof WebAuthnError || error instanceof DOMException
    throw ended ? new PasskeyEnded('no passkey', { cause: error }) : error
  }
}

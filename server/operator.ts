// What makes a server the operator's: the key that signs its acts, the token for its own routes, and the genesis entry
// that it writes at the first start (SPEC 7.3). Key and token are files that only the operator may read.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { ed25519PublicKey } from '#crypto/ed25519.ts'
import { fromHex, toHex } from '#crypto/encoding.ts'
import type { Entry } from '#protocol/entry.ts'

/** The id under which the operator signs acts. */
export const OPERATOR = 'operator'

/** The operator's secrets. */
export interface Operator {
  /** Ed25519 secret, 32 bytes. */
  readonly key: Uint8Array
  /** Whether an Authorization header carries the operator's token; takes the same time for every wrong one. */
  readonly authorizes: (header: string | undefined) => boolean
}

/** Reads key and token from the data folder; makes them at the first start. Error if others may read them. */
export function readOperator(folder: string, first: boolean): Operator {
  const key = readSecret(join(folder, 'operator.key'), first)
  const expected = digest(`Bearer ${toHex(readSecret(join(folder, 'operator.token'), true))}`)
  return { key, authorizes: (header = '') => timingSafeEqual(digest(header), expected) }
}

/** The genesis entry of a new log with one official, the operator.
 *  @param origin a name without scheme, such as `example.org/comitia` */
export function makeGenesis(origin: string, key: Uint8Array): Entry {
  const [host = ''] = origin.split('/')
  const [relyingParty = ''] = host.split(':')
  const scheme = relyingParty === 'localhost' ? 'http' : 'https'
  return [
    'genesis',
    {
      version: 1,
      logId: new Uint8Array(randomBytes(32)),
      origin,
      webOrigins: [`${scheme}://${host}`],
      relyingParty,
      signers: [{ id: OPERATOR, name: 'Operator', kind: 'ed25519', key: ed25519PublicKey(key) }],
      approvals: { routine: 1, decisive: 1 },
    },
  ]
}

/** 32 bytes in hexadecimal. */
function readSecret(path: string, create: boolean): Uint8Array {
  if (create && !existsSync(path)) writeSecret(path)
  if ((statSync(path).mode & 0o077) !== 0) throw new Error(`${path} is readable for others: chmod 600 it`)
  const text = readFileSync(path, 'utf8').trim()
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${path} is damaged: it holds 64 hexadecimal digits`)
  return fromHex(text)
}

/** Whole and durable, or not at all. */
function writeSecret(path: string): void {
  const unfinished = `${path}.unfinished`
  const file = openSync(unfinished, 'w', 0o600)
  writeSync(file, `${toHex(randomBytes(32))}\n`)
  fsyncSync(file)
  closeSync(file)
  renameSync(unfinished, path)
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}

// The trust policy (SPEC 7.5): which logs are believed, and which witnesses must have cosigned, c2sp.org/tlog-policy.
// The voter's page, guardians and verifiers hold it as a small text file.
import { EncodingError, toHex } from '#crypto/encoding.ts'
import { checkCheckpoint, parseNumber, type SignedCheckpoint } from './checkpoint.ts'
import { checkNote, formatVerifierKey, parseVerifierKey, type VerifierKey } from './note.ts'

/** A checkpoint is believed if one of the logs has signed it and the quorum has cosigned it. */
export interface Policy {
  readonly logs: readonly VerifierKey[]
  /** undefined: no cosignature is asked for (`quorum none`). */
  readonly quorum: Quorum | undefined
}

/** One witness, or at least `threshold` of the members. */
export type Quorum = VerifierKey | { readonly threshold: number; readonly members: readonly Quorum[] }

const MAX_LINES = 1000

/** The policy that believes one log without witnesses. */
export function formatLogPolicy(log: VerifierKey): string {
  return `log ${formatVerifierKey(log)}\nquorum none\n`
}

/** Reads a policy file; EncodingError on anything that the format does not allow. Witness URLs are ignored. */
export function parsePolicy(text: string): Policy {
  const lines = text.split('\n')
  // Of the control characters only tab and newline.
  if (!text.isWellFormed() || /[\u0000-\u0008\u000b-\u001f\u007f]/.test(text) || lines.length > MAX_LINES) {
    throw new EncodingError('not a policy file')
  }
  const logs: VerifierKey[] = []
  const witnesses: VerifierKey[] = []
  const names = new Map<string, Quorum>()
  const members = new Set<string>()
  let quorum: { name: string; rule: Quorum | undefined } | undefined

  const define = (name: string, rule: Quorum): void => {
    if (name === 'none' || names.has(name)) throw new EncodingError(`"${name}" cannot be defined (again)`)
    names.set(name, rule)
  }
  const find = (name: string): Quorum => {
    const rule = names.get(name)
    if (rule === undefined) throw new EncodingError(`"${name}" is not defined above`)
    return rule
  }
  for (const line of lines) {
    const [keyword, ...fields] = line.split(/[ \t]+/).filter((field) => field !== '')
    const [first, second, third] = fields
    if (keyword === undefined || keyword.startsWith('#')) continue
    if (keyword === 'log' && first !== undefined && fields.length <= 2) {
      addKey(logs, parseVerifierKey(first), 1)
    } else if (keyword === 'witness' && first !== undefined && second !== undefined && fields.length <= 3) {
      define(first, addKey(witnesses, parseVerifierKey(second), 4))
    } else if (keyword === 'group' && first !== undefined && second !== undefined && third !== undefined) {
      const group = fields.slice(2)
      // A witness counts in one way only: each name is a member at most once.
      for (const name of group) {
        if (members.has(name)) throw new EncodingError(`"${name}" is a member twice`)
        members.add(name)
      }
      define(first, { threshold: parseThreshold(second, group.length), members: group.map(find) })
    } else if (keyword === 'quorum' && first !== undefined && fields.length === 1 && quorum === undefined) {
      quorum = { name: first, rule: first === 'none' ? undefined : find(first) }
    } else {
      throw new EncodingError(`not a line of a policy: ${line}`)
    }
  }
  if (quorum === undefined) throw new EncodingError('the policy names no quorum')
  return { logs, quorum: quorum.rule }
}

/** True if one of the policy's logs has signed the checkpoint as its own and the quorum has cosigned it. */
export function checkPolicy(policy: Policy, checkpoint: SignedCheckpoint): boolean {
  const cosigned = (rule: Quorum): boolean =>
    'members' in rule
      ? rule.members.filter(cosigned).length >= rule.threshold
      : checkNote(checkpoint.note, rule)
  return (
    policy.logs.some((log) => checkCheckpoint(checkpoint, log)) &&
    (policy.quorum === undefined || cosigned(policy.quorum))
  )
}

/** Adds a key of the right type whose public key is not there yet. */
function addKey(keys: VerifierKey[], key: VerifierKey, type: VerifierKey['type']): VerifierKey {
  if (key.type !== type) throw new EncodingError(`a key of type ${key.type} where ${type} is asked for`)
  if (keys.some((other) => toHex(other.publicKey) === toHex(key.publicKey))) {
    throw new EncodingError('the same public key twice')
  }
  keys.push(key)
  return key
}

function parseThreshold(text: string, members: number): number {
  if (text === 'any') return 1
  if (text === 'all') return members
  const threshold = parseNumber(text)
  if (threshold < 1 || threshold > members) throw new EncodingError('the threshold does not fit the group')
  return threshold
}

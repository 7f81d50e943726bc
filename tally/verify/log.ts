// V1 and V2: are these the entries that the log signed, and has it ever signed anything else? SPEC 7.5.
import { EncodingError, equalBytes } from '#crypto/encoding.ts'
import { parseCheckpoint, type SignedCheckpoint } from '#ledger/checkpoint.ts'
import { checkPolicy, parsePolicy, type Policy } from '#ledger/policy.ts'
import type { Tree } from '#ledger/tree.ts'
import type { PublicRecord } from '#tally/record.ts'
import type { RecordState } from '#tally/state.ts'
import type { Finding } from './finding.ts'

/** Findings V1 and V2, and V11 where an intent names a checkpoint that nobody signed, on a record whose entries are all in `tree`. */
export function checkLog(
  record: Pick<PublicRecord, 'checkpoint' | 'policy'>,
  tree: Tree,
  state: RecordState,
  held: { policy?: Policy; checkpoints?: readonly string[] },
): Finding[] {
  const checkpoint = parse(record.checkpoint)
  if (checkpoint === undefined)
    return [V1, V2].map((found) => ({ ...found, code: 'checkpoint-unreadable', fields: {} }))
  const findings: Finding[] = []
  if (tree.size === 0) findings.push({ ...V1, code: 'record-empty', fields: {} })
  if (checkpoint.size !== tree.size || !extends_(tree, checkpoint)) {
    const fields = { here: tree.size, signed: checkpoint.size }
    findings.push({ ...V1, code: 'entries-unsigned', fields })
  }
  if (state.founded !== undefined && state.founded.genesis.origin !== checkpoint.origin)
    findings.push({ ...V1, code: 'origin-differs', fields: {} })
  const policy = held.policy ?? parseOwn(record.policy)
  const trusted = policy !== undefined && checkPolicy(policy, checkpoint)
  if (!trusted) findings.push({ ...V2, code: 'policy-unsatisfied', fields: {} })
  for (const [i, text] of (held.checkpoints ?? []).entries()) {
    const earlier = parse(text)
    if (earlier === undefined || policy === undefined || !checkPolicy(policy, earlier))
      findings.push({ ...V2, code: 'held-unsigned', fields: { checkpoint: i } })
    else if (!extends_(tree, earlier))
      findings.push({ ...V1, code: 'held-fork', fields: { checkpoint: i, entries: earlier.size } })
  }
  for (const process of state.processes.values()) {
    for (const election of process.elections.values()) {
      for (const contest of election.contests) {
        for (const [guardian, { checkpoint: seen }] of contest.intents) {
          const theirs = parse(seen)
          const fields = { guardian }
          if (theirs === undefined || (trusted && !checkPolicy(policy, theirs)))
            findings.push({ ...V11, code: 'intent-unsigned', fields })
          else if (!extends_(tree, theirs)) findings.push({ ...V1, code: 'intent-fork', fields })
        }
      }
    }
  }
  if (!findings.some((f) => f.check === 'V1'))
    findings.push({ check: 'V1', status: 'passed', code: 'entries-signed', fields: { entries: tree.size } })
  if (!findings.some((f) => f.check === 'V2')) {
    findings.push(
      held.policy === undefined
        ? { check: 'V2', status: 'not-rechecked', code: 'no-policy', fields: {} }
        : { check: 'V2', status: 'passed', code: 'policy-satisfied', fields: {} },
    )
  }
  return findings
}

const V1 = { check: 'V1', status: 'failed' } as const
const V2 = { check: 'V2', status: 'failed' } as const
const V11 = { check: 'V11', status: 'failed' } as const

function extends_(tree: Tree, checkpoint: SignedCheckpoint): boolean {
  return checkpoint.size <= tree.size && equalBytes(tree.root(checkpoint.size), checkpoint.root)
}

function parse(text: string): SignedCheckpoint | undefined {
  return orUndefined(() => parseCheckpoint(text))
}

function parseOwn(text: string): Policy | undefined {
  return orUndefined(() => parsePolicy(text))
}

function orUndefined<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (error instanceof EncodingError) return undefined
    throw error
  }
}

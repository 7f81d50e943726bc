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
  const findings: Finding[] = []
  const fail = (check: 'V1' | 'V2' | 'V11', sentence: string): void =>
    void findings.push({ check, status: 'failed', sentence })
  const checkpoint = parse(record.checkpoint)
  if (checkpoint === undefined) {
    fail('V1', 'The checkpoint is not one.')
    fail('V2', 'There is no checkpoint whose signature could be checked.')
    return findings
  }
  if (tree.size === 0) fail('V1', 'The record has no entries.')
  if (checkpoint.size !== tree.size || !extends_(tree, checkpoint)) {
    fail('V1', `The entries are not those of the checkpoint (${tree.size} here, ${checkpoint.size} signed).`)
  }
  if (state.founded !== undefined && state.founded.genesis.origin !== checkpoint.origin) {
    fail('V1', 'The checkpoint belongs to a log of another origin than the genesis entry says.')
  }
  const policy = held.policy ?? parseOwn(record.policy)
  const trusted = policy !== undefined && checkPolicy(policy, checkpoint)
  if (!trusted) fail('V2', 'The checkpoint lacks the signatures that the policy asks for.')
  for (const [i, text] of (held.checkpoints ?? []).entries()) {
    const earlier = parse(text)
    if (earlier === undefined || policy === undefined || !checkPolicy(policy, earlier)) {
      fail('V2', `Checkpoint ${i} that you hold is not signed as the policy asks.`)
    } else if (!extends_(tree, earlier)) {
      fail(
        'V1',
        `FORK: the record does not extend checkpoint ${i} that you hold (size ${earlier.size}). Keep both as evidence.`,
      )
    }
  }
  for (const process of state.processes.values()) {
    for (const election of process.elections.values()) {
      for (const contest of election.contests) {
        for (const [guardian, { checkpoint: seen }] of contest.intents) {
          const theirs = parse(seen)
          if (theirs === undefined || (trusted && !checkPolicy(policy, theirs))) {
            fail(
              'V11',
              `The intent of guardian ${guardian} names a checkpoint that is not signed as the policy asks.`,
            )
          } else if (!extends_(tree, theirs)) {
            fail(
              'V1',
              `FORK: guardian ${guardian} saw a checkpoint after closing that this record does not extend.`,
            )
          }
        }
      }
    }
  }
  if (!findings.some((f) => f.check === 'V1')) {
    findings.push({
      check: 'V1',
      status: 'passed',
      sentence: `All ${tree.size} entries are the ones that the checkpoint signs.`,
    })
  }
  if (!findings.some((f) => f.check === 'V2')) {
    findings.push(
      held.policy === undefined
        ? {
            check: 'V2',
            status: 'not-rechecked',
            reason: 'no-policy',
            sentence:
              'The signature fits the key that the record itself names; bring your own policy to check whose it is.',
          }
        : { check: 'V2', status: 'passed', sentence: 'The checkpoint is signed as your policy asks.' },
    )
  }
  return findings
}

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

// A record folded from its first entry, ballots' proofs apart: what a program needs that takes part in an election.
import { decodeEntry, type Entry } from '#protocol/entry.ts'
import { Refusal } from '#protocol/refusal.ts'
import { settle } from './decryption.ts'
import { admit, apply } from './fold.ts'
import type { PublicRecord } from './record.ts'
import { type ElectionState, emptyState, type RecordState } from './state.ts'

/** The state after all entries. Throws `Refusal` naming the first entry that may not stand where it does. */
export async function replay(record: Pick<PublicRecord, 'entries' | 'entry'>): Promise<RecordState> {
  const state = emptyState()
  for await (const bytes of record.entries()) await foldEntry(state, bytes, (index) => record.entry(index))
  return state
}

/** Lets the next entry through the gate, folds it and gives it back. Throws `Refusal` naming it if it may not stand here.
 *  @param read an earlier entry */
export async function foldEntry(
  state: RecordState,
  bytes: Uint8Array,
  read: (index: number) => Promise<Uint8Array>,
): Promise<Entry> {
  const entry = takeEntry(state, bytes)
  const closed = closedBy(state, entry)
  if (closed !== undefined) await settle(closed, read)
  return entry
}

/** As `foldEntry`; the aggregates of an election that the entry closes are the caller's to settle. */
export function takeEntry(state: RecordState, bytes: Uint8Array): Entry {
  try {
    const entry = decodeEntry(bytes)
    admit(state, entry)
    apply(state, entry)
    return entry
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(error.code, `entry ${state.size}: ${error.detail}`)
    throw error
  }
}

/** The election that this entry, just applied, has closed. */
export function closedBy(state: RecordState, [type, content]: Entry): ElectionState | undefined {
  if (type !== 'act' || content.act.type !== 'close-election') return undefined
  return state.processes.get(content.process)?.elections.get(content.act.election)
}

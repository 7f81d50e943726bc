// What an election must be to be defined: by itself, and by what it refers to in the record. SPEC 8.1, 12.8, 12.9.
import type { ActOf } from '#protocol/act.ts'
import { checkManifest } from '#protocol/contest.ts'
import { ensure } from '#protocol/refusal.ts'
import { admitProjects } from './assessments.ts'
import { admitSealedOpinions } from './sealed-opinions.ts'
import type { ProcessState, RecordState } from './state.ts'

/** Throws `Refusal` unless there can be such an election. */
export function admitDefinition(
  state: RecordState,
  process: ProcessState,
  { election, manifest }: ActOf<'define-election'>,
): void {
  ensure(!process.elections.has(election), 'already-exists', election)
  const problems = checkManifest(manifest)
  ensure(problems.length === 0, 'manifest-invalid', problems.map(({ code }) => code).join(', '))
  ensure(manifest.closesAt > state.time, 'manifest-invalid', 'it would already be closed')
  admitProjects(state, manifest)
  admitSealedOpinions(process, manifest)
}

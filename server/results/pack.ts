// The evidence pack of an announced result: one ZIP file from which the result can be checked without this server. Made
// as it is taken, for a record may be large; the library writes ZIP64 where it must.
import { makeZip } from 'client-zip'
import type { Language } from '#server/data/register.ts'
import type { RecordState } from '#tally/state.ts'
import { type Announced, csvOf, nistOf, pbOf, wordsIn } from './announced.ts'
import { readmeOf } from './readme.ts'

/** What the pack holds beside what can be made of the state. */
export interface Evidence {
  readonly record: AsyncIterable<Uint8Array>
  readonly policy: string
  readonly reportJson: string
  readonly reportPdf: Uint8Array
}

/** The same bytes for the same evidence. */
export function evidencePack(
  state: RecordState,
  announced: Announced,
  { record, policy, reportJson, reportPdf }: Evidence,
  language: Language,
): ReadableStream<Uint8Array> {
  const { manifest, announcedTime } = announced
  const budgets = manifest.contests.flatMap((_, i) => {
    const text = pbOf(announced, i + 1, language)
    return text === undefined ? [] : [{ name: `results/contest-${i + 1}.pb`, input: text }]
  })
  const lastModified = asLocal(announcedTime)
  const files = [
    { name: 'README.txt', input: readmeOf(language, wordsIn(language)(manifest.title)) },
    { name: 'record.comitia', input: record },
    { name: 'policy.txt', input: policy },
    { name: 'report.json', input: reportJson },
    { name: 'report.pdf', input: reportPdf },
    { name: 'results/result.csv', input: csvOf(announced, language) },
    { name: 'results/nist.json', input: nistOf(state, announced) },
    ...budgets,
  ]
  return makeZip(files.map((file) => ({ ...file, lastModified })))
}

/** A ZIP file has times of no zone, written from the local time: the one that reads like this one in UTC. */
function asLocal(time: number): Date {
  return new Date(time + new Date(time).getTimezoneOffset() * 60_000)
}

// V17: does a server hand out the web app that the officials have published? SPEC 7.7.
import { equalBytes, toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { FILE_LIST, PAGE_FILE, readFileList } from '#protocol/application.ts'
import { Refusal } from '#protocol/refusal.ts'
import type { RecordState } from '#tally/state.ts'
import type { Finding } from './finding.ts'

/** What a server gives for a path such as `/app.html`; undefined if it has nothing there. */
export type FetchFile = (path: string) => Promise<Uint8Array | undefined>

/** Files that are named at most when many differ. */
const NAMED = 5

/** The finding V17 on the newest application that the record names; none if it names none.
 *  @param fetchFile asks the server; without it nothing is compared */
export async function checkApplication(
  { application }: RecordState,
  fetchFile: FetchFile | undefined,
): Promise<Finding[]> {
  if (application === undefined) return []
  const { index, files } = application
  const found = { check: 'V17', entry: index } as const
  if (fetchFile === undefined) return [{ ...found, status: 'not-rechecked', code: 'no-server', fields: {} }]
  const list = await fetchFile(`/${FILE_LIST}`)
  const wrong =
    list === undefined || !equalBytes(sha256(list), files)
      ? [`/${FILE_LIST}`]
      : await differing(list, fetchFile)
  if (wrong.length === 0) return [{ ...found, status: 'passed', code: 'application-same', fields: {} }]
  const paths = wrong.slice(0, NAMED)
  const fields = { paths, more: wrong.length - paths.length }
  return [{ ...found, status: 'failed', code: 'application-differs', fields }]
}

/** Paths of the list at which the server gives something else, the page's own address among them. */
async function differing(list: Uint8Array, fetchFile: FetchFile): Promise<string[]> {
  try {
    const files = readFileList(list)
    const expected = [...files, ['', files.get(PAGE_FILE) ?? ''] as const]
    const wrong: string[] = []
    for (const [path, hash] of expected) {
      const file = await fetchFile(`/${path}`)
      if (file === undefined || toHex(sha256(file)) !== hash) wrong.push(`/${path}`)
    }
    return wrong
  } catch (error) {
    if (error instanceof Refusal) return [`/${FILE_LIST}`]
    throw error
  }
}

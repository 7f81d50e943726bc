// The list of a web app's files, which officials name in an act and verifiers compare with what a server hands out.
// SPEC 7.7. It is what `sha256sum` prints, so that anybody can check a copy or a build of their own with it.
import { ensure } from './refusal.ts'

/** Where a server has the list, the file that it gives for every page, and what it says beside that page. */
export const FILE_LIST = 'files.txt'
export const PAGE_FILE = 'app.html'
export const PRELOADS_FILE = 'preloads.json'

const LINE = /^(?<hash>[0-9a-f]{64}) {2}(?<path>[\w.-]+(?:\/[\w.-]+)*)$/

/** The list of files by their paths, each with its SHA-256 in hexadecimal. */
export function writeFileList(files: ReadonlyMap<string, string>): Uint8Array {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
  return new TextEncoder().encode(sorted.map(([path, hash]) => `${hash}  ${path}\n`).join(''))
}

/** The files of a list. Throws `Refusal` 'malformed' unless it is one that `writeFileList` writes, with the page in it. */
export function readFileList(list: Uint8Array): ReadonlyMap<string, string> {
  const lines = new TextDecoder().decode(list).split('\n')
  ensure(lines.pop() === '', 'malformed', 'the list breaks off')
  const files = new Map<string, string>()
  let last = ''
  for (const line of lines) {
    const { hash = '', path = '' } = LINE.exec(line)?.groups ?? {}
    ensure(path > last && !path.split('/').includes('..'), 'malformed', 'no list of files')
    files.set(path, hash)
    last = path
  }
  ensure(files.has(PAGE_FILE), 'malformed', 'the list lacks the page')
  return files
}

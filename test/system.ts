// Programs outside npm that tests need, with the Debian package each comes from (.ci/run installs the same packages).
// A test that needs one calls `requireProgram`, so that it fails naming the package instead of being skipped.

import { accessSync, constants, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const PACKAGES = {
  chromium: 'chromium',
  initdb: 'postgresql',
  postgres: 'postgresql',
  strace: 'strace',
  unshare: 'util-linux',
  runuser: 'util-linux',
  mount: 'mount',
} as const

/** Name of a program that a test may need. */
type Program = keyof typeof PACKAGES

/** Absolute path of the program, or an error with the apt-get line that installs it. */
export function requireProgram(program: Program): string {
  const path = find(program)
  if (path === undefined) throw new Error(`This test needs ${program}: ${aptGet([PACKAGES[program]])}`)
  return path
}

/** Debian packages that are missing here, each once. */
export function missingPackages(): string[] {
  const missing = (Object.keys(PACKAGES) as Program[]).filter((program) => find(program) === undefined)
  return [...new Set(missing.map((program) => PACKAGES[program]))]
}

/** All packages that tests need. */
export function neededPackages(): string[] {
  return [...new Set(Object.values(PACKAGES))]
}

/** The command that installs these packages on Debian and Ubuntu. */
export function aptGet(packages: readonly string[]): string {
  return `apt-get install -y --no-install-recommends ${packages.join(' ')}`
}

// Debian keeps PostgreSQL's server programs out of PATH, and sbin is not in every user's PATH.
function find(program: Program): string | undefined {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/sbin',
    ...globSync('/usr/lib/postgresql/*/bin').sort().reverse(),
  ]
  return folders.map((folder) => join(folder, program)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

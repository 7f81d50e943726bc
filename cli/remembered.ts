// What `comitia verify --remember` found sound, so that the next run over the same log, grown since, judges only the proofs
// that are new. The observer's own file, believed as the program itself is; of another version it counts for nothing.
import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { ROOT } from '#circuits/build/cache.ts'
import { fromHex, toHex } from '#crypto/encoding.ts'
import type { Judged } from '#tally/verify/verify.ts'
import { Unusable } from './command.ts'

const { version: PROGRAM } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')))
const schema = z.strictObject({
  program: z.string(),
  size: z.int().check(z.gte(0)),
  root: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
})

/** What the file tells; undefined before the first run and from another version. Throws `Unusable`. */
export async function readJudged(path: string): Promise<Judged | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new Unusable(`Cannot read ${path}: ${String(error)}`)
  }
  const read = schema.safeParse(jsonOf(text))
  if (!read.success) throw new Unusable(`${path} is no file of comitia verify --remember.`)
  const { program, size, root } = read.data
  return program === PROGRAM ? { size, root: fromHex(root) } : undefined
}

/** Keeps it for the next run. */
export async function writeJudged(path: string, { size, root }: Judged): Promise<void> {
  await writeFile(path, `${JSON.stringify({ program: PROGRAM, size, root: toHex(root) })}\n`)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

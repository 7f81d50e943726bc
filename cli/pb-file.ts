// A PaBuLib file from the disk.
import { readFile } from 'node:fs/promises'
import { parsePb, type PbFile } from '#tally/formats/pabulib.ts'
import { Unusable } from './command.ts'

/** The published budget in a file. Throws `Unusable` if it cannot be read or is none. */
export async function readPb(path: string): Promise<PbFile> {
  try {
    return parsePb(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path)))
  } catch (error) {
    throw new Unusable(`Cannot use ${path}: ${error instanceof Error ? error.message : ''}`)
  }
}

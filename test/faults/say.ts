// How a child process of the fault tests tells what it was promised: at once, so that a kill takes back no word.
import { writeSync } from 'node:fs'

/** Writes a line to standard output; returns when all of it is in the pipe, also where the reader is slow. */
export function say(line: string): void {
  const bytes = Buffer.from(`${line}\n`)
  for (let at = 0; at < bytes.length;) at += write(bytes.subarray(at))
}

function write(bytes: Buffer): number {
  try {
    return writeSync(1, bytes)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0
    throw error
  }
}

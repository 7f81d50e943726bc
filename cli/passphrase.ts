// A passphrase from a file, or typed at the terminal without an echo.
import { readFile } from 'node:fs/promises'
import { stderr, stdin } from 'node:process'
import { Unusable } from './command.ts'

/** Fewer characters are refused where a passphrase is chosen; what it protects may be attacked offline. */
const SHORTEST = 12

/** The passphrase in the file (its last line break apart), or one that is asked for; twice where it is `chosen` now. */
export async function readPassphrase(file: string | undefined, chosen: boolean): Promise<string> {
  const passphrase = file === undefined ? await ask(chosen) : (await textOf(file)).replace(/\r?\n$/, '')
  if (chosen && passphrase.length < SHORTEST)
    throw new Unusable(`The passphrase needs at least ${SHORTEST} characters.`)
  return passphrase
}

async function ask(chosen: boolean): Promise<string> {
  if (!stdin.isTTY) throw new Unusable('Give --passphrase-file, since there is no terminal to ask at.')
  const typed = await typeUnseen('Passphrase: ')
  if (chosen && (await typeUnseen('The same again: ')) !== typed) throw new Unusable('The two differ.')
  return typed
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new Unusable(`Cannot read ${file}: ${error instanceof Error ? error.message : ''}`)
  })
}

/** One line typed in raw mode, so that the terminal shows nothing of it. */
function typeUnseen(prompt: string): Promise<string> {
  stderr.write(prompt)
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  stdin.resume()
  return new Promise((resolve, reject) => {
    let line: string[] = []
    const end = (): void => {
      stdin.off('data', take)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write('\n')
    }
    const take = (typed: string): void => {
      for (const character of typed) {
        if (character === '\r' || character === '\n') {
          end()
          resolve(line.join(''))
          return
        }
        if (character === '\u0003' || character === '\u0004') {
          end()
          reject(new Unusable('Interrupted.'))
          return
        }
        if (character === '\u007f' || character === '\b') line = line.slice(0, -1)
        else line.push(character)
      }
    }
    stdin.on('data', take)
  })
}

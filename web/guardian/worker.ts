// The guardian's worker: signing keys, key shares and everything that is ever said with them stay in here and in the
// vault. One worker serves one page, and ends with it.
import { openVault } from '#web/device/vault.ts'
import { serve } from '#web/worker/serve.ts'
import type { GuardianCard, Keep } from './keep.ts'
import { type Answer, type Sight, Talk } from './talk.ts'

export interface GuardianDesk {
  /** The guardians of this device. */
  cards(): Promise<GuardianCard[]>
  /** Makes a guardian of that name; its public key in hexadecimal, as of those below. */
  create(name: string): Promise<string>
  /** Takes in a guardian from its backup; what is here already stays as it is. Throws `Unusable`. */
  adoptBackup(file: Blob, passphrase: string): Promise<string>
  /** The backup of a guardian: a text for a file, which has been opened once to be sure. */
  backup(key: string, passphrase: string): Promise<string>
  /** Notes that the person has stored that file. */
  stored(key: string): Promise<void>
  /** Removes a guardian from this device for ever. */
  forget(key: string): Promise<void>
  /** Attends to an election and shows how things stand; resolves when nothing is left to do. Throws `Alarm`, `Unusable`. */
  attend(process: string, election: string, show: (sight: Sight) => void): Promise<void>
  /** Answers what the sight asks for. */
  answer(answer: Answer): Promise<void>
}

const vault = openVault()
// Each call says so; nobody need wait for that.
vault.catch(() => undefined)
let talk: Talk | undefined

serve({
  cards: async () => ((await (await vault).keys('guardians')).length === 0 ? [] : (await keep()).cards()),
  create: async (name) => (await keep()).create(name),
  adoptBackup: async (file, passphrase) => (await keep()).restore(await file.text(), passphrase),
  backup: async (key, passphrase) => (await keep()).backup(key, passphrase),
  async stored(key) {
    await (await keep()).stored(key)
    talk?.ring()
  },
  forget: async (key) => (await keep()).forget(key),
  async attend(process, election, show) {
    using mine = new Talk(show)
    talk = mine
    const { attend } = await import('./attendance.ts')
    await attend(await keep(), process, election, mine)
  },
  answer(answer) {
    talk?.answer(answer)
    return Promise.resolve()
  },
} satisfies GuardianDesk)

/** What makes keys, speaks with others and counts is large, and loaded with the first guardian of this device. */
async function keep(): Promise<Keep> {
  const { Keep } = await import('./keep.ts')
  return new Keep(await vault)
}

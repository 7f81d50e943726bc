// The visitor as a guardian: the ready seat of the election, and a key of one's own for the ceremony.
import { openDesk } from '#web/guardian/desk.ts'
import { ceremony, type DemoElection, seat } from './api.ts'

/** Brings the third guardian's seat of an election to this device. */
export async function takeSeat(election: string): Promise<void> {
  using held = openDesk()
  const { backup, passphrase } = await seat(election)
  await held.desk.adoptBackup(new Blob([backup]), passphrase)
}

/** Makes a guardian of this name on this device, and a practice election that names it. */
export async function startCeremony(name: string): Promise<Pick<DemoElection, 'process' | 'election'>> {
  using held = openDesk()
  return await ceremony(name, await held.desk.create(name))
}

// What a server that was started with a demonstration offers to its visitors. Practice elections only: the server
// itself refuses these acts for every other.
import { get, post, Refused } from '#web/device/api.ts'

export interface DemoElection {
  readonly process: string
  readonly election: string
  readonly state: 'registering' | 'open' | 'closed' | 'announced'
}

export interface Demo {
  readonly elections: readonly DemoElection[]
  /** How many voters the server plays. */
  readonly simulated: number
}

/** What can be tried here; undefined where the server has no demonstration. Throws as web/device/api.ts does. */
export async function demo(): Promise<Demo | undefined> {
  try {
    return await get<Demo>('/api/demo')
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return undefined
    throw error
  }
}

/** An election in which one can still register: a new one, or one that waits for its first visitor. */
export function freshElection(): Promise<Pick<DemoElection, 'process' | 'election'>> {
  return post('/api/demo/elections')
}

/** An invitation to it. */
export async function invitation(election: string): Promise<string> {
  const { code } = await post<{ code: string }>(`${pathOf(election)}/codes`)
  return code
}

/** Freezes the roll and opens voting; played voters then cast real ballots. */
export function openVoting(election: string): Promise<void> {
  return post(`${pathOf(election)}/open`)
}

/** Ends voting now; one of the two played guardians decrypts, the other stays away. */
export function closeVoting(election: string): Promise<void> {
  return post(`${pathOf(election)}/close`)
}

/** The third guardian's backup, until that guardian has announced what it decrypts. */
export function seat(election: string): Promise<{ backup: string; passphrase: string }> {
  return get(`${pathOf(election)}/seat`)
}

/** A second practice election, which makes its key with the visitor as third guardian and is never opened.
 *  @param key the visitor's Ed25519 public key, in hexadecimal */
export function ceremony(name: string, key: string): Promise<Pick<DemoElection, 'process' | 'election'>> {
  return post('/api/demo/ceremonies', { name, key })
}

/** The absent guardian comes after all. */
export function letAbsentGuardianDecrypt(election: string): Promise<void> {
  return post(`${pathOf(election)}/step-in`)
}

function pathOf(election: string): string {
  return `/api/demo/elections/${encodeURIComponent(election)}`
}

// What pages ask of the server about ceremonies of the proof system (server/ceremony/).
import type { CeremonyView, Turn } from '#server/ceremony/shapes.ts'
import { ask, get, post } from '#web/device/api.ts'

export type { CeremonyView, Turn }
export type Circuit = CeremonyView['circuits'][number]
/** A contribution, as contributors publish it. */
export interface Contributed {
  readonly circuit: Circuit
  /** In hexadecimal. */
  readonly hash: string
}

export async function ceremonies(): Promise<CeremonyView[]> {
  return (await get<{ ceremonies: CeremonyView[] }>('/api/ceremonies')).ceremonies
}

/** How things stand for whoever has this link's code. */
export const turn = async (code: string): Promise<Turn> =>
  (await ask('/api/ceremony/turn', withCode(code))).json() as Promise<Turn>
/** Keeps others from contributing for a while. */
export const takeTurn = async (code: string): Promise<Turn> =>
  (await ask('/api/ceremony/turn', { method: 'POST', ...withCode(code) })).json() as Promise<Turn>
export const key = (hash: string): Promise<Response> => ask(`/api/ceremonies/keys/${hash}`)
/** Resolves when the server has verified and kept the contribution. */
export async function handIn(code: string, circuit: Circuit, file: Uint8Array): Promise<void> {
  await ask(`/api/ceremony/contributions/${circuit}`, {
    method: 'POST',
    ...withCode(code, { 'content-type': 'application/octet-stream' }),
    body: new Uint8Array(file),
  })
}

const BASE = '/api/officials/ceremonies'

/** Hands in a file of phase 1; its SHA-256. */
export async function keepPowers(file: File): Promise<string> {
  const headers = { 'content-type': 'application/octet-stream' }
  const answer = await ask(`${BASE}/powers`, { method: 'POST', headers, body: file })
  return ((await answer.json()) as { powers: string }).powers
}
export const begin = (beginning: {
  circuits: readonly Circuit[]
  beacon: string
  powers: string | null
}): Promise<unknown> => post(BASE, beginning)
/** The code of a link that nobody shows again. */
export const inviteContributor = async (id: number, name: string): Promise<string> =>
  (await post<{ code: string }>(`${BASE}/${id}/contributors`, { name })).code
export const skip = (id: number, name: string, reason: string): Promise<void> =>
  post(`${BASE}/${id}/skip`, { name, reason })
export const end = (id: number, value: string): Promise<void> => post(`${BASE}/${id}/end`, { value })

function withCode(code: string, headers: Record<string, string> = {}): RequestInit {
  return { headers: { authorization: `Bearer ${code}`, ...headers } }
}

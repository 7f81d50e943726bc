// What officials ask of the server about names: those under which people want to speak, with what the register knows of them.
import type { NameCase, NameQueue } from '#server/participation/names.ts'
import { get } from '#web/device/api.ts'
import { checked } from '#web/process/checked.ts'

export type { NameCase }

/** Those that have waited longest. */
export async function namesOf(process: string): Promise<NameCase[]> {
  const { names } = await get<NameQueue>(`${pathOf(process)}?after=oldest`)
  return names.map(withName)
}

/** One of them, by the index of its entry. */
export async function nameOf(process: string, introduction: number): Promise<NameCase> {
  return withName(await get<NameCase>(`${pathOf(process)}/${introduction}`))
}

function pathOf(process: string): string {
  return `/api/officials/processes/${encodeURIComponent(process)}/names`
}

function withName(one: NameCase): NameCase {
  return { ...one, name: checked(one.name) }
}

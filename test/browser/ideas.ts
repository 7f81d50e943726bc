// A demo election with the process beside it, in which the simulated voter has proposed something.
import { vi } from 'vitest'
import { ideasOf } from '#web/demo/course.ts'
import type { Server } from './app.ts'

export interface Ideas {
  readonly place: { readonly process: string; readonly election: string }
  readonly ideas: { readonly process: string; readonly proposal: string }
}

/** Begins and opens an election, and waits until something is proposed. */
export async function demoWithIdea({ url }: Server): Promise<Ideas> {
  const post = (path: string) => fetch(new URL(path, url), { method: 'POST' })
  const place = (await (await post('/api/demo/elections')).json()) as Ideas['place']
  await post(`/api/demo/elections/${place.election}/open`)
  const process = ideasOf(place.election)
  const look = async () => {
    const answer = await fetch(new URL(`/api/processes/${process}/proposals?before=newest`, url))
    return answer.ok ? ((await answer.json()) as { proposals: { index: number }[] }).proposals : []
  }
  const [proposed] = await vi.waitUntil(
    async () => {
      const found = await look()
      return found.length > 0 && found
    },
    { timeout: 200_000, interval: 500 },
  )
  return { place, ideas: { process, proposal: String(proposed?.index) } }
}

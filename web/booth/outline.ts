// What the booth says of its election above every page, and what of that may change while a voter is inside.
import type { Whereabouts } from '#client/election.ts'
import { jsonOf, type Server } from '#client/server.ts'
import type { Manifest } from '#protocol/manifest.ts'
import type { ElectionSummary } from '#server/summary.ts'

/** What anybody may see of the election, from entries that were checked; end and notices as the server says. */
export interface Outline {
  readonly process: string
  readonly election: string
  readonly manifest: Manifest
  readonly closesAt: number
  readonly closed: boolean
  readonly notices: ElectionSummary['notices']
}

/** The election as the server tells of it. Throws `Unusable`. */
export async function summaryOf(
  server: Server,
  process: string,
  election: string,
): Promise<Whereabouts & ElectionSummary> {
  return jsonOf(await server.send(`/api/elections/${process}/${election}`))
}

/** What officials may change while voting goes on. */
export function changing({
  closesAt,
  closing,
  notices,
}: ElectionSummary): Pick<Outline, 'closesAt' | 'closed' | 'notices'> {
  return { closesAt, closed: closing !== null, notices }
}

// An election in a process that goes on: defined, its key made and opened entry by entry on the server's own ledger.
import { encodeEntry } from '#protocol/entry.ts'
import type { GuardianMessage } from '#protocol/guardian.ts'
import type { Contest } from '#protocol/manifest.ts'
import { commitMessage, dealMessage, drawSecrets, judgeDeals, rehearseMessage } from '#tally/guardian.ts'
import { ballotEntry, follow } from '../server/stage.ts'
import type { ProcessStage } from './process-stage.ts'

/** Opens an election of these contests for a month. */
export async function openElection(process: ProcessStage, contests: readonly Contest[]): Promise<void> {
  const { stage, people } = process
  const { scene } = people
  const opensAt = stage.clock.now
  const manifest = {
    ...scene.manifest,
    contests: [...contests],
    opensAt,
    closesAt: opensAt + 30 * 86_400_000,
  }
  Object.assign(scene, { manifest })
  await process.act({ type: 'define-election', election: scene.slug, manifest })
  await follow(scene, stage.ledger)
  const guardians = manifest.guardians.map((_, i) => i + 1)
  await process.act({ type: 'start-keygen', election: scene.slug, attempt: 1, guardians })
  await follow(scene, stage.ledger)
  const secrets = guardians.map((g) => drawSecrets(scene.state, scene.election, scene.attempt, g))
  const each = async (message: (guardian: number, own: (typeof secrets)[number]) => GuardianMessage) => {
    for (const [i, own] of secrets.entries())
      await post(process, encodeEntry(scene.guardianEntry(i + 1, message(i + 1, own))))
  }
  await each((g, own) => commitMessage(scene.state, scene.election, scene.attempt, g, own))
  await each((_, own) => own.reveal)
  await each((g, own) => dealMessage(scene.state, scene.election, scene.attempt, g, own))
  await each((g, own) => {
    const { message, keyShare = 0n } = judgeDeals(scene.state, scene.election, scene.attempt, g, own)
    scene.shares.set(g, keyShare)
    return message
  })
  await each((g) => rehearseMessage(scene.state, scene.election, scene.attempt, g, scene.share(g)))
  await process.act(scene.opening())
  await follow(scene, stage.ledger)
}

/** A vote of somebody in each contest, by the values of the slots. */
export async function castAll(
  process: ProcessStage,
  voter: number,
  votes: readonly (readonly bigint[])[],
): Promise<void> {
  await follow(process.people.scene, process.stage.ledger)
  for (const [contest, values] of votes.entries())
    await post(process, ballotEntry(process.people.scene.ballot(voter, values, contest).ballot))
}

async function post({ stage, people }: ProcessStage, entry: Uint8Array): Promise<void> {
  const response = await stage.post(entry)
  if (!response.ok) throw new Error(await response.text())
  await follow(people.scene, stage.ledger)
}

// Two officials pause voting while more ballots come than the server takes: their act gets through.
import { expect, test } from 'vitest'
import { Busy } from '#ledger/engine.ts'
import { actStatement } from '#protocol/act.ts'
import type { Officials } from '#protocol/official.ts'
import { Board } from '#server/board.ts'
import { Holds } from '#server/holds.ts'
import { Proposals } from '#server/officials/proposals.ts'
import { Passkey } from '../tally/passkey.ts'
import { PROCESS, Scene } from '../tally/scene.ts'
import { Browser } from './official-browser.ts'
import { ballotEntry, stage, type Stage } from './stage.ts'

test('voting is paused under a flood of ballots', async () => {
  const scene = new Scene({ guardians: 1 })
  scene.prepare()
  scene.keygen()
  scene.open()
  const officials: Officials['officials'] = ['ada', 'ben'].map((id) => ({
    ...{ id, name: id, role: 'owner' },
    key: new Passkey(`${id} acts`).key,
  }))
  scene.act({ type: 'change-officials', officials, approvals: { routine: 1, decisive: 2 } })
  await using server: Stage = await stage(scene, { workers: 0, database: true })
  const [ada, ben] = ['ada', 'ben'].map((name) => new Browser(() => server, name)) as [Browser, Browser]
  await ada.first(server.parts.officials.first ?? '')
  await ada.invite(ben, 'owner')
  // Ballots are checked, and no answer comes.
  const board = await Board.open(server.ledger, {
    proofs: { check: () => new Promise<boolean>(() => undefined) },
    setupProblems: () => Promise.resolve([]),
    attachment: () => Promise.resolve(undefined),
    written: () => Promise.resolve(false),
    nameTaken: () => Promise.resolve(false),
    erase: () => Promise.resolve(),
    unseal: () => Promise.resolve(),
    clock: server.parts.clock,
  })
  const { database, clock } = server.parts
  const proposals = new Proposals(database, board, { holds: new Holds(database, board, clock), clock })
  const { founded } = scene
  const act = { type: 'pause-voting', election: scene.slug, message: { en: 'We look into it.' } } as const
  const unsigned = { ...proposals.place(PROCESS), reason: 'A complaint.', act }
  const sign = (who: Browser) => who.acts.assert(founded.genesis, actStatement(founded.log, unsigned))
  const { id } = await proposals.propose('ada', unsigned, {}, sign(ada))

  const ballot = ballotEntry(scene.ballot(0, [1n, 0n]).ballot)
  while (!board.busy) void board.submit(ballot, 'a visitor')
  await expect(board.submit(ballot, 'a visitor')).rejects.toThrow(Busy)
  expect(await proposals.approve('ben', id, sign(ben))).toMatchObject({ standing: 'recorded' })
  expect(board.state.processes.get(PROCESS)?.elections.get(scene.slug)?.paused).toBe(true)
})

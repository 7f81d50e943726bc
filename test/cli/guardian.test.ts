// A guardian's program against a server with the real gate: the folder, the flow, crashes, complaints, restores and
// forked ledgers (SPEC 5.1, 5.3, 5.4, 5.6, 9.1).
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as path } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { confirm, deal, join, rehearse, takeSeat } from '#client/guardian/keygen.ts'
import { Unusable } from '#client/failure.ts'
import { Alarm, NotYet } from '#client/guardian/alarm.ts'
import { seatIn } from '#client/guardian/seat.ts'
import { Session, type Surroundings } from '#client/guardian/session.ts'
import { connect } from '#cli/server.ts'
import { verifyWith } from '#cli/verify.ts'
import { GuardianFolder } from '#cli/guardian-folder.ts'
import { decrypt } from '#client/guardian/tally.ts'
import { unseal } from '#client/guardian/unseal.ts'
import { toHex } from '#crypto/encoding.ts'
import { decodeEntry } from '#protocol/entry.ts'
import { ballotContent } from '#protocol/ballot.ts'
import type { GuardianMessageOf } from '#protocol/guardian.ts'
import { outcome } from '#tally/outcome.ts'
import {
  type AttemptSecrets,
  commitMessage,
  dealMessage,
  drawSecrets,
  judgeDeals,
  rehearseMessage,
} from '#tally/guardian.ts'
import { waitingSealed } from '#tally/sealed-comments.ts'
import { ELECTION, type Plan, PROCESS, Scene } from '../tally/scene.ts'
import { checkpointOf } from '../tally/record.ts'
import { Sealing, sealingPlan } from '../tally/sealing.ts'
import { SceneServer } from './scene-server.ts'

const PASSPHRASE = 'correct horse battery'

let home: string
let folders: GuardianFolder[]
let server: SceneServer | undefined

beforeAll(async () => {
  home = await mkdtemp(path(tmpdir(), 'comitia-guardian-'))
  folders = await Promise.all(
    [1, 2, 3].map((n) => GuardianFolder.create(path(home, `${n}`), `Guardian ${n}`, PASSPHRASE)),
  )
})

afterEach(async () => {
  await server?.close()
  server = undefined
  for (const n of [1, 2, 3]) await rm(path(home, `${n}`, `${PROCESS}.${ELECTION}.age`), { force: true })
})

afterAll(async () => {
  for (const folder of folders) folder[Symbol.dispose]()
  await rm(home, { recursive: true })
})

/** A scene whose first `ours` guardians run the program; the scene plays the others. */
function sceneOf(ours: number, plan: Plan = {}): Scene {
  const plain = new Scene(plan)
  const guardians = plain.manifest.guardians.map((g, i) =>
    i < ours ? { ...g, key: folder(i + 1).publicKey } : g,
  )
  return new Scene({ ...plan, manifest: { ...plan.manifest, guardians } })
}

function folder(guardian: number): GuardianFolder {
  const found = folders[guardian - 1]
  if (found === undefined) throw new Error('no such folder')
  return found
}

/** Opens a session of a guardian that takes its seat if need be. */
async function session(guardian: number | GuardianFolder, wait = false): Promise<Session> {
  if (server === undefined) throw new Error('no server')
  const at = typeof guardian === 'number' ? folder(guardian) : guardian
  const around: Surroundings = {
    ...{ wait, tell: () => undefined, pause: () => sleep(100), connect },
    verify: (record, options) => verifyWith(record, options, 'Verifying', 1),
  }
  const place = { server: server.url, process: PROCESS, election: ELECTION }
  return Session.open(at, await takeSeat(at, place, around), around)
}

/** Key generation by the program for all three guardians. */
async function keygen(scene: Scene): Promise<void> {
  scene.act({ type: 'start-keygen', election: ELECTION, attempt: 1, guardians: [1, 2, 3] })
  await Promise.all(
    [1, 2, 3].map(async (guardian) => {
      await join(await session(guardian, true))
      await deal(await session(guardian, true))
      await confirm(await session(guardian, true))
      await rehearse(await session(guardian, true))
    }),
  )
}

async function closed(
  votes: readonly (readonly bigint[])[] = [
    [1n, 0n],
    [1n, 0n],
    [0n, 1n],
  ],
  plan: Plan = {},
) {
  const scene = sceneOf(3, plan)
  scene.prepare()
  server = await SceneServer.over(scene)
  await keygen(scene)
  scene.open()
  const other = copyOf(scene, plan)
  votes.forEach((values, voter) => scene.cast(voter, values))
  await scene.close()
  return { scene, other }
}

/** Another scene with the same entries so far: from here on the ledger can be forked. */
function copyOf(scene: Scene, plan: Plan): Scene {
  const copy = sceneOf(3, plan)
  for (const entry of scene.entries) copy.offer(decodeEntry(entry))
  return copy
}

function messageTypes(sent: readonly Uint8Array[]): string[] {
  return sent.map((entry) => {
    const [type, content] = decodeEntry(entry)
    return type === 'guardian' ? content.message.type : type
  })
}

describe('the folder', () => {
  it('keeps keys under the passphrase only, and refuses a second guardian and a wrong passphrase', async () => {
    const [file] = await readdir(path(home, '1')).then((names) => names.filter((n) => n === 'guardian.age'))
    expect(file).toBe('guardian.age')
    const text = await readFile(path(home, '1', 'guardian.age'), 'utf8')
    expect(text).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/)
    await expect(GuardianFolder.create(path(home, '1'), 'x', PASSPHRASE)).rejects.toThrow(/locked/)
    const at = path(home, 'other')
    const publicKey = await GuardianFolder.create(at, 'Other', PASSPHRASE).then((made) => {
      using other = made
      return other.publicKey
    })
    await expect(GuardianFolder.create(at, 'x', PASSPHRASE)).rejects.toThrow(/already/)
    await expect(GuardianFolder.open(at, `${PASSPHRASE}.`)).rejects.toThrow(/does not open/)
    using again = await GuardianFolder.open(at, PASSPHRASE)
    expect(again.publicKey).toEqual(publicKey)
    expect(toHex(again.publicKey)).not.toBe(toHex(folder(1).publicKey))
  })
})

describe('key generation', () => {
  it('runs from join to rehearsal, opens, decrypts with t of n, and gives the right result', async () => {
    const { scene } = await closed()
    const done = await Promise.all([1, 2].map(async (g) => decrypt(await session(g, true), false)))
    expect(done.map((d) => d.decrypted)).toEqual([[0], [0]])
    const [result] = outcome(scene.election)?.contests ?? []
    expect(result?.status === 'counted' && result.sums).toEqual([2n, 1n])
    scene.publish()
    // Again: nothing more is sent.
    const before = server?.sent.length
    await decrypt(await session(1, true), false)
    expect(server?.sent.length).toBe(before)
  })

  it('says who is missing, in every step, when it may not wait', async () => {
    const scene = sceneOf(1)
    scene.prepare()
    server = await SceneServer.over(scene)
    await expect(session(1).then(join)).rejects.toThrow(new NotYet('keygen-not-started'))
    const secrets = new Map<number, AttemptSecrets>()
    scene.act({ type: 'start-keygen', election: ELECTION, attempt: 1, guardians: [1, 2, 3] })
    await join(await session(1))
    for (const g of [2, 3]) secrets.set(g, drawSecrets(scene.state, scene.election, scene.attempt, g))
    const all = (make: (g: number, s: AttemptSecrets) => Parameters<Scene['say']>[1]) =>
      secrets.forEach((s, g) => scene.say(g, make(g, s)))
    await expect(session(1).then(deal)).rejects.toThrow(
      'Waiting for the commitment of: Guardian 2, Guardian 3.',
    )
    all((g, s) => commitMessage(scene.state, scene.election, scene.attempt, g, s))
    await expect(session(1).then(deal)).rejects.toThrow('Waiting for the reveal of: Guardian 2, Guardian 3.')
    all((_, s) => s.reveal)
    await deal(await session(1))
    await expect(session(1).then((s) => confirm(s))).rejects.toThrow('the shares of: Guardian 2, Guardian 3.')
    all((g, s) => dealMessage(scene.state, scene.election, scene.attempt, g, s))
    const other = confirm(await session(1), 'AAAA-AAAA')
    await expect(other).rejects.toThrow(/not the same for all/)
    expect(messageTypes(server.sent)).toEqual(['commit', 'reveal', 'deal'])
    const confirmed = await confirm(await session(1))
    const fingerprint = 'fingerprint' in confirmed ? confirmed.fingerprint : ''
    expect(fingerprint).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/)
    await confirm(await session(1), fingerprint.toLowerCase())
    await expect(session(1).then(rehearse)).rejects.toThrow('the confirmation of: Guardian 2, Guardian 3.')
    for (const [g, s] of secrets) {
      const { message, keyShare } = judgeDeals(scene.state, scene.election, scene.attempt, g, s)
      scene.shares.set(g, keyShare ?? 0n)
      scene.say(g, message)
    }
    await rehearse(await session(1))
    for (const g of [2, 3])
      scene.say(g, rehearseMessage(scene.state, scene.election, scene.attempt, g, scene.share(g)))
    scene.open()
    await expect(session(1).then((s) => decrypt(s, false))).rejects.toThrow(/^The election has not closed/)
  })

  it('complains about a wrong share, is upheld, and joins the next attempt with other secrets', async () => {
    const scene = sceneOf(1)
    scene.prepare()
    server = await SceneServer.over(scene)
    scene.act({ type: 'start-keygen', election: ELECTION, attempt: 1, guardians: [1, 2, 3] })
    const secrets = new Map(
      [2, 3].map((g) => [g, drawSecrets(scene.state, scene.election, scene.attempt, g)]),
    )
    await join(await session(1))
    for (const [g, s] of secrets)
      scene.say(g, commitMessage(scene.state, scene.election, scene.attempt, g, s))
    for (const [g, s] of secrets) scene.say(g, s.reveal)
    await deal(await session(1))
    for (const [g, s] of secrets) {
      const honest = dealMessage(
        scene.state,
        scene.election,
        scene.attempt,
        g,
        s,
      ) as GuardianMessageOf<'deal'>
      const [toFirst, ...rest] = honest.shares
      const wrong = toFirst?.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) ?? new Uint8Array()
      scene.say(g, g === 3 ? { type: 'deal', shares: [wrong, ...rest] } : honest)
    }
    expect(await confirm(await session(1))).toEqual({ guardian: 1, complaint: 3, judged: 3 })
    expect(scene.attempt.failed).toEqual({ judged: 3, complainer: 1, accused: 3 })
    await expect(session(1).then((s) => confirm(s))).rejects.toThrow(/guardian 3 \(Guardian 3\) is judged/)
    await expect(session(1).then(join)).rejects.toThrow(/Attempt 1 has failed/)
    const first = await seatIn(folder(1))
    scene.act({ type: 'start-keygen', election: ELECTION, attempt: 2, guardians: [1, 2] })
    await join(await session(1))
    const second = await seatIn(folder(1))
    expect(second?.attempt?.number).toBe(2)
    const kept = first?.attempt?.secrets?.coefficients.map(toHex) ?? []
    const fresh = second?.attempt?.secrets?.coefficients.map(toHex) ?? []
    expect(fresh).toHaveLength(2)
    expect(fresh.filter((c) => kept.includes(c))).toEqual([])
  })
})

describe('a crash', () => {
  it('after the ledger took a message but before the answer: it is found there and not sent twice', async () => {
    const scene = sceneOf(1)
    scene.prepare()
    const running = (server = await SceneServer.over(scene))
    scene.act({ type: 'start-keygen', election: ELECTION, attempt: 1, guardians: [1, 2, 3] })
    running.arriving = (entry) => {
      // A connection that breaks is tried once more.
      if (scene.attempt.commits.size === 0) scene.offer(decodeEntry(entry))
      return Promise.resolve(false)
    }
    await expect(session(1).then(join)).rejects.toThrow(/does not answer/)
    expect(scene.attempt.commits.size).toBe(1)
    const sent = running.sent.length
    await join(await session(1))
    expect(running.sent).toHaveLength(sent)
  })

  it('that loses the folder is no way to a second commitment', async () => {
    const scene = sceneOf(1)
    scene.prepare()
    server = await SceneServer.over(scene)
    scene.act({ type: 'start-keygen', election: ELECTION, attempt: 1, guardians: [1, 2, 3] })
    await join(await session(1))
    await rm(path(home, '1', `${PROCESS}.${ELECTION}.age`))
    await expect(session(1).then(join)).rejects.toThrow(/committed already, with secrets that are not here/)
  })
})

describe('decryption', () => {
  it('of too few ballots is refused, and nothing is sent', async () => {
    const { scene } = await closed([[1n, 0n]], { manifest: { minBallots: 2 } })
    const before = server?.sent.length
    expect(await decrypt(await session(1, true), false)).toEqual({
      guardian: 1,
      decrypted: [],
      withheld: [0],
    })
    expect(server?.sent.length).toBe(before)
    expect(scene.contestState().intents.size).toBe(0)
  })

  it('waits for the quorum after its own intent', async () => {
    const { scene } = await closed()
    await expect(session(1).then((s) => decrypt(s, false))).rejects.toThrow(
      'Contest 0 has 1 of 2 intents; not yet from: Guardian 2, Guardian 3.',
    )
    expect(scene.contestState().intents.size).toBe(1)
    expect(scene.contestState().shares.size).toBe(0)
  })

  it('of a record with a ballot whose proof fails is refused before anything is announced', async () => {
    const scene = sceneOf(3)
    scene.prepare()
    server = await SceneServer.over(scene)
    await keygen(scene)
    scene.open()
    const { ballot } = scene.ballot(0, [1n, 0n])
    const { ballot: other } = scene.ballot(1, [0n, 1n])
    const forged = { ...ballot, envelope: { ...ballot.envelope, proof: other.envelope.proof } }
    scene.offer(['ballot', ballotContent(forged)])
    await scene.close()
    const refused = session(1, true).then((s) => decrypt(s, false))
    await expect(refused).rejects.toThrow(Alarm)
    await expect(refused).rejects.toThrow(/V8/)
    expect(messageTypes(server.sent)).not.toContain('intend')
  })

  it('after an intent on one ledger is refused on a forked one, and a fork without an intent is seen as well', async () => {
    const { scene, other } = await closed()
    other.cast(0, [1n, 0n])
    other.cast(1, [1n, 0n])
    await other.close()
    await expect(session(1).then((s) => decrypt(s, false))).rejects.toThrow(NotYet)
    // Guardian 2 has seen the open election only.
    if (server !== undefined) server.scene = other
    await expect(session(1).then((s) => decrypt(s, false))).rejects.toThrow(/^intent-conflict/)
    const seat = await seatIn(folder(2))
    if (seat === undefined) throw new Error('no seat')
    await folder(2).save({ ...seat, checkpoint: checkpointOf(scene.entries) })
    await expect(session(2).then((s) => decrypt(s, false))).rejects.toThrow(/^FORK/)
    expect(other.contestState().intents.size).toBe(0)
  })
})

describe('a backup', () => {
  it('made before the tally is restored elsewhere and adopts its own intent, never a second one', async () => {
    await closed()
    const file = path(home, 'backup')
    await folder(1).backup(file, PASSPHRASE)
    await expect(folder(1).backup(file, PASSPHRASE)).rejects.toThrow(/exists already/)
    await expect(session(1).then((s) => decrypt(s, false))).rejects.toThrow(NotYet)

    const at = path(home, 'restored')
    await expect(GuardianFolder.restore(at, file, 'something else')).rejects.toThrow(/does not open/)
    using restored = await GuardianFolder.restore(at, file, PASSPHRASE)
    expect(restored.publicKey).toEqual(folder(1).publicKey)
    const before = server?.sent.length ?? 0
    await expect(session(restored).then((s) => decrypt(s, false))).rejects.toThrow(NotYet)
    expect(server?.sent.length).toBe(before)
    const done = await Promise.all([
      session(restored, true).then((s) => decrypt(s, false)),
      session(2, true).then((s) => decrypt(s, false)),
    ])
    expect(done.map((d) => d.guardian)).toEqual([1, 2])
    expect(messageTypes(server?.sent.slice(before) ?? []).sort()).toEqual(['decrypt', 'decrypt', 'intend'])
  })

  it('whose ledger shows no intent needs the guardian’s word', async () => {
    await closed()
    const file = path(home, 'backup-2')
    await folder(1).backup(file, PASSPHRASE)
    using restored = await GuardianFolder.restore(path(home, 'restored-2'), file, PASSPHRASE)
    const refused = session(restored).then((s) => decrypt(s, false))
    await expect(refused).rejects.toThrow(Unusable)
    await expect(refused).rejects.toThrow(/Only if you know that none was/)
    expect(messageTypes(server?.sent ?? [])).not.toContain('intend')
    await expect(session(restored).then((s) => decrypt(s, true))).rejects.toThrow(NotYet)
    expect(messageTypes(server?.sent ?? [])).toContain('intend')
  })
})

describe('unsealing', () => {
  const YEARS = 100 * 366
  async function sealed(days: number): Promise<Sealing> {
    const scene = sceneOf(3)
    scene.prepare()
    server = await SceneServer.over(scene)
    await keygen(scene)
    const at = new Sealing(scene, sealingPlan(scene, {}, days))
    at.say(1, 'Yes')
    at.people.passTo(days)
    return at
  }

  it('opens all sealed comments of the verified record, once', async () => {
    const { people } = await sealed(10)
    for (const guardian of [1, 2, 1]) await session(guardian).then(unseal)
    expect(messageTypes(server?.sent ?? []).slice(-3)).toEqual(['rehearse', 'unseal', 'unseal'])
    expect(waitingSealed(people.participation)).toBe(0)
  })

  it('opens nothing before its own clock says so, whatever the ledger’s time is', async () => {
    await sealed(YEARS)
    await expect(session(1).then(unseal)).rejects.toThrow(NotYet)
    expect(messageTypes(server?.sent ?? [])).not.toContain('unseal')
  })
})

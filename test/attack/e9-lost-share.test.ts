// E9: a guardian is gone when it is time to decrypt (IACR 2025: n of n). Any t of n open the tally, t - 1 never, and an
// election does not open before every guardian has shown that it can decrypt (SPEC 5.6, 9.3).
import { beforeAll, describe, expect, test } from 'vitest'
import { decodeEntry } from '#protocol/entry.ts'
import { rehearseMessage } from '#tally/guardian.ts'
import { stageOf } from '#tally/keygen.ts'
import { outcome } from '#tally/outcome.ts'
import { Scene } from '../tally/scene.ts'
import { refusalOf } from '../tally/verifying.ts'

const plan = { guardians: 4, threshold: 2, manifest: { quorum: 3 } }

describe('decryption', () => {
  let closed: Scene

  beforeAll(async () => {
    closed = new Scene(plan)
    closed.prepare()
    closed.keygen()
    closed.open()
    closed.cast(0, [1n, 0n])
    closed.cast(1, [0n, 1n])
    closed.cast(2, [0n, 1n])
    await closed.close()
    for (const g of [1, 2, 3, 4]) closed.intend(g)
  })

  /** The closed election once more, with these guardians' shares. */
  async function decryptedBy(guardians: readonly number[]): Promise<Scene> {
    const scene = new Scene(plan)
    for (const entry of closed.entries) {
      const decoded = decodeEntry(entry)
      scene.offer(decoded)
      if (decoded[0] === 'act' && decoded[1].act.type === 'close-election') await scene.settle()
    }
    for (const [g, share] of closed.shares) scene.shares.set(g, share)
    for (const g of guardians) scene.decrypt(g)
    return scene
  }

  test.each([[[1, 2]], [[1, 3]], [[1, 4]], [[2, 3]], [[2, 4]], [[3, 4]], [[4, 1]], [[1, 2, 3, 4]]])(
    'by guardians %j gives the result',
    async (guardians) => {
      const [result] = outcome((await decryptedBy(guardians)).election)?.contests ?? []
      expect(result).toMatchObject({ status: 'counted', sums: [1n, 2n] })
    },
  )

  test.each([1, 2, 3, 4])('by guardian %i alone gives none, and none can be announced', async (guardian) => {
    const alone = await decryptedBy([guardian])
    expect(outcome(alone.election)).toBeUndefined()
    const enough = await decryptedBy([1, 2])
    const result = outcome(enough.election)
    if (result === undefined) throw new Error('no result')
    expect(refusalOf(() => alone.act({ type: 'publish-result', election: 'budget', result }))).toBe(
      'wrong-state',
    )
    expect(refusalOf(() => enough.act({ type: 'publish-result', election: 'budget', result }))).toBe(
      'accepted',
    )
  })
})

describe('rehearsal', () => {
  test('is a gate before opening, for every guardian, with the right share', () => {
    const scene = new Scene(plan)
    scene.prepare()
    const secrets = scene.startKeygen()
    scene.deal(secrets)
    scene.confirm(secrets)
    const open = () => scene.act(scene.opening())
    expect(refusalOf(open)).toBe('rehearsal-missing')
    const message = (g: number, share = scene.share(g)) =>
      rehearseMessage(scene.state, scene.election, scene.attempt, g, share)
    for (const g of [1, 2, 3]) scene.say(g, message(g))
    expect(refusalOf(open)).toBe('rehearsal-missing')
    expect(refusalOf(() => scene.say(4, message(4, scene.share(4) + 1n)))).toBe('decryption-proof-invalid')
    expect(refusalOf(() => scene.say(4, message(4, scene.share(3))))).toBe('decryption-proof-invalid')
    expect(refusalOf(() => scene.say(4, message(3)))).toBe('decryption-proof-invalid')
    expect(refusalOf(open)).toBe('rehearsal-missing')
    scene.say(4, message(4))
    expect(stageOf(scene.attempt)).toBe('done')
    expect(refusalOf(open)).toBe('accepted')
  })
})

// What a device keeps of its guardians, and what a backup may do to it (SPEC 5.1, 9.1).
import { expect, test } from 'vitest'
import { type Seat, sealBackup } from '#client/guardian/seat.ts'
import { Keep } from '#web/guardian/keep.ts'
import { type Vault, VaultFailure } from '#web/device/vault.ts'

const PASSPHRASE = 'correct horse battery'

/** A vault in memory. What is empty in it counts as damaged. */
function memory(): Vault {
  const kept = new Map<string, Uint8Array>()
  return {
    get: (drawer, name) => {
      const bytes = kept.get(`${drawer}:${name}`)
      return bytes?.length === 0
        ? Promise.reject(new VaultFailure('vault-damaged', name))
        : Promise.resolve(bytes)
    },
    put: (drawer, name, bytes) => Promise.resolve(void kept.set(`${drawer}:${name}`, bytes)),
    delete: (drawer, name) => Promise.resolve(void kept.delete(`${drawer}:${name}`)),
    keys: (drawer) =>
      Promise.resolve(
        [...kept.keys()]
          .filter((name) => name.startsWith(`${drawer}:`))
          .map((name) => name.slice(drawer.length + 1)),
      ),
  }
}

function seat(ledger: number, attempt: Seat['attempt']): Seat {
  return {
    ...{ server: 'http://localhost', policy: 'p', process: 'city', election: 'budget', guardian: 1 },
    genesis: new Uint8Array(32).fill(ledger),
    definition: new Uint8Array(32).fill(ledger),
    checkpoint: 'c',
    restored: false,
    ...(attempt && { attempt }),
  }
}

const held = { number: 2, keyShare: new Uint8Array(32), messages: {} }
const joined = { number: 2, messages: { commit: Uint8Array.of(1) } }

async function device() {
  const vault = memory()
  const keep = new Keep(vault)
  const key = await keep.create('Aino')
  const guardian = await keep.guardian(key)
  if (guardian === undefined) throw new Error('not kept')
  return { vault, keep, key, guardian }
}

async function seatsOn(keep: Keep, key: string): Promise<Seat[]> {
  return (await (await keep.guardian(key))?.seats()) ?? []
}

test('a backup makes the same guardian elsewhere, who knows that it was restored and is backed up', async () => {
  const { keep, key, guardian } = await device()
  await guardian.save(seat(1, held))
  await guardian.save(seat(2, joined))
  expect(await keep.cards()).toMatchObject([
    { key, name: 'Aino', seats: [{ backedUp: false }, { backedUp: false }] },
  ])
  const file = await keep.backup(key, PASSPHRASE)
  expect(file).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/)
  await keep.stored(key)
  const [card] = await keep.cards()
  expect(card?.seats.map(({ keyShare, backedUp }) => [keyShare, backedUp])).toEqual([
    [true, true],
    [false, false],
  ])

  const other = new Keep(memory())
  await expect(other.restore(file, `${PASSPHRASE}.`)).rejects.toMatchObject({ code: 'passphrase-wrong' })
  await expect(other.restore(file.slice(0, 80), PASSPHRASE)).rejects.toMatchObject({
    code: 'file-unreadable',
  })
  expect(await other.cards()).toEqual([])
  expect(await other.restore(file, PASSPHRASE)).toBe(key)
  const there = await seatsOn(other, key)
  expect(there.map(({ restored, genesis }) => [restored, genesis[0]])).toEqual([
    [true, 1],
    [true, 2],
  ])
  expect((await other.cards())[0]?.seats.map(({ backedUp }) => backedUp)).toEqual([true, false])
})

test('a seat that is here is not replaced by an older one, unless only the backup has the key share', async () => {
  const { keep, key, guardian } = await device()
  await guardian.save(seat(1, joined))
  const early = await sealBackup(guardian, PASSPHRASE)
  await guardian.save(seat(1, held))
  const late = await sealBackup(guardian, PASSPHRASE)

  await keep.restore(early, PASSPHRASE)
  expect(await seatsOn(keep, key)).toEqual([seat(1, held)])
  await guardian.save(seat(1, joined))
  await keep.restore(late, PASSPHRASE)
  expect(await seatsOn(keep, key)).toEqual([{ ...seat(1, held), restored: true }])
})

test('a guardian is forgotten with all that it holds, and no other one', async () => {
  const { keep, key, guardian } = await device()
  await guardian.save(seat(1, held))
  await guardian.note(seat(1, held), { backedUp: 2, differs: 2 })
  const other = await keep.create('Bengt')
  await keep.forget(key)
  expect((await keep.cards()).map((card) => card.key)).toEqual([other])
  expect(await keep.guardian(key)).toBeUndefined()
  expect(await seatsOn(keep, key)).toEqual([])
})

test('what cannot be read any more is said, and is put right by the backup', async () => {
  const { vault, keep, key, guardian } = await device()
  await guardian.save(seat(1, held))
  const file = await keep.backup(key, PASSPHRASE)
  await guardian.save(seat(2, joined))
  const other = await keep.create('Bengt')
  const [first, second] = (await vault.keys('guardians')).filter((name) => name.startsWith(`${key}/`))
  for (const name of [key, first, second]) await vault.put('guardians', name ?? '', new Uint8Array())
  const cards = await keep.cards()
  expect(cards.map((card) => [card.key, card.damaged])).toEqual([
    [key, true],
    [other, false],
  ])
  // The others go on.
  const { readable, damage } = await keep.guardians()
  expect(readable.map((one) => one.key)).toEqual([other])
  expect(damage).toMatchObject({ code: 'vault-damaged' })

  expect(await keep.restore(file, PASSPHRASE)).toBe(key)
  expect(await seatsOn(keep, key)).toEqual([{ ...seat(1, held), restored: true }])
  expect((await keep.cards()).map(({ damaged }) => damaged)).toEqual([false, false])
})

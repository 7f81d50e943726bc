// W6: a code is sent again because the first letter is late. The first must not die by it, or whoever asks for codes
// in a person's name locks them out; and of all codes together only one registration comes.
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { claim, importVoters, issueCode, registration } from '#server/data/register.ts'
import { ENGINES, useDatabase } from '../server/data/engines.ts'

const ada = [{ row: 'ada', weight: 1n }]

describe.each(ENGINES)('a code sent again on %s', (engine) => {
  const opened = useDatabase(engine)
  const refused = (code: string) => expect.objectContaining({ name: 'RegisterRefusal', code }) as Error

  test('leaves the earlier one valid; whichever is used first ends both', async () => {
    const { db } = opened
    const place = { process: 'city', roll: 'first' }
    const [issued] = await importVoters(db, { ...place, rows: ada })
    const second = await issueCode(db, { ...place, row: 'ada' })
    if (!issued) throw new Error('no code was issued')
    const seen = await registration(db, { code: issued.code })
    expect(await registration(db, { code: second })).toEqual(seen)
    const commitment = randomBytes(32)
    const claimed = await claim(db, { code: issued.code, commitment })
    await expect(claim(db, { code: second, commitment: randomBytes(32) })).rejects.toThrow(
      refused('code-used'),
    )
    expect(await claim(db, { code: second, commitment })).toEqual(claimed)
  })

  test('two codes used at the same moment give one registration', async () => {
    const { db } = opened
    const place = { process: 'city', roll: 'race' }
    const [issued] = await importVoters(db, { ...place, rows: ada })
    const second = await issueCode(db, { ...place, row: 'ada' })
    const results = await Promise.allSettled(
      [issued?.code ?? '', second].map((code) => claim(db, { code, commitment: randomBytes(32) })),
    )
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(results.find((result) => result.status === 'rejected')?.reason).toEqual(refused('code-used'))
  })

  test('a third ends the first, so that codes do not pile up', async () => {
    const { db } = opened
    const place = { process: 'city', roll: 'third' }
    const [issued] = await importVoters(db, { ...place, rows: ada })
    const second = await issueCode(db, { ...place, row: 'ada' })
    const third = await issueCode(db, { ...place, row: 'ada' })
    await expect(registration(db, { code: issued?.code ?? '' })).rejects.toThrow(refused('code-unknown'))
    expect((await registration(db, { code: second })).row).toBe('ada')
    expect((await registration(db, { code: third })).row).toBe('ada')
  })
})

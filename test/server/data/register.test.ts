// The register of voters (SPEC 4.4) on both engines.
import { randomBytes } from 'node:crypto'
import { sql } from '#server/data/drizzle.ts'
import { describe, expect, test } from 'vitest'
import { concat, toHex } from '#crypto/encoding.ts'
import { hashToBytes } from '#crypto/hash.ts'
import type { Database } from '#server/data/database.ts'
import {
  claim,
  confirm,
  countRows,
  importVoters,
  issueCode,
  pending,
  registration,
  RegisterRefusal,
  type RegisterRow,
} from '#server/data/register.ts'
import { code as codeTable, voter } from '#server/data/schema.ts'
import { ENGINES, useDatabase } from './engines.ts'

let rolls = 0

/** Imports rows A, B, ... of weight 1 into a roll of their own. */
async function newRoll(db: Database, size: number) {
  const place = { process: 'city', roll: `roll-${++rolls}` }
  const codes = await importVoters(db, { ...place, rows: listed(size) })
  return { ...place, codes: codes.map(({ code }) => code) }
}

function listed(size: number): RegisterRow[] {
  return Array.from({ length: size }, (_, i) => ({ row: `row-${i}`, weight: 1n }))
}

function refusal(code: string, line?: number) {
  return expect.objectContaining({ name: 'RegisterRefusal', code, line }) as RegisterRefusal
}

function nth<T>(list: readonly T[], index: number): T {
  const item = list[index]
  if (item === undefined) throw new Error(`no item ${index}`)
  return item
}

describe.each(ENGINES)('register on %s', (engine) => {
  const opened = useDatabase(engine)

  test('a code opens its row and nothing is stored from which it could be read', async () => {
    const { db } = opened
    const rows = [
      { row: 'Müller, Ada; 12/7', weight: 65_535n },
      { row: 'b', weight: 1n },
    ]
    const issued = await importVoters(db, { process: 'city', roll: 'weighted', rows })
    expect(issued.map(({ row }) => row)).toEqual(['Müller, Ada; 12/7', 'b'])
    const { code } = nth(issued, 0)
    const found = await registration(db, { code })
    expect(found).toMatchObject({
      process: 'city',
      roll: 'weighted',
      row: 'Müller, Ada; 12/7',
      weight: 65_535n,
    })
    expect([found.commitment, found.entryIndex]).toEqual([undefined, undefined])
    expect(found.salt).toHaveLength(32)
    const bytes = concat(found.salt, new TextEncoder().encode('Müller, Ada; 12/7'))
    expect(toHex(found.rowHash)).toBe(toHex(hashToBytes('register-row', bytes, 32)))
    const stored = JSON.stringify(await db.orm.execute(sql`select voter::text, code::text from voter, code`))
    expect(stored).not.toContain(code)
    expect(stored).not.toContain(code.replaceAll('-', ''))
    expect(stored).toContain('weighted')
  })

  test('each roll counts its rows and those that are claimed', async () => {
    const { db } = opened
    const { process, roll, codes } = await newRoll(db, 3)
    await claim(db, { code: nth(codes, 1), commitment: randomBytes(32) })
    const counted = (await countRows(db)).filter((one) => one.roll === roll)
    expect(counted).toEqual([{ process, roll, rows: 3, registered: 1 }])
  })

  test('every row has a salt and a code of its own', async () => {
    const { db } = opened
    const { roll, codes } = await newRoll(db, 4500)
    expect(new Set(codes).size).toBe(4500)
    const [count] = await db.orm.execute<{ rows: string; salts: string }>(
      sql`select count(*) as rows, count(distinct salt) as salts from voter where roll = ${roll}`,
    )
    expect(count).toEqual({ rows: '4500', salts: '4500' })
    // The order of the input is the order of the answer, across batches.
    expect((await registration(db, { code: nth(codes, 4321) })).row).toBe('row-4321')
  })

  test.each([
    [
      'a repeated row',
      [
        { row: 'x', weight: 1n },
        { row: 'y', weight: 1n },
        { row: 'x', weight: 2n },
      ],
      'row-duplicate',
      3,
    ],
    [
      'weight 0',
      [
        { row: 'x', weight: 1n },
        { row: 'y', weight: 0n },
      ],
      'weight-invalid',
      2,
    ],
    ['weight 65,536', [{ row: 'x', weight: 65_536n }], 'weight-invalid', 1],
    ['an empty row', [{ row: '', weight: 1n }], 'row-malformed', 1],
    ['a blank at the end', [{ row: 'x ', weight: 1n }], 'row-malformed', 1],
    ['a NUL', [{ row: 'x\0', weight: 1n }], 'row-malformed', 1],
    ['an invisible character', [{ row: 'x\u200b', weight: 1n }], 'row-malformed', 1],
    ['half a surrogate pair', [{ row: 'x\ud800', weight: 1n }], 'row-malformed', 1],
    ['another spelling of é', [{ row: 'e\u0301', weight: 1n }], 'row-malformed', 1],
    ['201 characters', [{ row: 'x'.repeat(201), weight: 1n }], 'row-malformed', 1],
  ])('an import with %s is refused with its line and leaves nothing', async (_, rows, code, line) => {
    const { db } = opened
    const place = { process: 'city', roll: `refused-${++rolls}` }
    await expect(importVoters(db, { ...place, rows })).rejects.toThrow(refusal(code, line))
    expect(await db.orm.$count(voter, sql`roll = ${place.roll}`)).toBe(0)
    const good = [{ row: 'x'.repeat(200), weight: 65_535n }]
    expect(await importVoters(db, { ...place, rows: good })).toHaveLength(1)
  })

  test('an import that repeats a stored row in its second batch leaves nothing of the first', async () => {
    const { db } = opened
    const { process, roll } = await newRoll(db, 1)
    const rows = Array.from({ length: 3000 }, (_, i) => ({ row: `new-${i}`, weight: 1n }))
    rows[2500] = { row: 'row-0', weight: 1n }
    const codesBefore = await db.orm.$count(codeTable)
    await expect(importVoters(db, { process, roll, rows })).rejects.toThrow(refusal('row-duplicate', 2501))
    expect(await db.orm.$count(voter, sql`roll = ${roll}`)).toBe(1)
    expect(await db.orm.$count(codeTable)).toBe(codesBefore)
    // The same row in another roll is somebody else's matter.
    await importVoters(db, { process, roll: `${roll}-b`, rows: listed(1) })
  })

  test('a claim is pending, then confirmed; repeating either changes nothing', async () => {
    const { db } = opened
    const { codes, roll } = await newRoll(db, 3)
    const commitment = new Uint8Array(randomBytes(32))
    const first = await claim(db, { code: nth(codes, 1), commitment })
    expect(first).toMatchObject({ roll, row: 'row-1', commitment, entryIndex: undefined })
    expect(await claim(db, { code: nth(codes, 1).toLowerCase().replaceAll('-', ' '), commitment })).toEqual(
      first,
    )
    expect(await ofRoll(db, roll)).toEqual([first])
    await confirm(db, [first.id], 41n)
    expect(await ofRoll(db, roll)).toEqual([])
    const confirmed = { ...first, entryIndex: 41n }
    expect(await claim(db, { code: nth(codes, 1), commitment })).toEqual(confirmed)
    expect(await registration(db, { code: nth(codes, 1) })).toEqual(confirmed)
    await confirm(db, [first.id], 41n)
    await expect(confirm(db, [first.id], 42n)).rejects.toThrow('cannot hold')
    expect(await registration(db, { code: nth(codes, 1) })).toEqual(confirmed)
  })

  test('confirming a row that is not claimed confirms none', async () => {
    const { db } = opened
    const { codes, roll } = await newRoll(db, 2)
    const claimed = await claim(db, { code: nth(codes, 0), commitment: randomBytes(32) })
    const open = await registration(db, { code: nth(codes, 1) })
    await expect(confirm(db, [claimed.id, open.id], 5n)).rejects.toThrow('cannot hold')
    expect(await ofRoll(db, roll)).toHaveLength(1)
  })

  test('a used code and a taken commitment are refused', async () => {
    const { db } = opened
    const { codes, roll } = await newRoll(db, 2)
    const [commitment, other] = [randomBytes(32), randomBytes(32)]
    await claim(db, { code: nth(codes, 0), commitment })
    await expect(claim(db, { code: nth(codes, 0), commitment: other })).rejects.toThrow(refusal('code-used'))
    await expect(claim(db, { code: nth(codes, 1), commitment })).rejects.toThrow(refusal('commitment-taken'))
    expect((await registration(db, { code: nth(codes, 1) })).commitment).toBeUndefined()
    await claim(db, { code: nth(codes, 1), commitment: other })
    // In another roll a commitment may stand again: the same person, the same credential.
    const second = await newRoll(db, 1)
    await claim(db, { code: nth(second.codes, 0), commitment })
    expect(await ofRoll(db, roll)).toHaveLength(2)
  })

  test('of 50 parallel claims of one code with different commitments exactly one wins', async () => {
    const { db } = opened
    const { codes } = await newRoll(db, 1)
    const commitments = Array.from({ length: 50 }, () => new Uint8Array(randomBytes(32)))
    const results = await Promise.allSettled(
      commitments.map((commitment) => claim(db, { code: nth(codes, 0), commitment })),
    )
    const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    const lost = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
    expect(won).toHaveLength(1)
    expect(lost).toHaveLength(49)
    for (const error of lost) expect(error).toEqual(refusal('code-used'))
    expect((await registration(db, { code: nth(codes, 0) })).commitment).toEqual(nth(won, 0).commitment)
  })

  test('of 20 parallel claims of one commitment with different codes exactly one wins', async () => {
    const { db } = opened
    const { codes, roll } = await newRoll(db, 20)
    const commitment = randomBytes(32)
    const results = await Promise.allSettled(codes.map((code) => claim(db, { code, commitment })))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toEqual(refusal('commitment-taken'))
    }
    expect(await ofRoll(db, roll)).toHaveLength(1)
  })

  test('no code is issued for an unknown row or a registered one', async () => {
    const { db } = opened
    const { process, roll, codes } = await newRoll(db, 1)
    await expect(issueCode(db, { process, roll, row: 'nobody' })).rejects.toThrow(refusal('row-unknown'))
    const again = await issueCode(db, { process, roll, row: 'row-0' })
    await claim(db, { code: again, commitment: randomBytes(32) })
    await expect(issueCode(db, { process, roll, row: 'row-0' })).rejects.toThrow(refusal('row-registered'))
    expect(codes).not.toContain(again)
  })

  test('the tables refuse what the program would never write', async () => {
    const { db } = opened
    const row = { process: 'city', roll: 'direct', row: 'x', salt: randomBytes(32), weight: 1n }
    const wrong = [
      { ...row, salt: randomBytes(31) },
      { ...row, weight: 65_536n },
      { ...row, weight: 0n },
      { ...row, commitment: randomBytes(33), registeredAt: new Date() },
      { ...row, commitment: randomBytes(32) },
      { ...row, entryIndex: 1n },
    ]
    for (const values of wrong) await expect(db.orm.insert(voter).values(values)).rejects.toThrow()
    await db.orm.insert(voter).values(row)
  })
})

async function ofRoll(db: Database, roll: string) {
  return (await pending(db)).filter((claimed) => claimed.roll === roll)
}

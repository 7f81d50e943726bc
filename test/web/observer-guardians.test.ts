// What each guardian has done, as the public page of an election says it.
import { expect, test } from 'vitest'
import { decryptedBy, guardianParts } from '#web/observer/guardians.ts'

type Summary = Parameters<typeof guardianParts>[0]

const guardians = [1, 2, 3].map((number) => ({ number, name: `Guardian ${number}`, key: '00' }))
const keygen = { attempt: 1, stage: 'done' as const, guardians: [1, 2, 3], missing: [], judged: null }

function parts(changes: Partial<Summary>, shares: number[][] = [[]]): string {
  const contests = shares.map((given) => ({ shares: given })) as Summary['contests']
  const summary = { guardians, keygen, announcement: null, contests, ...changes }
  return [...guardianParts(summary).values()].join(' ')
}

test('before and during key generation', () => {
  expect(parts({ keygen: null })).toBe('making making making')
  expect(parts({ keygen: { ...keygen, stage: 'deal', missing: [2] } })).toBe('making awaited making')
  expect(parts({ keygen: { ...keygen, stage: 'failed', judged: 2 } })).toBe('making making making')
  expect(parts({ keygen: { ...keygen, guardians: [1, 3] } })).toBe('holds left-out holds')
})

test('a guardian has decrypted only with a share for every question that is decrypted', () => {
  expect(parts({}, [[1, 3], [3], []])).toBe('holds holds decrypted')
})

test('those who gave no share were not needed once there is a result', () => {
  expect(
    parts({ announcement: { index: 9 } }, [
      [1, 2],
      [1, 2],
    ]),
  ).toBe('decrypted decrypted absent')
})

test('the count of those who have decrypted leaves out questions that never are', () => {
  const contest = (few: boolean, shares: number[]) => ({ few, shares })
  const counted = (...contests: unknown[]) => decryptedBy({ contests } as Parameters<typeof decryptedBy>[0])
  expect(counted(contest(false, [1, 2]), contest(false, [2]), contest(true, []))).toBe(1)
  expect(counted(contest(true, []))).toBe(0)
})

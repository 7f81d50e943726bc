// Turnout by group: of small rolls nothing is told, and nothing that is told gives them away.
import { describe, expect, test } from 'vitest'
import { type Groups, groupsOf } from '#server/groups.ts'

/** Of rolls by size and voters, each with a question, at a minimum of ten. */
function groups(...rolls: [credentials: number, voters: number][]): Groups {
  const names = rolls.map((_, i) => `roll-${i}`)
  const process = {
    rolls: new Map(rolls.map(([size], i) => [names[i], { credentials: Array.from({ length: size }) }])),
  }
  const election = {
    manifest: { minBallots: 10, contests: names.map((roll) => ({ roll })) },
    contests: rolls.map(([, voters]) => ({ voters: { size: voters } })),
  }
  return groupsOf(
    process as unknown as Parameters<typeof groupsOf>[0],
    election as unknown as Parameters<typeof groupsOf>[1],
  )
}

describe('turnout by roll', () => {
  test('is told of large rolls, however few have voted', () => {
    expect(groups([10, 1], [30, 30])).toEqual({
      rolls: [
        { roll: 'roll-0', credentials: 10, voters: 1 },
        { roll: 'roll-1', credentials: 30, voters: 30 },
      ],
      together: { credentials: 40, voters: 31 },
      leftOut: 0,
    })
  })

  test('is not told of a small roll, nor by the sum', () => {
    const one = groups([9, 4], [30, 20])
    expect(one.rolls.map(({ voters }) => voters)).toEqual([undefined, 20])
    expect([one.together, one.leftOut]).toEqual([{ credentials: 30, voters: 20 }, 1])
    // Nobody can subtract what is told and find it: the same is told whatever it is.
    for (let voters = 0; voters <= 9; voters += 1) expect(groups([9, voters], [30, 20])).toEqual(one)
  })

  test('is told of small rolls together where they hide each other', () => {
    const several = groups([5, 4], [5, 1], [30, 20])
    expect(several.rolls.map(({ voters }) => voters)).toEqual([undefined, undefined, 20])
    expect([several.together, several.leftOut]).toEqual([{ credentials: 40, voters: 25 }, 0])
    expect(groups([5, 1], [5, 4], [30, 20])).toEqual(several)
    const few = groups([5, 4], [4, 1], [30, 20])
    expect([few.together, few.leftOut]).toEqual([{ credentials: 30, voters: 20 }, 2])
  })

  test('of one small roll is told to nobody', () => {
    expect(groups([9, 9])).toMatchObject({ rolls: [{ credentials: 9 }], together: { voters: 0 }, leftOut: 1 })
    expect(groups([9, 9])).toEqual(groups([9, 0]))
  })
})

test('a roll with several questions counts those who answered the one that most have answered', () => {
  const election = {
    manifest: { minBallots: 1, contests: [{ roll: 'a' }, { roll: 'a' }] },
    contests: [{ voters: { size: 2 } }, { voters: { size: 3 } }],
  } as unknown as Parameters<typeof groupsOf>[1]
  const process = { rolls: new Map([['a', { credentials: [1, 2, 3, 4] }]]) }
  const { rolls } = groupsOf(process as unknown as Parameters<typeof groupsOf>[0], election)
  expect(rolls).toEqual([{ roll: 'a', credentials: 4, voters: 3 }])
})

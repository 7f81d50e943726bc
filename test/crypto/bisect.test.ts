// SPEC 3.2: naming the bad items of a batch.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findBad } from '#crypto/bisect.ts'

/** A check that counts how many lists and items it was asked about. */
function counting(bad: ReadonlySet<number>) {
  const asked = { lists: 0, items: 0 }
  const checkMany = (items: readonly number[]): boolean => {
    if (items.length === 0) throw new Error('asked about nothing')
    asked.lists++
    asked.items += items.length
    return !items.some((item) => bad.has(item))
  }
  return { asked, checkMany }
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

describe('findBad', () => {
  it('names just the bad ones, ascending, in a bounded number of checks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.array(fc.nat(299)), (n, chosen) => {
        const bad = new Set(chosen.filter((i) => i < n))
        const { asked, checkMany } = counting(bad)
        expect(findBad(range(n), checkMany)).toEqual([...bad].sort((a, b) => a - b))
        expect(asked.items).toBeLessThanOrEqual(6 * n)
      }),
    )
  })

  it('asks once if all hold, and not at all about nothing', () => {
    const { asked, checkMany } = counting(new Set())
    expect(findBad(range(256), checkMany)).toEqual([])
    expect(findBad([], checkMany)).toEqual([])
    expect(asked).toEqual({ lists: 1, items: 256 })
  })

  it('names one of 256 in at most 18 checks, of at most 3 x 256 items', () => {
    for (const i of [0, 77, 128, 255]) {
      const { asked, checkMany } = counting(new Set([i]))
      expect(findBad(range(256), checkMany)).toEqual([i])
      expect(asked.lists).toBeLessThanOrEqual(18)
      expect(asked.items).toBeLessThanOrEqual(3 * 256)
    }
  })

  it('gives up halving where nearly all are bad', () => {
    const { asked, checkMany } = counting(new Set(range(256)))
    expect(findBad(range(256), checkMany)).toEqual(range(256))
    expect(asked.lists).toBeLessThan(256 + 64)
  })

  it('asks the check of one about single items, where there is one', () => {
    const single: number[] = []
    const { asked, checkMany } = counting(new Set([3]))
    const found = findBad(range(8), checkMany, (item) => {
      single.push(item)
      return item !== 3
    })
    expect(found).toEqual([3])
    expect(single).toContain(3)
    expect(asked.items).toBeGreaterThan(8)
  })

  it('counts a check that throws as failed', () => {
    const check = (items: readonly number[]): boolean => {
      if (items.includes(5)) throw new Error('hostile')
      return true
    }
    expect(findBad(range(16), check)).toEqual([5])
  })

  it('leaves no item unchecked when the common check is wrong about a good list', () => {
    const checked = new Set<number>()
    const found = findBad(
      range(32),
      (items) => {
        if (items.length === 32) return false
        for (const item of items) checked.add(item)
        return true
      },
      (item) => {
        checked.add(item)
        return true
      },
    )
    expect(found).toEqual([])
    expect(checked.size).toBe(32)
  })
})

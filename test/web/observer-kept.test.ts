// What a device keeps of ledgers never goes back, whoever looked last.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { forget, keep, keptOf, originHere } from '#web/observer/kept.ts'
import { checkpointOf, LOG_KEY, POLICY } from '../tally/record.ts'

const entries = (count: number) => Array.from({ length: count }, (_, i) => Uint8Array.of(i))
const [older, newer] = [checkpointOf(entries(3)), checkpointOf(entries(5))]

beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => void kept.set(name, text),
    removeItem: (name: string) => void kept.delete(name),
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

test('a checkpoint takes the place of an older one, never of a newer one that another tab has seen', () => {
  keep(POLICY, older, true)
  keep(POLICY, newer, true)
  expect(keptOf(LOG_KEY.name)?.checkpoint).toBe(newer)
  keep(POLICY, older, true)
  expect(keptOf(LOG_KEY.name)?.checkpoint).toBe(newer)
})

test('of which ledger this address is stays until that is forgotten; a file says nothing of it', () => {
  keep(POLICY, older, false)
  expect(originHere()).toBeUndefined()
  keep(POLICY, newer, true)
  expect(originHere()).toBe(LOG_KEY.name)
  forget('example.org/other')
  expect(originHere()).toBe(LOG_KEY.name)
  forget(LOG_KEY.name)
  expect([originHere(), keptOf(LOG_KEY.name)]).toEqual([undefined, undefined])
})

test('what was found sound stays until something newer is', () => {
  keep(POLICY, older, true, 'the first three')
  keep(POLICY, newer, true)
  expect(keptOf(LOG_KEY.name)?.judged).toBe('the first three')
  keep(POLICY, newer, true, 'all five')
  expect(keptOf(LOG_KEY.name)?.judged).toBe('all five')
})

// E3: another group under the same name. The curve library held another generator once; with it nothing may start.
import { edwards, eddsa } from '@noble/curves/abstract/edwards.js'
import * as misc from '@noble/curves/misc.js'
import { blake512 } from '@noble/hashes/blake1.js'
import { afterEach, describe, expect, it, vi } from 'vitest'

const params = misc.babyjubjub.Point.CURVE()

async function load(changes: Partial<typeof params>): Promise<{ ORDER: bigint }> {
  vi.resetModules()
  const babyjubjub = eddsa(edwards({ ...params, ...changes }), blake512)
  vi.doMock('@noble/curves/misc.js', () => ({ ...misc, babyjubjub }))
  return import('#crypto/babyjubjub.ts')
}

afterEach(() => {
  vi.doUnmock('@noble/curves/misc.js')
})

describe('E3 the pinned group', () => {
  it('starts with the right curve', async () => {
    await expect(load({})).resolves.toMatchObject({ ORDER: params.n })
  })

  it.each([
    [
      'the generator of the whole curve',
      {
        Gx: 995203441582195749578291179787384436505546430278305826713579947235728471134n,
        Gy: 5472060717959818805561601436314318772137091100104008585924551046643952123905n,
      },
    ],
    ['the negative of the generator', { Gx: params.p - params.Gx }],
    ['the order of the whole curve', { n: params.n * 8n, h: 1n }],
    [
      'the curve with other coefficients',
      {
        a: 1n,
        d: 9706598848417545097372247223557719406784115219466060233080913168975159366771n,
        Gx: 0n,
        Gy: 1n,
      },
    ],
  ])('does not start with %s', async (_, changes) => {
    await expect(load(changes)).rejects.toThrow('does not hold BabyJubJub')
  })
})

// SPEC 3.1 and SPEC 9.3: what secrets owe to the platform's generator, with that generator replaced.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { G, multiply, multiplySecret, ORDER, randomScalar } from '#crypto/babyjubjub.ts'
import { bytesToBigint } from '#crypto/encoding.ts'
import { check, knowledgeStatement, prove } from '#crypto/preimage.ts'

const draw = vi.hoisted(() => vi.fn<(length: number) => Uint8Array>())
vi.mock('@noble/hashes/utils.js', async (original) => ({ ...(await original<object>()), randomBytes: draw }))

beforeEach(() => {
  draw.mockReset()
})

describe('the generator', () => {
  it('is asked again where it gives 0, l or more', () => {
    const bytes = (first: number, last: number) => {
      const drawn = new Uint8Array(32)
      drawn[0] = first
      drawn[31] = last
      return drawn
    }
    draw
      .mockReturnValueOnce(bytes(0xf8, 0))
      .mockReturnValueOnce(bytes(7, 0))
      .mockReturnValueOnce(bytes(0xf8, 9))
    expect(randomScalar()).toBe(9n)
    expect(draw.mock.calls).toEqual([[32], [32], [32]])
  })

  it('gives every multiplication by a secret another split, and never a share of 0', () => {
    let next = 1
    draw.mockImplementation((length) => new Uint8Array(length).fill(next++, 31))
    const point = multiply(G, 5n)
    for (let use = 1; use <= 3; use++) {
      expect(multiplySecret(point, 1000n).equals(multiply(point, 1000n))).toBe(true)
      expect(draw).toHaveBeenCalledTimes(use)
    }
    next = 7
    expect(multiplySecret(point, 7n).equals(multiply(point, 7n))).toBe(true)
    expect(draw).toHaveBeenCalledTimes(5)
  })

  it('does not give the secret away when it repeats itself, as in a machine restored from a snapshot', () => {
    draw.mockImplementation((length) => new Uint8Array(length).fill(3, 1))
    const secret = 424242n
    const statement = knowledgeStatement(G, [multiply(G, secret)])
    const [first, second] = [1, 2].map((election) => {
      const context = Uint8Array.of(election)
      const proof = prove('vector', context, statement, [secret])
      expect(check('vector', context, statement, proof)).toBe(true)
      const [challenge, response] = [bytesToBigint(proof.subarray(0, 32)), bytesToBigint(proof.subarray(32))]
      return (response + (ORDER - challenge) * secret) % ORDER
    })
    expect(first).not.toBe(second)
  })
})

// F3: a challenge that does not name the group (Belenios, E-Vote-ID 2020): a proof made for another generator or curve
// would pass under ours. The challenge hashes name, p, a, d, l, h and G (SPEC 3.1).
import { describe, expect, it } from 'vitest'
import { encodePoint, encodeScalar, G, GROUP, multiply, ORDER, randomScalar } from '#crypto/babyjubjub.ts'
import { bigintToBytes, concat } from '#crypto/encoding.ts'
import { hashToScalar } from '#crypto/hash.ts'
import { check, knowledgeStatement } from '#crypto/preimage.ts'

const context = new TextEncoder().encode('election 1')
const secret = 4711n
const statement = knowledgeStatement(G, [multiply(G, secret)])

/** A correct proof but for the description of the group that its challenge hashes. */
function proveUnder(group: Uint8Array): Uint8Array {
  const nonce = randomScalar()
  const points = [G, multiply(G, secret), multiply(G, nonce)].map(encodePoint)
  const length = bigintToBytes(BigInt(context.length), 4)
  const shape = Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1)
  const challenge = hashToScalar('attack', concat(length, context, group, shape, ...points))
  return concat(encodeScalar(challenge), encodeScalar((nonce + challenge * secret) % ORDER))
}

describe('F3 group description', () => {
  it('accepts a proof under the description of the group', () => {
    expect(check('attack', context, statement, proveUnder(GROUP))).toBe(true)
  })

  it('refuses proofs under none, and under one that differs anywhere', () => {
    expect(check('attack', context, statement, proveUnder(new Uint8Array(0)))).toBe(false)
    const name = 'BabyJubJub'.length
    for (const at of [0, ...[1, 2, 3, 4, 5, 6, 7].map((k) => name + 32 * k - 1)]) {
      const other = GROUP.slice()
      other[at] = (other[at] ?? 0) ^ 1
      expect(check('attack', context, statement, proveUnder(other))).toBe(false)
    }
  })
})

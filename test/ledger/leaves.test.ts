// SPEC 7.5: the table from leaf hash to index, against a Map, also with hashes made to collide.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bigintToBytes, concat, toHex } from '#crypto/encoding.ts'
import { leafHash } from '#ledger/merkle.ts'
import { LeafTable } from '#ledger/store/leaves.ts'

function agree(leaves: readonly Uint8Array[], absent: readonly Uint8Array[]): void {
  const table = new LeafTable((index) => leaves[index] ?? new Uint8Array(32))
  const map = new Map<string, number>()
  leaves.forEach((leaf, index) => {
    table.add(index)
    if (!map.has(toHex(leaf))) map.set(toHex(leaf), index)
  })
  for (const leaf of [...leaves, ...absent]) expect(table.find(leaf)).toBe(map.get(toHex(leaf)))
}

it('agrees with a Map over repeated leaves', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(300), { maxLength: 400 }), (numbers) => {
      agree(
        numbers.map((n) => leafHash(bigintToBytes(BigInt(n), 4))),
        [leafHash(Uint8Array.of(1))],
      )
    }),
  )
})

it('agrees beyond its first size, and when all hashes begin alike', () => {
  const spread = Array.from({ length: 3_000 }, (_, i) => leafHash(bigintToBytes(BigInt(i), 4)))
  agree(spread, [leafHash(bigintToBytes(3_000n, 4))])
  const alike = Array.from({ length: 700 }, (_, i) =>
    concat(new Uint8Array(28).fill(255), bigintToBytes(BigInt(i), 4)),
  )
  agree(alike, [new Uint8Array(32).fill(255)])
})

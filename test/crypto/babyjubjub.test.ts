// SPEC 2.2 and SPEC 2.5: the group against EIP-2494's numbers, its encodings, and arithmetic.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  A,
  clearCofactor,
  D,
  decodeField,
  decodeKey,
  decodePoint,
  decodeScalar,
  decodeSubgroupPoint,
  encodeField,
  encodePoint,
  encodeScalar,
  FIELD_ORDER,
  G,
  GROUP,
  invertScalar,
  multiply,
  multiplySecret,
  normalize,
  O,
  ORDER,
  randomScalar,
  sumOfProducts,
} from '#crypto/babyjubjub.ts'
import { bigintToBytes, bytesToBigint, concat, EncodingError } from '#crypto/encoding.ts'

const scalar = fc.bigInt({ min: 0n, max: ORDER - 1n })
const at = (x: bigint, y: bigint) => decodePoint(concat(bigintToBytes(x, 32), bigintToBytes(y, 32)))
const few = { numRuns: 15 }

describe('EIP-2494', () => {
  const generator = at(
    995203441582195749578291179787384436505546430278305826713579947235728471134n,
    5472060717959818805561601436314318772137091100104008585924551046643952123905n,
  )

  it('has Base8 = 8 times its generator, of prime order l; the curve has 8 l points', () => {
    expect(clearCofactor(generator).equals(G)).toBe(true)
    expect(G.x).toBe(5299619240641551281634865583518297030282874472190772894086521144482721001553n)
    expect(G.y).toBe(16950150798460657717958625567821834550301663161624707787222815936182638968203n)
    expect(multiply(G, ORDER - 1n).equals(G.negate())).toBe(true)
    const l = multiply(generator, ORDER - 1n).add(generator)
    expect(clearCofactor(l).is0()).toBe(true)
    expect(l.double().double().is0()).toBe(false)
  })

  it('adds and doubles as its test vectors say', () => {
    const p = at(
      17777552123799933955779906779655732241715742912184938656739573121738514868268n,
      2626589144620713026669568689430873010625803728049924121243784502389097019475n,
    )
    const q = at(
      16540640123574156134436876038791482806971768689494387082833631921987005038935n,
      20819045374670962167435360035096875258406992893633759881276124905556507972311n,
    )
    expect(p.add(q).toAffine()).toEqual({
      x: 7916061937171219682591368294088513039687205273691143098332585753343424131937n,
      y: 14035240266687799601661095864649209771790948434046947201833777492504781204499n,
    })
    expect(p.double().toAffine()).toEqual({
      x: 6890855772600357754907169075114257697580319025794532037257385534741338397365n,
      y: 4338620300185947561074059802482547481416142213883829469920100239455078257889n,
    })
    expect(p.add(O).equals(p)).toBe(true)
  })

  it('has a complete addition law: a is a square and d is not', () => {
    const euler = (n: bigint) => {
      let [power, base] = [1n, n]
      for (let e = (FIELD_ORDER - 1n) / 2n; e > 0n; e >>= 1n) {
        if (e & 1n) power = (power * base) % FIELD_ORDER
        base = (base * base) % FIELD_ORDER
      }
      return power
    }
    expect([A, D]).toEqual([168700n, 168696n])
    expect(euler(A)).toBe(1n)
    expect(euler(D)).toBe(FIELD_ORDER - 1n)
  })

  it('describes itself by name, p, a, d, l, h and G', () => {
    const numbers = [FIELD_ORDER, 168700n, 168696n, ORDER, 8n, G.x, G.y].map((n) => bigintToBytes(n, 32))
    expect(GROUP).toEqual(concat(new TextEncoder().encode('BabyJubJub'), ...numbers))
  })
})

describe('encodings', () => {
  it('come back to the same value and bytes', () => {
    fc.assert(
      fc.property(scalar, (k) => {
        const point = multiply(G, k)
        expect(decodeSubgroupPoint(encodePoint(point)).equals(point)).toBe(true)
        expect(decodeScalar(encodeScalar(k))).toBe(k)
        expect(decodeField(encodeField(k))).toBe(k)
      }),
      few,
    )
    expect(encodePoint(O)).toEqual(concat(new Uint8Array(63), Uint8Array.of(1)))
  })

  it('are canonical: random bytes are refused or are the encoding of what they decode to', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        for (const [decode, encode, bound] of [
          [decodeScalar, encodeScalar, ORDER],
          [decodeField, encodeField, FIELD_ORDER],
        ] as const) {
          if (bytesToBigint(bytes) < bound) expect(encode(decode(bytes))).toEqual(bytes)
          else expect(() => decode(bytes)).toThrow(EncodingError)
        }
      }),
    )
  })

  it('refuse other lengths', () => {
    for (const length of [0, 31, 33, 63, 65, 128]) {
      const bytes = new Uint8Array(length)
      for (const decode of [decodePoint, decodeSubgroupPoint, decodeKey, decodeScalar, decodeField]) {
        expect(() => decode(bytes)).toThrow(EncodingError)
      }
    }
  })

  it('refuse to spell what is out of range', () => {
    for (const k of [-1n, ORDER]) expect(() => encodeScalar(k)).toThrow('out of range')
    for (const k of [-1n, FIELD_ORDER]) expect(() => encodeField(k)).toThrow('out of range')
  })
})

describe('arithmetic', () => {
  it('is that of the scalars', () => {
    fc.assert(
      fc.property(scalar, scalar, (a, b) => {
        const sum = multiply(G, a).add(multiply(G, b))
        expect(sum.equals(multiply(G, (a + b) % ORDER))).toBe(true)
        expect(multiplySecret(multiply(G, a), b).equals(multiply(G, (a * b) % ORDER))).toBe(true)
        expect(multiplySecret(G, a).equals(multiply(G, a))).toBe(true)
      }),
      few,
    )
    for (const k of [0n, 1n, ORDER - 1n]) expect(multiplySecret(G, k).equals(multiply(G, k))).toBe(true)
    expect(multiplySecret(O, 5n).is0()).toBe(true)
  })

  it.each([0, 1, 2, 7, 199, 200, 230])('sums %d products', (n) => {
    const scalars = Array.from({ length: n }, (_, i) => (i === 1 ? 0n : randomScalar()))
    const points = scalars.map((_, i) => (i === 2 ? O : multiply(G, BigInt(i + 1))))
    const total = scalars.reduce((sum, k, i) => sum + (i === 2 ? 0n : k * BigInt(i + 1)), 0n)
    expect(sumOfProducts(points, scalars).equals(multiply(G, total % ORDER))).toBe(true)
  })

  it('refuses lists of different lengths', () => {
    expect(() => sumOfProducts([G, G], [1n])).toThrow('as many scalars')
  })

  it('inverts scalars of any sign', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: ORDER - 1n }), (k) => {
        expect((k * invertScalar(k)) % ORDER).toBe(1n)
        expect((invertScalar(-k) + invertScalar(k)) % ORDER).toBe(0n)
      }),
    )
    expect(() => invertScalar(ORDER)).toThrow()
  })

  it('normalizes points, the neutral element among them', () => {
    const points = [multiply(G, 5n).add(G), O, G.double()]
    const normal = normalize(points)
    expect(normal.map(({ Z }) => Z)).toEqual([1n, 1n, 1n])
    expect(normal.map((point, i) => points[i]?.equals(point))).toEqual([true, true, true])
  })

  it('draws different scalars in [1, l)', () => {
    const drawn = Array.from({ length: 500 }, () => randomScalar())
    expect(new Set(drawn).size).toBe(500)
    expect(drawn.every((k) => k > 0n && k < ORDER)).toBe(true)
    expect(drawn.some((k) => k > (ORDER * 9n) / 10n) && drawn.some((k) => k < ORDER / 10n)).toBe(true)
  })
})

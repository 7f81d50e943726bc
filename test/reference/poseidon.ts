// Poseidon in big integers, straight from the paper (Grassi, Khovratovich, Rechberger, Roy, Schofnegger, USENIX Security
// 2021): its round constants and matrix by the Grain generator of appendix E, and the permutation as defined, with a full
// matrix in every round. Slow, and shares no code with the product.

const p = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
const FULL = 8
/** Rounds with one S-box for states of 2, 3, ... elements: circomlib's choice for 128 bits of security. */
const PARTIAL = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68]

export interface Instance {
  /** Elements of the state. */
  readonly t: number
  readonly partial: number
  /** One for each element in each round. */
  readonly constants: readonly (readonly bigint[])[]
  readonly matrix: readonly (readonly bigint[])[]
}

/** The instance for a number of inputs, at most 16; the state has one element more. */
export function instance(inputs: number): Instance {
  const t = inputs + 1
  const partial = PARTIAL[inputs - 1] ?? 0
  const grain = new Grain(t, partial)
  const constants = Array.from({ length: FULL + partial }, () =>
    Array.from({ length: t }, () => grain.below(p)),
  )
  const [xs, ys] = [0, 1].map(() => Array.from({ length: t }, () => grain.bits(254) % p)) as [
    bigint[],
    bigint[],
  ]
  const matrix = xs.map((x) => ys.map((y) => power(x + y, p - 2n)))
  return { t, partial, constants, matrix }
}

/** The state after all rounds: add constants, x^5 on every or on the first element, multiply by the matrix. */
function permute({ t, partial, constants, matrix }: Instance, state: readonly bigint[]): bigint[] {
  return constants.reduce<bigint[]>(
    (before, round, r) => {
      const isFull = r < FULL / 2 || r >= FULL / 2 + partial
      const after = before.map((x, i) => {
        const sum = (x + (round[i] ?? 0n)) % p
        return isFull || i === 0 ? power(sum, 5n) : sum
      })
      return Array.from({ length: t }, (_, i) =>
        after.reduce((sum, x, j) => (sum + x * (matrix[i]?.[j] ?? 0n)) % p, 0n),
      )
    },
    [...state],
  )
}

/** The hash of as many elements as the instance takes: the first element of the final state, over a capacity of 0. */
export function poseidon(known: Instance, inputs: readonly bigint[]): bigint {
  return permute(known, [0n, ...inputs])[0] ?? 0n
}

/** The self-shrinking 80-bit Grain LFSR: of two bits, the second counts if the first is 1. */
class Grain {
  #state: number[]

  constructor(t: number, partial: number) {
    const spell = (value: number, bits: number) => Array.from(value.toString(2).padStart(bits, '0'), Number)
    // A prime field, the S-box x^alpha, 254 bits, the sizes, and 30 ones.
    this.#state = [
      [1, 2],
      [0, 4],
      [254, 12],
      [t, 12],
      [FULL, 10],
      [partial, 10],
      [2 ** 30 - 1, 30],
    ].flatMap(([value, bits]) => spell(value ?? 0, bits ?? 0))
    for (let i = 0; i < 160; i++) this.#step()
  }

  /** A number of so many bits, the most significant first. */
  bits(count: number): bigint {
    return BigInt(`0b${Array.from({ length: count }, () => this.#bit()).join('')}`)
  }

  /** The first number of 254 bits below a bound. */
  below(bound: bigint): bigint {
    for (;;) {
      const value = this.bits(254)
      if (value < bound) return value
    }
  }

  #bit(): number {
    for (;;) {
      const [first, second] = [this.#step(), this.#step()]
      if (first === 1) return second
    }
  }

  #step(): number {
    const bit = [62, 51, 38, 23, 13, 0].reduce((sum, tap) => sum ^ (this.#state[tap] ?? 0), 0)
    this.#state.shift()
    this.#state.push(bit)
    return bit
  }
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base % p]
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % p
    square = (square * square) % p
  }
  return result
}

// The program of the processes that multiples.ts starts: takes one share of the work, answers with its points, ends.
// It works straight in WebAssembly's memory, since ffjavascript's calls would copy each point in and out.
import { type Curve, bn254 } from '#circuits/curve.ts'

/** The generator's group. */
export type GroupName = 'G1' | 'G2'

/** One process's share of the work: scalars of 32 bytes each, least significant first, one after the other. */
export interface Share {
  group: GroupName
  scalars: Uint8Array
}

process.once('message', (job) => void answer(job as Share))

async function answer(job: Share): Promise<void> {
  const points = multiply(await bn254({ singleThread: true }), job)
  process.send?.(points, () => process.disconnect())
}

const WINDOWS = 32
const ROW = 255
const SIZES = { G1: { affine: 64, jacobian: 96 }, G2: { affine: 128, jacobian: 192 } } as const

function multiply(curve: Curve, { group, scalars }: Share): Uint8Array {
  const { exports } = curve.tm.instance
  const call = (name: string, ...operands: number[]) =>
    exports[`${group.toLowerCase()}m_${name}`]?.(...operands)
  const { affine, jacobian } = SIZES[group]
  const count = scalars.length / WINDOWS
  const generator = curve.tm.alloc(affine)
  const row = curve.tm.alloc((ROW + 1) * jacobian)
  const table = curve.tm.alloc(WINDOWS * (ROW + 1) * affine)
  const sums = curve.tm.alloc(count * jacobian)
  reserve(curve.tm.memory, sums + 2 * count * jacobian)
  const memory = () => new Uint8Array(curve.tm.memory.buffer)

  // Row j holds d 2^(8 j) G for d = 1..255, and 2^(8 j + 8) G, with which the next row begins.
  memory().set(curve[group].g.subarray(0, affine), generator)
  for (let j = 0; j < WINDOWS; j++) {
    const start = table + j * (ROW + 1) * affine
    const first = j === 0 ? generator : start - affine
    call('toJacobian', first, row)
    for (let d = 1; d <= ROW; d++) call('addMixed', row + (d - 1) * jacobian, first, row + d * jacobian)
    call('batchToAffine', row, ROW + 1, start)
  }
  for (let i = 0; i < count; i++) {
    const sum = sums + i * jacobian
    call('zero', sum)
    for (let j = 0; j < WINDOWS; j++) {
      const digit = scalars[i * WINDOWS + j] ?? 0
      if (digit !== 0) call('addMixed', sum, table + (j * (ROW + 1) + digit - 1) * affine, sum)
    }
  }
  call('batchToAffine', sums, count, sums)
  return memory().slice(sums, sums + count * affine)
}

/** Room up to `end` and for the scratch space that batchToAffine takes above everything allocated. */
function reserve(memory: WebAssembly.Memory, end: number): void {
  const missing = end + (1 << 20) - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / 65536))
}

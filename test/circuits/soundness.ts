// Three searches for holes in a circuit, each on the witness vector of an honest run.
import { babyjubjub } from '@noble/curves/misc.js'
import { type Circuit, type Constraint, evaluate, firstBroken, mod } from './harness.ts'

const { Fp } = babyjubjub.Point

/** Signals that can be changed alone: to one more, the negative, 0, 1 and a random value. */
export function looseSignals(circuit: Circuit, witness: readonly bigint[], random: () => bigint): string[] {
  const changed = [...witness]
  const using = occurrences(circuit)
  return witness.flatMap((old, wire) => {
    if (wire === 0) return []
    const loose = [mod(old + 1n), mod(-old), 0n, 1n, random()].some((value) => {
      changed[wire] = value
      return value !== old && firstBroken(circuit, changed, using[wire]) === -1
    })
    changed[wire] = old
    return loose ? [circuit.names[wire] ?? `wire ${wire}`] : []
  })
}

/**
 * The dimension of the kernel of the constraints' Jacobian at a witness with the held wires fixed: 0 means that no
 * small change of the other signals is possible, as where every one is determined by the inputs (Ecne's and Picus's
 * question, answered at one point). Rows with one unknown are used up first, the rest by sparse elimination.
 */
export function freedom(
  { constraints, wires }: Pick<Circuit, 'constraints' | 'wires'>,
  witness: readonly bigint[],
  held: (wire: number) => boolean,
): number {
  const known = Array.from({ length: wires }, (_, wire) => wire === 0 || held(wire))
  const rows = constraints.map((constraint) => gradient(constraint, witness, known))
  const columns: Set<number>[] = Array.from({ length: wires }, () => new Set())
  rows.forEach((row, i) => {
    for (const wire of row.keys()) column(columns, wire).add(i)
  })
  const single = [...rows.keys()].filter((i) => rows[i]?.size === 1)
  for (let i = single.pop(); i !== undefined; i = single.pop()) {
    const [wire] = rows[i]?.keys() ?? []
    if (wire === undefined) continue
    known[wire] = true
    for (const other of column(columns, wire)) {
      rows[other]?.delete(wire)
      if (rows[other]?.size === 1) single.push(other)
    }
    column(columns, wire).clear()
  }
  const rest = new Set([...rows.keys()].filter((i) => (rows[i]?.size ?? 0) > 0))
  while (rest.size > 0) {
    const pivot = least(rest, (i) => rows[i]?.size ?? 0)
    const row = rows[pivot] as Map<number, bigint>
    rest.delete(pivot)
    if (row.size === 0) continue
    const wire = least(row.keys(), (j) => column(columns, j).size)
    eliminate(rows, columns, pivot, wire)
    known[wire] = true
  }
  return known.filter((x) => !x).length
}

/** The circuit without one of its constraints. */
export function without(circuit: Circuit, index: number): Pick<Circuit, 'constraints' | 'wires'> {
  return { wires: circuit.wires, constraints: circuit.constraints.filter((_, i) => i !== index) }
}

/** For every wire the constraints that mention it. */
function occurrences({ constraints, wires }: Circuit): number[][] {
  const using: Set<number>[] = Array.from({ length: wires }, () => new Set())
  constraints.forEach((constraint, i) => {
    for (const combination of constraint) for (const [wire] of combination) using[wire]?.add(i)
  })
  return using.map((set) => [...set])
}

/** d(a b - c) = a(w) db + b(w) da - dc over the unknown wires. */
function gradient([a, b, c]: Constraint, witness: readonly bigint[], known: boolean[]): Map<number, bigint> {
  const row = new Map<number, bigint>()
  const parts = [
    [a, evaluate(b, witness)],
    [b, evaluate(a, witness)],
    [c, -1n],
  ] as const
  for (const [combination, factor] of parts)
    for (const [wire, x] of combination) if (known[wire] !== true) add(row, wire, x * factor)
  return row
}

/** Clears the column of the pivot's wire from all other rows. */
function eliminate(rows: Map<number, bigint>[], columns: Set<number>[], pivot: number, wire: number): void {
  const row = rows[pivot] as Map<number, bigint>
  const inverse = Fp.inv(row.get(wire) ?? 0n)
  for (const other of [...column(columns, wire)]) {
    if (other === pivot) continue
    const target = rows[other] as Map<number, bigint>
    const factor = mod(-(target.get(wire) ?? 0n) * inverse)
    for (const [j, x] of row) {
      if (add(target, j, x * factor)) column(columns, j).add(other)
      else column(columns, j).delete(other)
    }
  }
  for (const j of row.keys()) column(columns, j).delete(pivot)
}

/** Adds to an entry and drops it at 0; whether it is there afterwards. */
function add(row: Map<number, bigint>, wire: number, x: bigint): boolean {
  const sum = mod((row.get(wire) ?? 0n) + x)
  if (sum === 0n) row.delete(wire)
  else row.set(wire, sum)
  return sum !== 0n
}

function column(columns: Set<number>[], wire: number): Set<number> {
  return columns[wire] as Set<number>
}

function least(items: Iterable<number>, size: (item: number) => number): number {
  let [best, bestSize] = [-1, Infinity]
  for (const item of items) {
    if (size(item) < bestSize) [best, bestSize] = [item, size(item)]
    if (bestSize <= 1) break
  }
  return best
}

// Circuits as the tests see them: compiled, with constraints, signal names and a witness calculator.
// A witness may be changed at will and is judged by the constraints alone, as a dishonest prover would be.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readR1cs } from 'r1csfile'
import { FIELD_ORDER } from '#crypto/babyjubjub.ts'
import type { Assignment } from '#circuits/ballot.ts'
import { compile, compileFile, type Compiled } from '#circuits/build/compile.ts'
import type { CircuitId } from '#circuits/sizes.ts'

/** sum of coefficient x witness[wire] */
export type Combination = readonly (readonly [wire: number, coefficient: bigint])[]

/** a b = c */
export type Constraint = readonly [a: Combination, b: Combination, c: Combination]

export interface Circuit {
  constraints: Constraint[]
  wires: number
  /** Wires 1..publicCount are public outputs and inputs, then follow privateCount private inputs. */
  publicCount: number
  privateCount: number
  /** The first name of each wire, without `main.`; wire 0 is the constant 1. */
  names: string[]
  /** The wire of a signal; throws when the optimiser removed it. */
  wire(name: string): number
  /** The honest witness; throws when the program's own checks fail. */
  calculate(input: Assignment): bigint[]
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** One of the three circuits. */
export async function circuit(id: CircuitId): Promise<Circuit> {
  return load(await compile(id))
}

/**
 * A template of circuits/lib (or of what it includes) under test. The optimiser removes private inputs that are sums of
 * others; inputs that a test holds or reads must be declared public.
 */
export function gadget(file: string, instance: string, publicInputs: string[] = []): Promise<Circuit> {
  return compileSource(`include "circuits/lib/${file}";`, instance, publicInputs)
}

/** As gadget, from the text of a changed library. */
export async function compileSource(
  text: string,
  instance: string,
  publicInputs: string[] = [],
): Promise<Circuit> {
  const declared = publicInputs.length > 0 ? ` {public [${publicInputs.join(', ')}]}` : ''
  const source = `pragma circom 2.1.9;\n${text}\ncomponent main${declared} = ${instance};\n`
  const folder = join(ROOT, '.cache/gadgets')
  mkdirSync(folder, { recursive: true })
  const name = createHash('sha256').update(source).digest('hex').slice(0, 16)
  const path = join(folder, `${name}.circom`)
  writeFileSync(path, source)
  return load(await compileFile(path, { cache: folder }))
}

/** The index of the first constraint (of those listed) that the witness breaks, or -1. */
export function firstBroken(
  { constraints }: Pick<Circuit, 'constraints'>,
  witness: readonly bigint[],
  among?: readonly number[],
): number {
  for (const index of among ?? constraints.keys()) {
    const [a, b, c] = constraints[index] as Constraint
    if (mod(evaluate(a, witness) * evaluate(b, witness) - evaluate(c, witness)) !== 0n) return index
  }
  return -1
}

/** Whether the witness, with some signals replaced, still satisfies every constraint. */
export function accepts(
  circuit: Circuit,
  witness: readonly bigint[],
  changes: Record<string, bigint> = {},
): boolean {
  const changed = [...witness]
  for (const [name, value] of Object.entries(changes)) changed[circuit.wire(name)] = mod(value)
  return firstBroken(circuit, changed) === -1
}

/** Whether the honest prover finds a witness; where it does, the constraints must agree with the program. */
export function provable(circuit: Circuit, input: Assignment): boolean {
  let witness: bigint[]
  try {
    witness = circuit.calculate(input)
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('witness program:')) return false
    throw error
  }
  if (!accepts(circuit, witness))
    throw new Error('the witness program made a witness that breaks a constraint')
  return true
}

export function evaluate(combination: Combination, witness: readonly bigint[]): bigint {
  let sum = 0n
  for (const [wire, coefficient] of combination) sum += coefficient * (witness[wire] as bigint)
  return mod(sum)
}

export function mod(x: bigint): bigint {
  const rest = x % FIELD_ORDER
  return rest < 0n ? rest + FIELD_ORDER : rest
}

async function load({ r1cs, sym, wasm }: Pick<Compiled, 'r1cs' | 'sym' | 'wasm'>): Promise<Circuit> {
  const F = { p: FIELD_ORDER, fromRprLE: littleEndian }
  const file = await readR1cs(r1cs, { loadConstraints: true, loadMap: false, F })
  const combination = (terms: Record<string, bigint>): Combination =>
    Object.entries(terms).map(([wire, coefficient]) => [Number(wire), coefficient])
  const names: string[] = ['1']
  const wires = new Map<string, number>()
  for (const line of readFileSync(sym, 'utf8').split('\n')) {
    const [, wire, , name] = line.split(',')
    if (name === undefined || Number(wire) < 0) continue
    names[Number(wire)] ??= name.replace(/^main\./, '')
    wires.set(name.replace(/^main\./, ''), Number(wire))
  }
  const calculate = await calculator(readFileSync(wasm))
  return {
    constraints: file.constraints.map(([a, b, c]) => [combination(a), combination(b), combination(c)]),
    wires: file.nVars,
    publicCount: file.nOutputs + file.nPubInputs,
    privateCount: file.nPrvInputs,
    names,
    wire(name) {
      const wire = wires.get(name)
      if (wire === undefined) throw new Error(`no signal ${name}`)
      return wire
    },
    calculate,
  }
}

/** circom's witness program, instantiated once: snarkjs would compile the WebAssembly anew for every witness. */
async function calculator(code: Uint8Array<ArrayBuffer>): Promise<(input: Assignment) => bigint[]> {
  const fail = (code: number) => {
    throw new Error(`witness program: error ${code}`)
  }
  const nothing = () => undefined
  const imports = {
    exceptionHandler: fail,
    printErrorMessage: nothing,
    writeBufferMessage: nothing,
    showSharedRWMemory: nothing,
  }
  const { instance } = await WebAssembly.instantiate(code, { runtime: imports })
  const program = instance.exports as Record<string, (...args: number[]) => number>
  const call = (name: string, ...args: number[]) => (program[name] as (...args: number[]) => number)(...args)
  const read = () => {
    let value = 0n
    for (let word = 7; word >= 0; word--)
      value = (value << 32n) | BigInt(call('readSharedRWMemory', word) >>> 0)
    return value
  }
  return (input) => {
    call('init', 1)
    for (const [name, value] of Object.entries(input)) {
      const hash = fnv1a(name)
      const [high, low] = [Number(hash >> 32n), Number(hash & 0xffffffffn)]
      const values = [value].flat(2)
      if (call('getInputSignalSize', high, low) !== values.length)
        throw new Error(`input ${name}: wrong size`)
      values.forEach((x, i) => {
        for (let word = 0; word < 8; word++)
          call('writeSharedRWMemory', word, Number((mod(x) >> BigInt(32 * word)) & 0xffffffffn))
        call('setInputSignal', high, low, i)
      })
    }
    return Array.from({ length: call('getWitnessSize') }, (_, wire) => {
      call('getWitness', wire)
      return read()
    })
  }
}

/** 64-bit FNV-1a, by which circom's programs know their inputs. */
function fnv1a(text: string): bigint {
  let hash = 0xcbf29ce484222325n
  for (const character of text)
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.charCodeAt(0))) * 0x100000001b3n)
  return hash
}

function littleEndian(bytes: Uint8Array, offset: number): bigint {
  const hex = Array.from(bytes.subarray(offset, offset + 32), (b) => b.toString(16).padStart(2, '0'))
  return BigInt('0x' + hex.reverse().join(''))
}

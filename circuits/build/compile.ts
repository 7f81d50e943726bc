// From circom sources to constraints and witness program (SPEC 10.1): circom 2.2.3 as npm's circom2, optimised by --O2.
// The same sources give the same bytes on every machine, so anybody can rebuild what a ceremony was made for.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { parseContainer, section } from '#circuits/container.ts'
import type { CircuitId } from '#circuits/sizes.ts'
import { CACHE, ROOT, cached, readInventory } from './cache.ts'

/** Paths of a compiled circuit, the hashes of these files and the circuit's size. */
export interface Compiled {
  r1cs: string
  /** The witness program. */
  wasm: string
  /** Names of the signals. */
  sym: string
  sha256: { r1cs: string; wasm: string; sym: string }
  constraints: number
  publicInputs: number
  /** log2 of the domain of the proof: the least power of two above constraints + public inputs. */
  power: number
  /** How long circom took when it last had to run. */
  seconds: number
}

/** Where to look and keep, and whether to run circom if the sources have changed: yes, by default. */
export interface CacheOptions {
  cache?: string
  build?: boolean
}

/** One of the three circuits, compiled or from the cache. Error with circom's own words if it does not compile. */
export function compile(circuit: CircuitId, options?: CacheOptions): Promise<Compiled> {
  return compileFile(join(ROOT, 'circuits', `${MAINS[circuit]}.circom`), options)
}

/** Any circom file with a main component, for the gadgets under test; includes are found as for the three circuits. */
export async function compileFile(
  path: string,
  { cache = CACHE, build = true }: CacheOptions = {},
): Promise<Compiled> {
  const name = basename(path, '.circom')
  const inputs = [await readFile(COMPILER_PACKAGE), FLAGS.join(' '), ...(await sources(path))]
  const folder = await cached(cache, name, inputs, build ? (into) => circom(path, name, into) : undefined)
  const { files, seconds } = await readInventory(folder)
  const [r1cs, wasm, sym] = [`${name}.r1cs`, `${name}.wasm`, `${name}.sym`]
  return {
    r1cs: join(folder, r1cs),
    wasm: join(folder, wasm),
    sym: join(folder, sym),
    sha256: { r1cs: files[r1cs] ?? '', wasm: files[wasm] ?? '', sym: files[sym] ?? '' },
    ...size(await readFile(join(folder, r1cs))),
    seconds,
  }
}

const MAINS = { S: 'ballot-s', L: 'ballot-l', signal: 'signal' } as const
const LIBRARIES = ['node_modules', '.']
const FLAGS = ['--r1cs', '--wasm', '--sym', '--O2', ...LIBRARIES.flatMap((folder) => ['-l', folder])]
const COMPILER_PACKAGE = createRequire(import.meta.url).resolve('circom2/package.json')

/** Runs circom as a process of its own, since it is single-threaded WebAssembly that would stop the caller's clock. */
async function circom(path: string, name: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const command = [join(dirname(COMPILER_PACKAGE), 'cli.js'), ...FLAGS, '-o', folder, path]
  await promisify(execFile)(process.execPath, command, { cwd: ROOT, maxBuffer: 1 << 24 }).catch(
    (error: unknown) => {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
      throw new Error(`circom refuses ${path}\n${stdout}${stderr}`, { cause: error })
    },
  )
  await rename(join(folder, `${name}_js`, `${name}.wasm`), join(folder, `${name}.wasm`))
  await rm(join(folder, `${name}_js`), { recursive: true })
}

/** Path and text of the file and of everything it includes, in the order met. What is not found circom reports. */
async function sources(main: string): Promise<string[]> {
  const found = new Map<string, string>()
  const waiting = [resolve(main)]
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (found.has(path)) continue
    const text = await readFile(path, 'utf8')
    found.set(path, text)
    for (const [, included = ''] of text.matchAll(/^\s*include\s+"([^"]+)"/gm)) {
      const places = [dirname(path), ...LIBRARIES.map((folder) => join(ROOT, folder))]
      waiting.push(
        ...places
          .map((place) => resolve(place, included))
          .filter((file) => existsSync(file))
          .slice(0, 1),
      )
    }
  }
  return [...found].flatMap(([path, text]) => [relative(ROOT, path), text])
}

/** Header of an .r1cs file: field size, modulus, wires, public outputs, public inputs, private inputs, labels, constraints. */
function size(r1cs: Uint8Array): Pick<Compiled, 'constraints' | 'publicInputs' | 'power'> {
  const header = section(parseContainer('r1cs', r1cs), 1)
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  const after = 4 + view.getUint32(0, true)
  const publicInputs = view.getUint32(after + 4, true) + view.getUint32(after + 8, true)
  const constraints = view.getUint32(after + 24, true)
  return { constraints, publicInputs, power: Math.floor(Math.log2(constraints + publicInputs)) + 1 }
}

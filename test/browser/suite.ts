// As much of Vitest as the core's tests use, for a page: the files collect their tests here, and `runSuite` runs them.
// Vite puts it in the place of `vitest`; what it stands for in Node are Buffer's and node:crypto's few functions.

type Run = (...row: never[]) => unknown

const tests: { name: string; run: () => unknown }[] = []
let prefix = ''

/** Each row's values are the test's parameters. */
function each(define: (name: string, run: () => unknown) => void) {
  return (rows: readonly unknown[]) => (name: string, run: Run) => {
    rows.forEach((row, i) =>
      define(`${name} #${i}`, () => run(...((Array.isArray(row) ? row : [row]) as never[]))),
    )
  }
}

function describeNow(name: string, define: () => unknown): void {
  const outer = prefix
  prefix = `${prefix}${name} > `
  define()
  prefix = outer
}

function addTest(name: string, run: () => unknown): void {
  tests.push({ name: `${prefix}${name}`, run })
}

export const describe = Object.assign(describeNow, { each: each(describeNow) })
export const test = Object.assign(addTest, { each: each(addTest) })
/** @alias */
export const it = test

/** The assertions in use. */
export function expect(found: unknown, about = '') {
  const fail = (what: string): void => {
    throw new Error(`${about} ${show(found)} ${what}`)
  }
  const thrown = (): unknown => {
    try {
      ;(found as () => unknown)()
    } catch (error) {
      return error
    }
    return undefined
  }
  return {
    toBe: (wanted: unknown) => Object.is(found, wanted) || fail(`is not ${show(wanted)}`),
    toEqual: (wanted: unknown) => show(found) === show(wanted) || fail(`does not equal ${show(wanted)}`),
    toHaveLength: (length: number) =>
      (found as unknown[]).length === length || fail(`has not ${length} elements`),
    toBeGreaterThan: (least: number) => (found as number) > least || fail(`is not above ${least}`),
    toBeUndefined: () => found === undefined || fail('is there'),
    toThrow: (part: string) => String(thrown()).includes(part) || fail(`does not throw ${part}`),
    not: {
      toBe: (other: unknown) => !Object.is(found, other) || fail('is what it must not be'),
      toEqual: (other: unknown) => show(found) !== show(other) || fail('equals what it must not equal'),
    },
  }
}

/** Runs every test; how many there were, and what failed. */
export async function runSuite(): Promise<{ tests: number; failures: string[] }> {
  const failures: string[] = []
  for (const { name, run } of tests) {
    try {
      await run()
    } catch (error) {
      failures.push(`${name}: ${String(error)}`.slice(0, 1000))
    }
  }
  return { tests: tests.length, failures }
}

/** Uniform bytes, of any number. */
export function randomBytes(length: number): Bytes {
  const bytes = new Bytes(length)
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return bytes
}

/** Near enough to uniform in [from, to). */
export function randomInt(from: number, to?: number): number {
  const [low, high] = to === undefined ? [0, from] : [from, to]
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint32Array(2))
  return low + Number(((BigInt(a) << 32n) | BigInt(b)) % BigInt(high - low))
}

/** Buffer, for hexadecimal. */
class Bytes extends Uint8Array {
  override toString(encoding?: string): string {
    if (encoding !== 'hex') return super.toString()
    return Array.from(this, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }

  static fromHex(text: string): Bytes {
    return new Bytes(Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16)))
  }

  static joined(parts: readonly Uint8Array[]): Bytes {
    return new Bytes(parts.flatMap((part) => [...part]))
  }
}

Object.assign(globalThis, {
  Buffer: {
    from: (source: string | Uint8Array) =>
      typeof source === 'string' ? Bytes.fromHex(source) : new Bytes(source),
    concat: (parts: readonly Uint8Array[]) => Bytes.joined(parts),
  },
})

function show(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`
    return part instanceof Uint8Array ? Array.from(part) : part
  })
}

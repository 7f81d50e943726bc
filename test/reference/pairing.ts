// Second opinion on the core's tower and pairing, in big integers and from the definitions: Fp12 as Fp[z] modulo
// z^12 - 18 z^6 + 82 (z = w, z^6 = 9 + i), points of the twist mapped into it, Miller's algorithm with plain lines
// through points of Fp12 and the full exponent (q^12 - 1) / p. Nothing is shared with crypto/ but the curve's numbers.
// Slow: about half a second a pairing.

const q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n
const p = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
/** 6u + 2 of the optimal ate pairing (Vercauteren 2010). */
const LOOP = 29793968203157093288n

/** Twelve coefficients, of z^0 first. */
type Element = readonly bigint[]
/** x and y in Fp12. */
type Point = readonly [Element, Element]

const zero: Element = Array.from({ length: 12 }, () => 0n)

/** c as an element of Fp12. */
function constant(c: bigint): Element {
  return zero.with(0, modulo(c))
}

/** Coordinate c0 + c1 i times z^k: i = z^6 - 9. */
function quadratic(c0: bigint, c1: bigint, k = 0): Element {
  return multiply(zero.with(0, modulo(c0 - 9n * c1)).with(6, modulo(c1)), zero.with(k, 1n))
}

/** The element of the core's tower with these twelve coordinates: (g0, g1, g2, h0, h1, h2) of Fp2, v = z^2, w = z. */
export function fromTower(coordinates: readonly bigint[]): Element {
  return [0, 2, 4, 1, 3, 5].reduce<Element>(
    (sum, k, i) => add(sum, quadratic(coordinates[2 * i] ?? 0n, coordinates[2 * i + 1] ?? 0n, k)),
    zero,
  )
}

function add(a: Element, b: Element): Element {
  return a.map((c, i) => modulo(c + (b[i] ?? 0n)))
}

function multiply(a: Element, b: Element): Element {
  const product = Array.from({ length: 23 }, () => 0n)
  a.forEach((x, i) => b.forEach((y, j) => (product[i + j] = (product[i + j] ?? 0n) + x * y)))
  for (let k = 22; k >= 12; k--) {
    const c = product[k] ?? 0n
    product[k - 6] = (product[k - 6] ?? 0n) + 18n * c
    product[k - 12] = (product[k - 12] ?? 0n) - 82n * c
  }
  return product.slice(0, 12).map(modulo)
}

export function power(a: Element, exponent: bigint): Element {
  let result = constant(1n)
  for (const bit of exponent.toString(2)) {
    result = multiply(result, result)
    if (bit === '1') result = multiply(result, a)
  }
  return result
}

/** 1/a by Fermat in Fp12 would take minutes; by the norm to Fp2 = Fp[z^6] it takes milliseconds. */
function invert(a: Element): Element {
  // Conjugates over Fp2: z -> root z for the sixth roots of 1, which are -omega^k with omega in Fp.
  const omega = powerModulo(3n, (q - 1n) / 3n)
  const roots = [1n, omega, modulo(omega * omega)].flatMap((root) => [root, modulo(-root)])
  const others = roots
    .slice(1)
    .map((root) => a.map((c, i) => modulo(c * powerModulo(root, BigInt(i)))))
    .reduce<Element>(multiply, constant(1n))
  const norm = multiply(a, others)
  const c1 = norm[6] ?? 0n
  const c0 = (norm[0] ?? 0n) + 9n * c1
  const scale = powerModulo(modulo(c0 * c0 + c1 * c1), q - 2n)
  return multiply(others, quadratic(modulo(c0 * scale), modulo(-c1 * scale)))
}

/** The point of G1 in Fp12. */
export function liftG1(x: bigint, y: bigint): Point {
  return [constant(x), constant(y)]
}

/** The point of the twist y^2 = x^3 + 3 / xi as the point (x z^2, y z^3) of y^2 = x^3 + 3. */
export function liftG2(x0: bigint, x1: bigint, y0: bigint, y1: bigint): Point {
  return [quadratic(x0, x1, 2), quadratic(y0, y1, 3)]
}

/** The product of lines at P before the final exponentiation; Q in the lift of G2, P in that of G1. */
export function miller(point: Point, base: Point): Element {
  let f = constant(1n)
  let t = base
  const step = (other: Point): void => {
    const slope = slopeOf(t, other)
    f = multiply(f, lineAt(point, t, slope))
    t = third(t, other, slope)
  }
  for (const bit of LOOP.toString(2).slice(1)) {
    f = multiply(f, f)
    step(t)
    if (bit === '1') step(base)
  }
  const once = frobenius(base)
  const [x, y] = frobenius(once)
  step(once)
  step([x, y.map((c) => modulo(-c))])
  return f
}

/** f^((q^12 - 1) / p). */
export function exponentiate(f: Element): Element {
  return power(f, (q ** 12n - 1n) / p)
}

function frobenius([x, y]: Point): Point {
  return [power(x, q), power(y, q)]
}

function slopeOf([x, y]: Point, [a, b]: Point): Element {
  const minus = (c: Element, d: Element): Element => c.map((e, i) => modulo(e - (d[i] ?? 0n)))
  if (x.every((c, i) => c === a[i])) {
    return multiply(multiply(constant(3n), multiply(x, x)), invert(multiply(constant(2n), y)))
  }
  return multiply(minus(b, y), invert(minus(a, x)))
}

/** y_P - y_T - slope (x_P - x_T). */
function lineAt([x, y]: Point, [a, b]: Point, slope: Element): Element {
  const run = multiply(
    slope,
    x.map((c, i) => modulo(c - (a[i] ?? 0n))),
  )
  return y.map((c, i) => modulo(c - (b[i] ?? 0n) - (run[i] ?? 0n)))
}

function third([x, y]: Point, [a]: Point, slope: Element): Point {
  const square = multiply(slope, slope)
  const x3 = square.map((c, i) => modulo(c - (x[i] ?? 0n) - (a[i] ?? 0n)))
  const run = multiply(
    slope,
    x.map((c, i) => modulo(c - (x3[i] ?? 0n))),
  )
  return [x3, run.map((c, i) => modulo(c - (y[i] ?? 0n)))]
}

function powerModulo(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = modulo(result * result)
    if (bit === '1') result = modulo(result * base)
  }
  return result
}

function modulo(a: bigint): bigint {
  const rest = a % q
  return rest < 0n ? rest + q : rest
}

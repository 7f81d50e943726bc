// BN254 as snarkjs computes it (ffjavascript, WebAssembly in worker threads): the part that building and contributing
// needs and that snarkjs's type declarations leave out. Points are affine, coordinates little-endian and Montgomery.

/** A group of the curve over byte strings of points: 64 bytes each in G1, 128 in G2. */
export interface Group {
  g: Uint8Array
  /** To uncompressed points, big-endian. */
  batchLEMtoU(points: Uint8Array): Promise<Uint8Array>
  /** Point i times first * increment^i. */
  batchApplyKey(points: Uint8Array, first: Uint8Array, increment: Uint8Array): Promise<Uint8Array>
}

/** snarkjs's curve object. */
export interface Curve {
  G1: Group
  G2: Group
  Fr: { e(value: bigint): Uint8Array; inv(element: Uint8Array): Uint8Array }
  tm: {
    memory: WebAssembly.Memory
    instance: { exports: Record<string, (...operands: number[]) => void> }
    alloc(length: number): number
  }
  terminate(): Promise<void>
}

/** The curve, with one worker thread per core that stays until `releaseCurve`; or without threads, for short work. */
export async function bn254(options: { singleThread?: boolean } = {}): Promise<Curve> {
  // Loaded when it is needed: it is large, and a server's start needs none of it.
  const { curves } = (await import('snarkjs')) as unknown as {
    curves: { getCurveFromName(name: 'bn128', options: { singleThread?: boolean }): Promise<Curve> }
  }
  return curves.getCurveFromName('bn128', options)
}

/** Ends snarkjs's worker threads, without which a Node process does not end by itself. */
export async function releaseCurve(): Promise<void> {
  const { curve_bn128: curve } = globalThis as { curve_bn128?: Curve | null }
  await curve?.terminate()
}

// Types of the part of r1csfile that the harness uses.
declare module 'r1csfile' {
  /** The part of r1csfile the tests use; coefficients are what F.fromRprLE makes of them. */
  export function readR1cs(
    file: string,
    options: {
      loadConstraints: boolean
      loadMap: boolean
      F: { p: bigint; fromRprLE(bytes: Uint8Array, offset: number): bigint }
    },
  ): Promise<{
    nVars: number
    nOutputs: number
    nPubInputs: number
    nPrvInputs: number
    constraints: [Record<string, bigint>, Record<string, bigint>, Record<string, bigint>][]
  }>
}

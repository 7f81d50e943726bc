// SPDX-License-Identifier: MIT
// What main.ts uses of the AssemblyScript compiler; tsconfig.json puts it in the place of the package's own declarations,
// which add their methods to the global arrays of everything that is compiled with them.

interface Host {
  /** The text of a source file, or null if there is none of this name. */
  readonly readFile: (name: string) => string | null
  readonly writeFile: (name: string, contents: string | Uint8Array) => void
  readonly listFiles: () => readonly string[]
  readonly stderr: { readonly write: (text: string | Uint8Array) => void }
}

declare const compiler: {
  /** Compiles as the command asc does with these arguments. */
  main(args: readonly string[], host: Host): Promise<{ readonly error: Error | null }>
}
export default compiler

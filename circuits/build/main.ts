// `npm run circuits`: builds what proving and verifying need, and prints what it is.
import { readFile, stat } from 'node:fs/promises'
import { stderr, stdout } from 'node:process'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { type Artifacts, CIRCUIT_IDS, ensureArtifacts } from './artifacts.ts'

const start = performance.now()
const artifacts = await ensureArtifacts((step) => stderr.write(`${seconds()} s  ${step}\n`))
stdout.write(await table(artifacts))
stdout.write(`\nready after ${seconds()} s\n`)
if (artifacts.development) {
  stdout.write(
    'DEVELOPMENT SETUP: its secrets are public, so anybody can forge ballots. For practice only.\n',
  )
}

function seconds(): string {
  return ((performance.now() - start) / 1000).toFixed(1)
}

async function table({ circuits }: Artifacts): Promise<string> {
  const rows = [
    [
      'circuit',
      'constraints',
      'public',
      'zkey MB',
      'brotli',
      'wasm MB',
      'brotli',
      'compiled s',
      'key s',
      'contributors',
    ],
  ]
  for (const id of CIRCUIT_IDS) {
    const { zkey, wasm, ...circuit } = circuits[id]
    rows.push([
      id,
      String(circuit.constraints),
      String(circuit.publicInputs),
      ...(await sizes(zkey.path)),
      ...(await sizes(wasm.path)),
      circuit.seconds.compile.toFixed(1),
      circuit.seconds.key.toFixed(1),
      circuit.contributors.join(', ') || 'none',
    ])
  }
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => `${row.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  ')}\n`).join('')
}

/** Megabytes of a file as it is and as a server would send it. */
async function sizes(path: string): Promise<[raw: string, compressed: string]> {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }
  const compressed = await promisify(brotliCompress)(await readFile(path), quality)
  return [(await stat(path)).size, compressed.length].map((bytes) => (bytes / 1e6).toFixed(1)) as [
    string,
    string,
  ]
}

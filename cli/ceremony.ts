// `comitia ceremony`: setting up the proof system together (SPEC 10.2). Each contributor runs one command on a file that
// is passed on; everybody can verify the last one.
import { access } from 'node:fs/promises'
import { stderr, stdout } from 'node:process'
import {
  type CeremonyOptions,
  type CeremonyReport,
  addBeacon,
  addContribution,
  startCeremony,
  verifyCeremony,
} from '#circuits/build/ceremony.ts'
import { type Compiled, compile } from '#circuits/build/compile.ts'
import { releaseCurve } from '#circuits/curve.ts'
import { CIRCUITS, type CircuitId } from '#circuits/sizes.ts'
import { BEACON_ITERATIONS, BEACON_NAME, isName } from '#circuits/transcript.ts'
import { FAILED, PASSED, Unusable, command, only } from './command.ts'

const HELP = `Usage: comitia ceremony start --circuit <S|L|signal> [--powers <file>] <out.zkey>
       comitia ceremony contribute --name <name> <in.zkey> <out.zkey>
       comitia ceremony beacon --value <hex> [--iterations <n>] <in.zkey> <out.zkey>
       comitia ceremony verify --circuit <S|L|signal> [--powers <file>] [--json] <key.zkey>

Sets up the keys of a circuit's proofs. Whoever starts passes the file to the first contributor, each contributor to
the next, the last one back; a beacon closes. One contributor who forgets the secret makes the keys sound. Publish the
hash that "contribute" prints, and find it again in what "verify" prints.

  --circuit <id>       the circuit the key is for
  --powers <file>      prepared powers of tau (powersOfTau28_hez_final_14.ptau), or COMITIA_PTAU; without it the
                       development setup's, whose secrets are public: for practice only
  --unknown-powers     take powers of tau whose hash is not on this program's list
  --name <name>        your name as everybody will see it, at most 64 characters
  --value <hex>        public randomness that nobody could know before the last contribution
  --iterations <n>     SHA-256 is applied 2^n times to it, n from 10 (default) to 20
  --json               print the report as JSON
  --help               print this text

Exit codes: 0 done, or the key is right; 1 the key is not right; 2 could not check.
`

/** Runs `comitia ceremony <what>`; the exit code. */
export const ceremony = command(
  HELP,
  {
    circuit: { type: 'string' },
    powers: { type: 'string' },
    'unknown-powers': { type: 'boolean', default: false },
    name: { type: 'string' },
    value: { type: 'string' },
    iterations: { type: 'string', default: String(BEACON_ITERATIONS.least) },
    json: { type: 'boolean', default: false },
  },
  async (values, [what, ...files]) => {
    try {
      if (what === 'start') return await start(values, only(files, 'one file to write'))
      if (what === 'contribute') return await contribute(values.name, pair(files))
      if (what === 'beacon') return await beacon(values.value, Number(values.iterations), pair(files))
      if (what === 'verify') return await verify(values, only(files, 'one key file'))
    } finally {
      await releaseCurve()
    }
    throw new Unusable(`Say start, contribute, beacon or verify. See --help.`)
  },
)

interface Values {
  circuit?: string | undefined
  powers?: string | undefined
  'unknown-powers': boolean
  json: boolean
}

async function start(values: Values, output: string): Promise<number> {
  const options = optionsOf(values)
  const compiled = await compiledOf(values)
  await absent(output)
  const { phase1 } = await doing(() => startCeremony(compiled, output, options))
  stdout.write(`${output}: the key before the first contribution; phase 1: ${phase1}\n`)
  if (options.powers === undefined) stdout.write('DEVELOPMENT SETUP: for practice only.\n')
  return PASSED
}

async function contribute(name: string | undefined, [input, output]: [string, string]): Promise<number> {
  if (name === undefined || !isName(name) || name === BEACON_NAME) {
    throw new Unusable('Give your --name: 1 to 64 characters.')
  }
  await absent(output)
  const { hash } = await doing(() => addContribution(input, output, name))
  stdout.write(`${output}: contributed as ${name}. The secret is forgotten. Publish this hash:\n${hash}\n`)
  return PASSED
}

async function beacon(
  value: string | undefined,
  iterations: number,
  [input, output]: [string, string],
): Promise<number> {
  const { least, most } = BEACON_ITERATIONS
  if (value === undefined || !/^(?:[0-9a-f]{2}){1,255}$/i.test(value)) {
    throw new Unusable('Give the --value of the beacon, 1 to 255 bytes in hexadecimal.')
  }
  if (!(Number.isInteger(iterations) && iterations >= least && iterations <= most)) {
    throw new Unusable(`--iterations is from ${least} to ${most}.`)
  }
  await absent(output)
  const { hash } = await doing(() => addBeacon(input, output, Buffer.from(value, 'hex'), iterations))
  stdout.write(`${output}: closed by the beacon\n${hash}\n`)
  return PASSED
}

async function verify(values: Values, file: string): Promise<number> {
  const options = optionsOf(values)
  const compiled = await compiledOf(values)
  const report = await doing(() => verifyCeremony(file, compiled, options))
  stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : sentences(report))
  return report.problems.length === 0 ? PASSED : FAILED
}

function sentences({ problems, phase1, summary, contributions }: CeremonyReport): string {
  const lines = contributions.map(({ name, hash }, i) => `contribution ${i + 1}  ${name}\n${hash}`)
  lines.push(`phase 1: ${phase1}`, ...problems.map((problem) => `NOT RIGHT: ${problem}`))
  if (summary !== undefined) {
    lines.push(`The key is right. Contributors: ${summary.contributors.join(', ') || 'none'}.`)
    if (!summary.beacon) lines.push('No beacon closes the ceremony.')
    if (summary.development) lines.push('DEVELOPMENT SETUP: its secrets are public. For practice only.')
  }
  return `${lines.join('\n')}\n`
}

function optionsOf({ powers = process.env['COMITIA_PTAU'], ...values }: Values): CeremonyOptions {
  return { powers, allowUnknown: values['unknown-powers'], progress: showStep }
}

async function compiledOf({ circuit }: Values): Promise<Compiled> {
  if (circuit === undefined || !Object.hasOwn(CIRCUITS, circuit)) {
    throw new Unusable(`--circuit is one of ${Object.keys(CIRCUITS).join(', ')}.`)
  }
  showStep(`compiling ${circuit}`)
  return compile(circuit as CircuitId)
}

function pair(files: readonly string[]): [string, string] {
  const [input, output] = files
  if (input === undefined || output === undefined || files.length > 2) {
    throw new Unusable('Give the key to read and the file to write. See --help.')
  }
  return [input, output]
}

/** What the world or the files do not allow is said in one line, exit code 2. */
async function doing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new Unusable(error instanceof Error ? error.message : String(error))
  } finally {
    if (stderr.isTTY) stderr.write(CLEAR)
  }
}

/** Contributions take time that nobody should spend for a file that cannot be written. */
async function absent(file: string): Promise<void> {
  const exists = await access(file).then(
    () => true,
    () => false,
  )
  if (exists) throw new Unusable(`${file} exists already.`)
}

const CLEAR = '\r\u001b[K'

/** One line that changes, where somebody watches. */
function showStep(step: string): void {
  if (stderr.isTTY) stderr.write(`${CLEAR}${step.slice(0, 100)}`)
}

// `comitia ceremony`: setting up the proof system together (SPEC 10.2). Each contributor runs one command on a file that
// is passed on; everybody can verify the last one.
import { stderr, stdout } from 'node:process'
import {
  CeremonyError,
  type CeremonyReport,
  addBeacon,
  addContribution,
  startCeremony,
  verifyCeremony,
} from '#circuits/build/ceremony.ts'
import { compile } from '#circuits/build/compile.ts'
import { releaseCurve } from '#circuits/curve.ts'
import { CIRCUITS, type CircuitId } from '#circuits/sizes.ts'
import { BEACON_ITERATIONS, isName } from '#circuits/transcript.ts'
import { EncodingError, fromHex } from '#crypto/encoding.ts'
import { FAILED, PASSED, Unusable, command, only } from './command.ts'

const HELP = `Usage: comitia ceremony <step> [options]

  start                 write the first key of --circuit to --out
  contribute <key>      add a secret of your own under --name; the new key goes to --out
  beacon <key>          close with --value, which nobody could know when the last contributor was done
  verify <key>          rebuild the key's beginning and check everything that came after

  --circuit <id>        ${Object.keys(CIRCUITS).join(', ')}
  --ptau <file>         phase 1: a prepared powers-of-tau file, known by its hash;
                        without it the development setup's, whose secrets are public
  --allow-unknown       take a powers-of-tau file of any hash; its hash is reported
  --name <name>         1 to 64 characters, part of the key for ever
  --value <hex>         1 to 255 bytes, the hash of a block agreed on beforehand, say
  --iterations <n>      the value is hashed 2^n times, ${BEACON_ITERATIONS.least} to ${BEACON_ITERATIONS.most} (default ${BEACON_ITERATIONS.least})
  --out <file>          never overwritten
  --json                report as one JSON object
  --help                print this text

Publish the hash that contribute prints: it must stand in the final key's report.
One contributor who forgets their secret is enough for nobody to forge ballots.

Exit codes: 0 done or verified, 1 the key failed verification, 2 could not.
`

/** Runs the command; the exit code. */
export const ceremony = command(
  HELP,
  {
    circuit: { type: 'string' },
    ptau: { type: 'string' },
    'allow-unknown': { type: 'boolean', default: false },
    name: { type: 'string' },
    value: { type: 'string' },
    iterations: { type: 'string', default: String(BEACON_ITERATIONS.least) },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  async (values, [step, ...rest]) => {
    const need = (option: 'circuit' | 'name' | 'value' | 'out'): string => {
      const value = values[option]
      if (value === undefined) throw new Unusable(`Give --${option}. See --help.`)
      return value
    }
    const report = (done: object, sentences: readonly string[]): void => {
      stdout.write(values.json ? `${JSON.stringify(done)}\n` : `${sentences.join('\n')}\n`)
    }
    const options = { powers: values.ptau, allowUnknown: values['allow-unknown'], progress: teller() }
    try {
      switch (step) {
        case 'start': {
          if (rest.length > 0) throw new Unusable('start takes no file but --out. See --help.')
          const [circuit, out] = [circuitOf(need('circuit')), need('out')]
          const { phase1 } = await startCeremony(await compile(circuit), out, options)
          report({ key: out, circuit, phase1 }, [
            `Phase 1: ${phase1}${warning(values.ptau === undefined)}`,
            `The first contributor gets ${out}.`,
          ])
          return PASSED
        }
        case 'contribute': {
          const [key, name, out] = [only(rest, 'one key'), need('name'), need('out')]
          if (!isName(name))
            throw new Unusable('A name has 1 to 64 characters, none of them a control character.')
          const { hash } = await addContribution(key, out, name)
          report({ key: out, name, hash }, [
            `Publish the hash of your contribution: ${hash}`,
            `The next contributor gets ${out}.`,
          ])
          return PASSED
        }
        case 'beacon': {
          const [key, out] = [only(rest, 'one key'), need('out')]
          const [value, iterations] = [beaconValue(need('value')), Number(values.iterations)]
          const { least, most } = BEACON_ITERATIONS
          if (!Number.isInteger(iterations) || iterations < least || iterations > most)
            throw new Unusable(`--iterations is a number from ${least} to ${most}.`)
          const { hash } = await addBeacon(key, out, value, iterations)
          report({ key: out, hash }, [`Hash of the beacon: ${hash}`, `The final key is ${out}.`])
          return PASSED
        }
        case 'verify': {
          const [key, circuit] = [only(rest, 'one key'), circuitOf(need('circuit'))]
          const found = await verifyCeremony(key, await compile(circuit), options)
          const passed = found.problems.length === 0
          report({ passed, key, circuit, ...found }, sentencesOf(found, key, circuit))
          return passed ? PASSED : FAILED
        }
        default:
          throw new Unusable(`Give a step.\n\n${HELP}`)
      }
    } catch (error) {
      throw blame(error)
    } finally {
      await releaseCurve()
    }
  },
)

function sentencesOf(report: CeremonyReport, key: string, circuit: CircuitId): string[] {
  const { problems, phase1, contributions, summary } = report
  const chain = contributions.map(({ name, hash }, i) => `  ${i + 1}. ${name}\n     ${hash}`)
  const lines = [`Phase 1: ${phase1}`, 'Contributions:', ...chain]
  if (summary === undefined) return [...lines, `${key} FAILED:`, ...problems.map((problem) => `  ${problem}`)]
  const { contributors, beacon, development } = summary
  return [
    ...lines,
    `${key} is a key of circuit ${circuit}, ${beacon ? 'closed by a beacon' : 'not yet closed by a beacon'}.`,
    development
      ? `It protects nothing${warning(development)}`
      : `It is sound if one of these forgot their secret: ${contributors.join(', ')}.`,
  ]
}

/** The end of a sentence on a setup that everybody can forge under. */
function warning(development: boolean): string {
  return development ? ', DEVELOPMENT: its secrets are public. For practice only.' : '.'
}

function circuitOf(id: string): CircuitId {
  const known = (Object.keys(CIRCUITS) as CircuitId[]).find((circuit) => circuit === id)
  if (known === undefined) throw new Unusable(`There is no circuit ${id}. See --help.`)
  return known
}

function beaconValue(hex: string): Uint8Array {
  if (!/^([0-9a-fA-F]{2}){1,255}$/.test(hex)) throw new Unusable('--value is 1 to 255 bytes in hexadecimal.')
  return fromHex(hex.toLowerCase())
}

/** Tells of each step as it begins; some take minutes. */
function teller(): (step: string) => void {
  const started = performance.now()
  return (step) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6)
    stderr.write(`${seconds} s  ${step.replace(/\s+/g, ' ')}\n`)
  }
}

/** The files' fault as one line for the user; ours as it is. */
function blame(error: unknown): unknown {
  if (error instanceof CeremonyError || error instanceof EncodingError)
    return new Unusable(`${error.message}.`)
  const { code, path, message } = error as { code?: unknown; path?: unknown; message: string }
  if (code === 'EEXIST') return new Unusable(`${String(path)} exists already and is not overwritten.`)
  return typeof code === 'string' && typeof path === 'string' ? new Unusable(message) : error
}

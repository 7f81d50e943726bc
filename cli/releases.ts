// `comitia releases`: checks, publishes and exports OCDS documents of public spending. SPEC 13.2.
import { readFile, writeFile } from 'node:fs/promises'
import { stderr, stdout } from 'node:process'
import { toHex } from '#crypto/encoding.ts'
import { Refusal } from '#protocol/refusal.ts'
import { publicationOf } from '#tally/formats/ocds.ts'
import { readOcds } from '#tally/formats/ocds-schema.ts'
import { command, FAILED, only, PASSED, Unusable } from './command.ts'
import { bringReleases, Official } from './official.ts'
import { connect } from './server.ts'

const HELP = `Usage: comitia releases <step> [options]

  check <file.json>     whether it is a sound OCDS 1.1 document, and the hashes that an act names; needs no server
  publish <file.json>   publish it in --process, on the promise of entry --promise if there is one
  export <ocid>         write all published releases of a contracting process to --out, as a release package

  --server <url>        default http://localhost:8080
  --data <folder>       the server's data folder with the operator's key (default ./data)
  --process <name>  --promise <entry>  --out <file>
  --json                report as one JSON object
  --help                print this text

Exit codes: 0 done, 1 the document is unsound or the gate refused it, 2 could not.
`

/** Runs the command; the exit code. */
export const releases = command(
  HELP,
  {
    server: { type: 'string', default: 'http://localhost:8080' },
    data: { type: 'string', default: 'data' },
    process: { type: 'string' },
    promise: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  async (values, [step, ...rest]) => {
    const { data, json } = values
    const need = (option: 'process' | 'out'): string => {
      const value = values[option]
      if (value === undefined) throw new Unusable(`Give --${option}. See --help.`)
      return value
    }
    const report = (done: object, lines: readonly string[], code = PASSED): number => {
      stdout.write(json ? `${JSON.stringify(done)}\n` : `${lines.join('\n')}\n`)
      return code
    }
    switch (step) {
      case 'check': {
        const { problems, document } = readOcds(await text(only(rest, 'one file')))
        if (problems.length > 0)
          return report(
            { problems },
            problems.map(({ path, message }) => `${path || '/'} ${message}`),
            FAILED,
          )
        const said = publicationOf(document)
        const named = said.releases.map(({ hash, ...name }) => ({ ...name, hash: toHex(hash) }))
        return report({ problems, file: toHex(said.file), releases: named }, [
          `Sound: ${named.length} releases, file ${toHex(said.file)}`,
          ...named.map(({ ocid, id, hash }) => `${ocid} ${id} ${hash}`),
        ])
      }
      case 'publish': {
        const said = await text(only(rest, 'one file'))
        const { problems, document } = readOcds(said)
        if (problems.length > 0) throw new Unusable('The document is unsound; see comitia releases check.')
        const server = connect(values.server)
        await bringReleases(server, data, said)
        const promise = values.promise === undefined ? {} : { promise: Number(values.promise) }
        const act = { type: 'publish-releases', ...publicationOf(document), ...promise } as const
        try {
          const { index } = await (await Official.of(server, data)).act(need('process'), () => act)
          return report({ entry: index }, [`Published ${act.releases.length} releases (entry ${index})`])
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          stderr.write(`Refused: ${error.message}\n`)
          return FAILED
        }
      }
      case 'export': {
        const [ocid, out] = [only(rest, 'one ocid'), need('out')]
        const path = `/api/processes/${need('process')}/releases/${encodeURIComponent(ocid)}`
        const answer = await connect(values.server).send(path)
        await writeFile(out, `${JSON.stringify(await answer.json(), null, 2)}\n`)
        return report({ releases: out }, [`The releases are in ${out}.`])
      }
      default:
        throw new Unusable(`Give a step.\n\n${HELP}`)
    }
  },
)

async function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new Unusable(`Cannot read ${path}: ${error instanceof Error ? error.message : ''}`)
  })
}

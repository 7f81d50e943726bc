// Bringing a list of voters into a roll's register over HTTP, until all codes have come back. Memory is that of the whole
// server, with its database.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bench, rounded, timed } from './bench.ts'
import { serve } from './program.ts'

/** By then V8 has optimised the embedded database's largest functions, in milliseconds. */
const SETTLING = 20_000

export const importing: Bench = {
  name: 'import',
  what: 'a list of 100,000 voters into the register over HTTP, and the memory of the server',
  async run(onProgress, { ballots: rows = 100_000 }) {
    const folder = mkdtempSync(join(tmpdir(), 'comitia-bench-'))
    try {
      onProgress('making the database')
      await (await serve(folder, 'example.org/comitia')).stop()
      onProgress('starting the server')
      const server = await serve(folder, 'example.org/comitia')
      try {
        await sleep(SETTLING)
        const startMegabytes = server.peakMegabytes()
        await sleep(SETTLING / 10)
        const idleMegabytes = server.peakMegabytes()
        const token = readFileSync(join(folder, 'operator.token'), 'utf8').trim()
        const csv = listOf(rows)
        onProgress(`${rows} voters`)
        const { result: codes, ms } = await timed(async () => {
          const answer = await fetch(`${server.url}/api/operator/voters?process=city&roll=residents`, {
            method: 'POST',
            headers: { 'content-type': 'text/csv', authorization: `Bearer ${token}` },
            body: csv,
          })
          if (!answer.ok) throw new Error(`the list was refused: ${await answer.text()}`)
          return (await answer.text()).trimEnd().split('\r\n').length
        })
        if (codes !== rows) throw new Error(`${codes} codes for ${rows} voters`)
        return {
          ...{ rows, seconds: rounded(ms / 1000), megabytes: rounded(csv.length / 1e6) },
          ...{ peakMegabytes: server.peakMegabytes(), idleMegabytes, startMegabytes },
        }
      } finally {
        await server.stop()
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

/** Voters with weight, address and language, as a city has them. */
function listOf(rows: number): string {
  const line = (i: number): string => `Person ${i} of Street ${i % 977},1,person-${i}@example.org,fi`
  return Array.from({ length: rows }, (_, i) => line(i + 1)).join('\n')
}

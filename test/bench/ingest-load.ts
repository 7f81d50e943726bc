// The load generator of ingest.ts: posts entries over kept connections, so many at once or so many a second.
import { Agent, request } from 'node:http'

export interface Load {
  readonly url: string
  readonly entries: readonly Uint8Array[]
  /** Requests under way at any time, unless a rate is given. */
  readonly concurrency: number
  /** Requests a second, whether those before are answered or not. */
  readonly rate?: number
}

export interface Loaded {
  /** From the first request to the last answer. */
  readonly seconds: number
  readonly answers: readonly { readonly status: number; readonly ms: number }[]
}

process.once('message', (load: Load) => {
  void generate(load).then((loaded) => process.send?.(loaded, () => process.disconnect()))
})

async function generate({ url, entries, concurrency, rate }: Load): Promise<Loaded> {
  const agent = new Agent({ keepAlive: true })
  const start = performance.now()
  const answers: Loaded['answers'][number][] = []
  const send = async (entry: Uint8Array): Promise<void> => void answers.push(await post(agent, url, entry))
  if (rate === undefined) {
    let next = 0
    const voter = async (): Promise<void> => {
      for (let entry = entries[next++]; entry !== undefined; entry = entries[next++]) await send(entry)
    }
    await Promise.all(Array.from({ length: concurrency }, voter))
  } else {
    const sent: Promise<void>[] = []
    while (sent.length < entries.length) {
      const due = Math.min(entries.length, Math.ceil(((performance.now() - start) / 1000) * rate))
      for (const entry of entries.slice(sent.length, due)) sent.push(send(entry))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await Promise.all(sent)
  }
  const seconds = (performance.now() - start) / 1000
  agent.destroy()
  return { seconds, answers }
}

function post(agent: Agent, url: string, body: Uint8Array): Promise<Loaded['answers'][number]> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const headers = { 'content-type': 'application/cbor', 'content-length': body.length }
    const sent = request(new URL('/api/entries', url), { agent, method: 'POST', headers }, (response) => {
      response.resume()
      response.once('end', () => resolve({ status: response.statusCode ?? 0, ms: performance.now() - start }))
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

// Many voters who cast at once, over HTTP, for tests that kill the server under them. A voter who hears nothing casts
// the very same bytes again later, as the voter's page does.
import * as z from 'zod/mini'

const answerSchema = z.strictObject({ index: z.int(), receipt: z.string() })

/** What the server has answered for. */
export interface Acknowledged {
  readonly entry: Uint8Array
  readonly index: number
  /** The text of the receipt. */
  readonly receipt: string
  /** Recorded by this very request, not known from before. */
  readonly fresh: boolean
}

/** How a stretch of casting ended. */
export interface Cast {
  readonly acknowledged: readonly Acknowledged[]
  /** Entries whose requests were never answered. */
  readonly unanswered: readonly Uint8Array[]
}

/**
 * Takes entries from the front of `waiting` and posts them, `atOnce` at any time, until the server is gone. `onAnswer`
 * hears each answer at once. Throws on any answer but an acknowledgement, and when nothing is left to cast.
 */
export async function castUntilGone(
  url: string,
  waiting: Uint8Array[],
  atOnce: number,
  onAnswer: (answer: Acknowledged) => void,
): Promise<Cast> {
  const acknowledged: Acknowledged[] = []
  const unanswered: Uint8Array[] = []
  const voter = async () => {
    for (;;) {
      const entry = waiting.shift()
      if (entry === undefined) throw new Error('every ballot has been cast: prepare more')
      const answer = await post(url, entry)
      if (answer === undefined) {
        unanswered.push(entry)
        return
      }
      acknowledged.push(answer)
      onAnswer(answer)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, voter))
  return { acknowledged, unanswered }
}

/** undefined if the connection broke before the whole answer was there. */
async function post(url: string, entry: Uint8Array): Promise<Acknowledged | undefined> {
  const headers = { 'content-type': 'application/cbor' }
  let status: number, text: string
  try {
    const response = await fetch(`${url}/api/entries`, {
      method: 'POST',
      headers,
      body: new Uint8Array(entry),
    })
    status = response.status
    text = await response.text()
  } catch {
    return undefined
  }
  if (status !== 200 && status !== 201) throw new Error(`refused with ${status}: ${text}`)
  return { entry, ...answerSchema.parse(JSON.parse(text)), fresh: status === 201 }
}

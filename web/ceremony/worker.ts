// The contributor's worker: the secret of a contribution is made in here and ends with it. One worker serves one page.
import { contribute } from '#circuits/contribute.ts'
import { contributionHash, parseTranscript } from '#circuits/transcript.ts'
import { transcriptOf } from '#circuits/zkey.ts'
import { bytesOf } from '#client/server.ts'
import { Unusable } from '#client/failure.ts'
import { toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { serve } from '#web/worker/serve.ts'
import { type Circuit, type Contributed, handIn, key, takeTurn, turn } from './api.ts'

/** What is being done; how many bytes of how many where that is known. */
export interface Step {
  readonly what: 'fetch' | 'contribute' | 'hand-in'
  readonly circuit: Circuit
  readonly done?: number
  readonly total?: number
}

export interface Workshop {
  /** Contributes to each circuit that waits for it, and gives all contributions of this worker; may be called again after
   *  a failure. Throws `Refused`, `Unusable`.
   *  @param added chance of the contributor's own */
  contribute(code: string, added: string, tell: (step: Step) => void): Promise<Contributed[]>
}

const contributed = new Map<Circuit, string>()

serve({
  async contribute(code, added, tell) {
    // Whoever lost the answer to the last one has none left to make.
    if ((await turn(code)).next !== null) await takeTurn(code)
    for (let standing = await turn(code); standing.next !== null; standing = await turn(code)) {
      const { circuit, sha256: hash } = standing.next
      const before = await bytesOf(await key(hash), (done, total) =>
        tell({ what: 'fetch', circuit, done, total }),
      )
      if (toHex(sha256(before)) !== hash) throw new Unusable('file-differs', { hash })
      tell({ what: 'contribute', circuit })
      const after = await contribute(before, standing.name, added)
      const [own] = parseTranscript(transcriptOf(after)).contributions.slice(-1)
      if (own !== undefined) contributed.set(circuit, toHex(contributionHash(own)))
      tell({ what: 'hand-in', circuit })
      await handIn(code, circuit, after)
    }
    return [...contributed].map(([circuit, hash]) => ({ circuit, hash }))
  },
} satisfies Workshop)

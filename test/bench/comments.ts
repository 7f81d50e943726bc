// A page of a thread where many have written: 100,000 comments in one process, read through the whole application. The comments
// are folded through the gate without their proofs, which the page does not look at.
import { nullifier } from '#circuits/credential.ts'
import { type Deed, signalContent, signalScope } from '#protocol/signal.ts'
import { commitText } from '#protocol/text.ts'
import type { CommentsView } from '#server/participation/comments.ts'
import { writing } from '#server/data/schema.ts'
import { admit, apply } from '#tally/fold.ts'
import { People, planOf } from '../tally/people.ts'
import { PROCESS, Scene } from '../tally/scene.ts'
import { stage } from '../server/stage.ts'
import { type Bench, median, percentile, rounded, timed } from './bench.ts'

const PEOPLE = 200
/** Rows of one insertion. */
const BATCH = 1000
/** Comments on the proposal itself, of each 10; the others answer one of them. */
const DIRECT = 4
const READS = 200
const KEY = new Uint8Array(32).fill(9)

export const comments: Bench = {
  name: 'comments',
  what: 'pages of comments where one process has 100,000 of them; the fold over them',
  async run(onProgress, { ballots: number = 100_000 }) {
    const scene = new Scene({ weights: Array.from({ length: PEOPLE }, () => 1n) })
    scene.enrol()
    const people = new People(scene, planOf({}, { daily: 1000 }))
    const proposal = people.propose(0)
    await using server = await stage(scene, { database: true })
    const { state } = server.parts.board
    const own = Array.from({ length: PEOPLE }, (_, person) => {
      const deed: Deed = { type: 'erase', target: proposal }
      return nullifier(scene.voter(person).secret, signalScope(scene.log, PROCESS, deed))
    })
    onProgress(`${number} comments`)
    const written: { commitment: Uint8Array; key: Uint8Array; text: string; keptAt: Date }[] = []
    const direct: number[] = []
    const folded = await timed(() => {
      for (let i = 0; i < number; i++) {
        const text = `${i}: ${'What a pond costs, and who pays. '.repeat(12)}`
        const commitment = commitText(KEY, text)
        const person = i % PEOPLE
        const author = own[person] ?? 0n
        const about = i % 10 < DIRECT ? proposal : (direct[i % direct.length] ?? proposal)
        if (about === proposal) direct.push(state.size)
        const deed: Deed = { type: 'comment', about, stance: 'remark', text: commitment }
        const sequence = state.processes.get(PROCESS)?.participation?.voices.get(author)?.entries ?? 0
        const content = signalContent({
          ...{ process: PROCESS, deed, sequence, nullifier: author, proof: new Uint8Array(256) },
        })
        admit(state, ['signal', content])
        apply(state, ['signal', content])
        written.push({ commitment, key: KEY, text, keptAt: new Date(0) })
      }
    })
    onProgress('their texts')
    for (let at = 0; at < written.length; at += BATCH)
      await server.parts.database.orm.insert(writing).values(written.slice(at, at + BATCH))
    onProgress(`${READS} pages`)
    const read = async (about: number, before: number | 'newest') => {
      const response = await server.app.request(
        `/api/processes/${PROCESS}/comments?about=${about}&before=${before}`,
      )
      const page = (await response.json()) as CommentsView
      if (page.comments.some(({ text }) => text.text === null)) throw new Error('a text is missing')
      return page
    }
    await read(proposal, 'newest')
    const first: number[] = []
    const deep: number[] = []
    for (let i = 0; i < READS; i++) {
      first.push((await timed(() => read(proposal, 'newest'))).ms)
      const before = direct[Math.floor((direct.length * i) / READS)] ?? 0
      deep.push((await timed(() => read(proposal, Math.max(before, direct[1] ?? 0)))).ms)
    }
    return {
      comments: number,
      firstPageMs: rounded(median(first)),
      firstPageP99Ms: rounded(percentile(first, 0.99)),
      anyPageMs: rounded(median(deep)),
      foldPerSecond: rounded((number / folded.ms) * 1000),
      heapMegabytes: rounded(process.memoryUsage().heapUsed / 1e6),
    }
  },
}

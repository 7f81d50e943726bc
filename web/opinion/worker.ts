// Makes the map of opinions away from the page, from the published file that anybody can make it from again.
import { parsePolisVotes } from '#tally/formats/polis.ts'
import { type OpinionPicture, pictureFile, pictureOf } from '#tally/opinion/file.ts'
import { text } from '#web/device/api.ts'
import { serve } from '#web/worker/serve.ts'

export type MapStep = 'fetching' | 'placing'

const api = {
  /** The map of a process, and the bytes of its file. */
  async make(
    process: string,
    onStep: (step: MapStep) => void,
  ): Promise<{ picture: OpinionPicture; file: string }> {
    onStep('fetching')
    const votes = parsePolisVotes(
      await text(`/api/processes/${encodeURIComponent(process)}/opinions/votes.csv`),
    )
    onStep('placing')
    const picture = pictureOf(votes)
    return { picture, file: pictureFile(picture) }
  },
}
export type MapWorker = typeof api

serve(api)

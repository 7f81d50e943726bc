// The worker of a process's pages: whatever of a person's deeds is secret stays in here.
import type { ProcessPlace } from '#client/participation.ts'
import { means } from '#web/device/means.ts'
import { serve } from '#web/worker/serve.ts'
import type { Draft } from './kept.ts'
import { type DeedStep, Participant, type Standing, type Wish } from './participant.ts'

let participant: Participant | undefined

const api = {
  /** Opens a process with the credential of this device. Comes before everything else. */
  async open(place: ProcessPlace): Promise<Standing> {
    participant = await Participant.open(await means(), place)
    return participant.standing()
  },
  standing: () => now().standing(),
  keepDraft: (draft: Draft) => now().keepDraft(draft),
  act: (wish: Wish, onStep: (step: DeedStep) => void) => now().act(wish, onStep),
  goOn: (onStep: (step: DeedStep) => void) => now().goOn(onStep),
}
export type ProcessWorker = typeof api

serve(api)

function now(): Participant {
  if (participant === undefined) throw new Error('no process is open')
  return participant
}

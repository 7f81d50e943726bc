// What the gate says to an entry, as the specification's examples write it.
import type { Entry } from '#protocol/entry.ts'
import { Refusal } from '#protocol/refusal.ts'
import type { Scene } from '../tally/scene.ts'

/** What the scene's gate says of an entry, which it takes in where it can. */
export function answersOf(scene: Scene): (entry: Entry) => string {
  return (entry) => {
    try {
      return `entry accepted${scene.offer(entry) >= 0 ? '' : '?'}`
    } catch (error) {
      if (error instanceof Refusal) return error.code
      throw error
    }
  }
}

// A small election with a bit of everything (blank, weights, a revote, two contests), and ways to alter its record.
import { decodeEntry, type Entry } from '#protocol/entry.ts'
import type { Finding } from '#tally/verify/finding.ts'
import { contest, Scene } from './scene.ts'

/** The whole election: three voters of weights 1, 2 and 3, of whom the first votes twice; two guardians, both needed. */
export async function electionOfEverything(): Promise<Scene> {
  const scene = new Scene({
    guardians: 2,
    weights: [1n, 2n, 3n],
    contests: [
      contest({ blank: true }),
      contest({ weighted: true, rule: { type: 'score', max: 3n }, count: { name: 'score', seats: 1 } }),
    ],
  })
  scene.prepare()
  scene.keygen()
  scene.open()
  scene.cast(0, [0n, 1n, 0n])
  scene.cast(1, [1n, 0n, 0n])
  scene.cast(2, [3n, 1n], 1)
  scene.cast(0, [0n, 0n, 1n])
  scene.cast(0, [0n, 2n], 1)
  await scene.close()
  scene.tally()
  scene.publish()
  return scene
}

/** What an entry is: its type, or that of its act or message. */
export function kindOf([type, content]: Entry): string {
  return type === 'act' ? content.act.type : type === 'guardian' ? content.message.type : type
}

/** `12 commit`: place and kind of an entry. */
export function label(entries: readonly Uint8Array[], index: number): string {
  return `${index} ${kindOf(decodeEntry(entries[index] ?? new Uint8Array()))}`
}

/** The failed findings that an observer meets first, by entry, as `V4@12 act-signature-invalid`; those about no single
 *  entry only where there is no other. V1 is in brackets where guardians saw another record than this after closing. */
export function first(findings: readonly Finding[]): string {
  const failed = findings.filter((f) => f.status === 'failed')
  const placed = failed.filter((f) => f.entry !== undefined)
  const lowest = Math.min(...placed.map((f) => f.entry ?? 0))
  const met = placed.filter((f) => f.entry === lowest).map((f) => `${f.check}@${lowest} ${f.code}`)
  const other = failed.filter((f) => f.entry === undefined).map((f) => f.check)
  return [...new Set(met.length > 0 ? met : other)].join(', ') || 'nothing'
}

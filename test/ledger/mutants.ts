// Systematic damage to good proofs and texts, each named after what was done to it (in the manner of
// transparency-dev/merkle). The tests ask that every single one is refused.

/** A damaged copy and its name. */
export interface Mutant<T> {
  readonly name: string
  readonly value: T
}

/** Every hash removed, doubled, zeroed, bent by a bit at each end, swapped with its neighbour; strangers added. */
export function mutateHashes(
  hashes: readonly Uint8Array[],
  strangers: readonly Uint8Array[],
): Mutant<Uint8Array[]>[] {
  const mutants: Mutant<Uint8Array[]>[] = []
  const add = (name: string, value: Uint8Array[]) => mutants.push({ name, value })
  hashes.forEach((hash, i) => {
    const bent = (byte: number, bit: number) => hash.map((value, at) => (at === byte ? value ^ bit : value))
    add(`hash ${i} removed`, hashes.toSpliced(i, 1))
    add(`hash ${i} doubled`, hashes.toSpliced(i, 0, hash))
    add(`hash ${i} zeroed`, hashes.with(i, new Uint8Array(32)))
    add(`hash ${i} first bit flipped`, hashes.with(i, bent(0, 128)))
    add(`hash ${i} last bit flipped`, hashes.with(i, bent(31, 1)))
    add(`hash ${i} one byte short`, hashes.with(i, hash.slice(0, 31)))
    add(`hash ${i} one byte long`, hashes.with(i, Uint8Array.of(...hash, 0)))
    const next = hashes[i + 1]
    if (next !== undefined) add(`hashes ${i} and ${i + 1} swapped`, hashes.with(i, next).with(i + 1, hash))
  })
  strangers.forEach((stranger, i) => {
    add(`stranger ${i} before`, [stranger, ...hashes])
    add(`stranger ${i} after`, [...hashes, stranger])
  })
  if (hashes.length > 0) add('no hashes', [])
  if (hashes.length > 1) add('hashes reversed', hashes.toReversed())
  return mutants
}

/** Every character changed, removed, doubled, swapped with its neighbour; the text cut at every place. */
export function mutateText(text: string): Mutant<string>[] {
  const mutants: Mutant<string>[] = []
  const add = (name: string, value: string) => value !== text && mutants.push({ name, value })
  for (let i = 0; i < text.length; i++) {
    const [before, character, after] = [text.slice(0, i), text.charAt(i), text.slice(i + 1)]
    const shown = JSON.stringify(character)
    add(`${shown} at ${i} changed`, before + String.fromCharCode(character.charCodeAt(0) ^ 1) + after)
    add(`${shown} at ${i} removed`, before + after)
    add(`${shown} at ${i} doubled`, before + character + character + after)
    add(`${shown} at ${i} swapped with the next`, before + after.slice(0, 1) + character + after.slice(1))
    add(`cut before ${i}`, before)
  }
  return mutants
}

// A name and a picture for a pseudonym, made from it alone, so that they are the same on every device and belong to no
// language. They tell people apart at a glance; what cannot be mistaken is the pseudonym itself.
const CONSONANTS = 'bdfgklmnprstvz'
const VOWELS = 'aeiou'
const SYLLABLES = CONSONANTS.length * VOWELS.length

/** Two words of three syllables: one of about 10^11 names.
 *  @param pseudonym 32 bytes in hexadecimal */
export function nameOf(pseudonym: string): string {
  let rest = BigInt(`0x${pseudonym}`)
  const syllable = () => {
    const number = Number(rest % BigInt(SYLLABLES))
    rest /= BigInt(SYLLABLES)
    const consonant = CONSONANTS[Math.floor(number / VOWELS.length)] ?? ''
    return consonant + (VOWELS[number % VOWELS.length] ?? '')
  }
  const word = () => {
    const letters = syllable() + syllable() + syllable()
    return letters.charAt(0).toUpperCase() + letters.slice(1)
  }
  return `${word()} ${word()}`
}

/** Cells on one side of the picture. */
export const SIDE = 5

/** The filled cells of a picture that is the same left and right, by rows, and its hue in degrees. */
export function pictureOf(pseudonym: string): { cells: boolean[]; hue: number } {
  const bits = BigInt(`0x${pseudonym}`) >> 64n
  const half = Math.ceil(SIDE / 2)
  const cells = Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [row, column] = [Math.floor(i / SIDE), i % SIDE]
    const mirrored = Math.min(column, SIDE - 1 - column)
    return ((bits >> BigInt(row * half + mirrored)) & 1n) === 1n
  })
  return { cells, hue: Number((bits >> 32n) % 360n) }
}

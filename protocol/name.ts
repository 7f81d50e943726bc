// Names of people: which of them may stand beside what they say, and which could be taken for one another. Apart from the entries
// about them, which whoever verifies a record loads. SPEC 12.12.
import { isPlain } from './text.ts'

/** UTF-16 units of a name. */
export const LONGEST_NAME = 80

/** Scripts in which names are written. A name is of one of them, so that no letter hides among those of another. */
const SCRIPTS = [
  ...['Latin', 'Greek', 'Cyrillic', 'Armenian', 'Georgian', 'Hebrew', 'Arabic', 'Ethiopic', 'Devanagari'],
  ...['Bengali', 'Gurmukhi', 'Gujarati', 'Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Thai', 'Lao'],
  ...['Myanmar', 'Khmer', 'Hangul'],
].map((script) => `\\p{Script=${script}}`)
/** What Japanese and Chinese are written in goes together. */
const IDEOGRAPHS = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\u30fc'
/** Letters of a script, each with a few marks. */
const WORDS = [...SCRIPTS, IDEOGRAPHS].map(
  (letters) => new RegExp(`^(?:(?=\\p{L})[${letters}]\\p{M}{0,3})+$`, 'u'),
)
/** What stands between the words of a name: a blank, a hyphen, an apostrophe, a middle dot, a full stop behind an initial. */
const BETWEEN = /\. |[ .'\u2019\u00b7-]/

/** Whether a name may stand. SPEC 12.12. */
export function isName(name: string): boolean {
  const letters = name.match(/\p{L}/gu) ?? []
  if (name.length > LONGEST_NAME || letters.length < 2 || !isPlain(name)) return false
  const words = name.replace(/\.$/, '').split(BETWEEN)
  return WORDS.some((script) => words.every((word) => script.test(word)))
}

/** Letters of Greek, Cyrillic and Armenian, and some of Latin, behind the Latin one that they look like (after Unicode Technical
 *  Standard 39); capitals where only they look like it. */
const LOOKS: ReadonlyMap<string, string> = new Map(
  [
    ...['a\u03b1\u0430\u0561', 'b\u0432\u03b2', 'c\u0441\u03f2', 'd\u0501\u0111'],
    ...['e\u0435\u04bd', 'g\u050d\u0581', 'h\u043d\u04bb\u0570'],
    ...['i\u03b9\u0456\u04cf\u0131l\u0142', 'j\u0458\u0575', 'k\u03ba\u043a\u049b'],
    ...['m\u043c\u03bc', 'n\u043f\u03b7\u0578', 'o\u03bf\u043e\u0585\u03c3\u00f8'],
    ...['p\u03c1\u0440\u0584', 'q\u051b\u0566', 'r\u0433', 's\u0455', 't\u03c4\u0442'],
    ...['u\u03c5\u057d\u0446', 'v\u03bd\u0475', 'w\u03c9\u0461\u051d', 'x\u03c7\u0445'],
    ...['y\u03b3\u0443\u04af\u03a5', 'e\u0395', 'h\u0397', 'n\u039d', 'z\u0396'],
  ].flatMap(([first = '', ...others]) => others.map((other) => [other, first] as const)),
)

/** The same for names that people could take for one another: case, marks, letters that look alike and what stands between words
 *  make no difference. */
export function lookOf(name: string): string {
  const bare = name.normalize('NFKD').replaceAll(/[^\p{L}\p{M}]|\p{Script=Inherited}/gu, '')
  const looks = Array.from(bare, (letter) => {
    const small = letter.toLowerCase()
    return LOOKS.get(letter) ?? LOOKS.get(small) ?? small
  })
  return looks.join('').replaceAll('rn', 'm').replaceAll('vv', 'w')
}

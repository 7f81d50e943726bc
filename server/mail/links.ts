// Mails that bring officials and guardians the link to their page. They are sent at once, while whoever invites waits to hear
// whether it worked: else they hand the link over themselves. No address is kept.
import * as z from 'zod/mini'
import { isAddress, type Language, RegisterRefusal } from '#server/data/register.ts'
import { LANGUAGES } from '#server/data/schema.ts'
import { Problem } from '#server/problem.ts'
import type { Postman } from './postman.ts'
import { TEXTS } from './texts.ts'

/** Where a link is to go, and in which language. */
export const destination = z.strictObject({
  address: z.string().check(z.maxLength(254)),
  language: z.enum(LANGUAGES),
})
type Destination = z.output<typeof destination>

/** Who asks whom. Names are officials' own words: what is in them cannot become lines of a header. */
interface Asking {
  readonly by: string
  readonly link: string
  /** Of the election that needs a guardian; an official is invited without one. */
  readonly title?: string
}

/** Sends it; what the mail server said against it, null if it took it. Throws `Problem`, `RegisterRefusal`. */
export async function sendLink(
  postman: Postman | undefined,
  { address, language }: Destination,
  asking: Asking,
): Promise<string | null> {
  checkDestination(postman, address)
  const letter = writeLink(language, postman.from, asking)
  const outcome = await postman.transport.send({ to: address, ...letter })
  return outcome.is === 'sent' ? null : outcome.reason
}

/** Throws `Problem` where no mail server is set up, `RegisterRefusal` where mail cannot go there. */
export function checkDestination(postman: Postman | undefined, address: string): asserts postman is Postman {
  if (postman === undefined) throw new Problem('mail-not-set-up', 'No mail server is set up.')
  if (!isAddress(address)) throw new RegisterRefusal('address-invalid')
}

/** Subject and text. */
export function writeLink(
  language: Language,
  from: string,
  { by, link, title }: Asking,
): { subject: string; text: string } {
  const words = TEXTS[language]
  const paragraphs =
    title === undefined
      ? [words.officialInvited(by), words.officialLink]
      : [words.guardianInvited(by, title), words.guardianLink]
  const subject = title === undefined ? words.officialSubject(by) : words.guardianSubject(title)
  return { subject, text: `${[words.hello, ...paragraphs, link, words.questions(from)].join('\n\n')}\n` }
}

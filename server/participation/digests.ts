// News of processes on their way to those who follow them by mail: once a day or week, the newest first, and never where there
// is nothing new. Titles alone are sent, since what is erased later cannot be taken out of a mailbox.
import { toHex } from '#crypto/encoding.ts'
import type { Database } from '#server/data/database.ts'
import { type Errand, fateOf, type Post } from '#server/mail/errand.ts'
import { timeIn } from '#server/mail/letter.ts'
import { TEXTS as MAIL } from '#server/mail/texts.ts'
import type { Message, Outcome } from '#server/mail/transport.ts'
import { addressOf } from '#server/pages.ts'
import type { ProcessState, RecordState } from '#tally/state.ts'
import { pathOf, pathTo, titleOf, wordsOf } from './files.ts'
import { type DueFollower, Followers } from './followers.ts'
import { followedTitle, type News, newsOf } from './news.ts'
import { TEXTS } from './texts.ts'
import type { Writings } from './writings.ts'

/** News in one mail; for the others there is the page. */
const MOST = 20

interface Needed {
  readonly board: { readonly state: RecordState }
  readonly database: Database
  readonly writings: Pick<Writings, 'of'>
  readonly clock: () => number
}

export class Digests implements Errand {
  readonly #needed: Needed
  readonly #followers: Followers

  constructor(needed: Needed) {
    this.#needed = needed
    this.#followers = new Followers(needed.database, needed.clock)
  }

  async nextDue(): Promise<number | undefined> {
    return (await this.#followers.next())?.dueAt?.getTime()
  }

  async deliver({ send }: Post): Promise<Outcome | undefined> {
    const { board, clock } = this.#needed
    const to = await this.#followers.next()
    if (to === undefined) return undefined
    const within = board.state.processes.get(to.process)
    const title = within && followedTitle(within, to.promise, to.language)
    const news = within === undefined || to.confirmedAt === null ? [] : newsSince(within, to)
    if (title === undefined || (to.confirmedAt !== null && news.length === 0)) {
      await this.#followers.settle(to)
      return undefined
    }
    const letter =
      to.confirmedAt === null ? question(board.state, to, title) : await this.#digest(to, title, news)
    const outcome = await send({ to: to.address, ...letter })
    const fate = fateOf(to.attempts + 1, outcome, clock())
    if (fate.state === 'sent') await this.#followers.settle(to, news[0]?.index)
    else if (fate.state === 'failed') await this.#followers.putOff(to, fate.dueAt)
    else await this.#followers.end(to.secret)
    return outcome
  }

  async #digest(to: DueFollower, title: string, news: readonly News[]): Promise<Letter> {
    const { board, writings } = this.#needed
    const { language, process, promise } = to
    const words = MAIL[language]
    const shown = news.slice(0, MOST)
    const texts = await wordsOf(
      shown.flatMap(({ proposal }) => proposal ?? []),
      writings,
    )
    const page = addressOf(board.state, pathOf(process, promise))
    const items = shown.map((one) => {
      const text = one.proposal && (texts.get(one.proposal) ?? TEXTS[language].gone)
      const link = addressOf(board.state, pathTo(process, one))
      return `${titleOf(one, text, language)}\n${timeIn(language, one.time)}\n${link}`
    })
    const rest = news.length - shown.length
    const paragraphs = [
      words.hello,
      words.news(title),
      ...items,
      ...(rest > 0 ? [words.newsMore(rest), page] : []),
      `${words.newsEnd(title)}\n${addressOf(board.state, pageOf('end', to.secret))}`,
    ]
    const oneClick = addressOf(board.state, `/api/followers/${toHex(to.secret)}/end`)
    return {
      subject: words.newsSubject(title, news.length),
      text: `${paragraphs.join('\n\n')}\n`,
      headers: { 'List-Unsubscribe': `<${oneClick}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    }
  }
}

type Letter = Omit<Message, 'to'>

/** Asks whoever has the address whether they want news. */
function question(state: RecordState, { language, secret }: DueFollower, title: string): Letter {
  const words = MAIL[language]
  const link = addressOf(state, pageOf('confirm', secret))
  const paragraphs = [words.hello, words.followAsked(title), link, words.followIgnore]
  return { subject: words.followSubject(title), text: `${paragraphs.join('\n\n')}\n` }
}

/** The page of a mail's link. What is behind the # goes to no server, so that no log has it. */
export function pageOf(purpose: 'confirm' | 'end', secret: Uint8Array): string {
  return `/following#${purpose}.${toHex(secret)}`
}

/** What has happened since a follower was told, the newest first. */
function newsSince(within: ProcessState, { promise, told }: DueFollower): News[] {
  return newsOf(within, promise).filter(({ index }) => index > told)
}

// What somebody wrote as a tree of the few marks of Markdown that are shown, and where its links may lead.
import { lexer, type Token } from 'marked'

/** Quotes in lists in quotes: deeper ones stand as they were written. */
const DEEPEST = 6

/** Kinds of addresses that a link in a text may have. */
const SCHEMES = new Set(['http:', 'https:', 'mailto:'])

/** A piece of a text: a leaf with its words, or one with others in it. */
export interface Piece {
  readonly type: string
  readonly text: string
  readonly pieces?: readonly Piece[]
  /** Of a list with numbers, the first. */
  readonly start?: number
  /** Where a link leads: its address, and the place to be named beside it. */
  readonly link?: { readonly href: string; readonly place: string }
}

/** The pieces of a text, not too deep in one another, and without what is fetched from elsewhere. */
export function piecesOf(text: string): Piece[] {
  try {
    return lexer(text, { gfm: true, breaks: true }).map((token) => pieceOf(token, DEEPEST))
  } catch (error) {
    // Thousands of quotes in one another use up the stack.
    if (error instanceof RangeError) return [{ type: 'text', text }]
    throw error
  }
}

function pieceOf(token: Token, deep: number): Piece {
  const { type, raw } = token
  if (deep === 0 || type === 'image') return { type: 'text', text: raw }
  const text = 'text' in token ? String(token.text) : raw
  const inner = (type === 'list' ? token.items : 'tokens' in token ? token.tokens : undefined) as
    readonly Token[] | undefined
  const link = type === 'link' ? linkOf(token.href) : undefined
  return {
    ...{ type, text },
    ...(inner && { pieces: inner.map((one) => pieceOf(one, deep - 1)) }),
    ...(link && { link }),
    ...(type === 'list' && typeof token.start === 'number' && { start: token.start }),
  }
}

/** Undefined for an address that nobody should follow. */
function linkOf(href: unknown): Piece['link'] {
  if (typeof href !== 'string' || !URL.canParse(href)) return undefined
  const url = new URL(href)
  if (!SCHEMES.has(url.protocol)) return undefined
  return { href: url.href, place: url.protocol === 'mailto:' ? url.pathname : url.host }
}

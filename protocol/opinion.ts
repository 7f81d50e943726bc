// Statements that people agree or disagree with, and what they think of each: in the open, under a nullifier that is used for
// opinions in one process and nowhere else. SPEC 12.8.
import * as z from 'zod/mini'
import { hashToBytes } from '#crypto/hash.ts'
import { encodeCbor, hash, texts } from './codec.ts'
import { LONGEST_STATEMENT, POSITIONS } from './position.ts'

/** Official statements in one act. */
export const MOST_STATEMENTS = 50

/** A statement of somebody who takes part; its text is committed to, and the commitment is its name. */
export const statement = z.strictObject({ type: z.literal('statement'), text: hash })
/** What somebody thinks of the statement with this name; the last one holds. */
export const opinion = z.strictObject({
  type: z.literal('opinion'),
  statement: hash,
  position: z.enum(POSITIONS),
})

/** Statements of officials, to begin with. */
export const seedStatements = z.strictObject({
  type: z.literal('seed-statements'),
  statements: z.array(texts(LONGEST_STATEMENT)).check(z.minLength(1), z.maxLength(MOST_STATEMENTS)),
})

/** The name of an official statement: whoever names it names its words in all their languages. */
export function seedName(words: Readonly<Record<string, string>>): Uint8Array {
  return hashToBytes('statement', encodeCbor(words), 32)
}

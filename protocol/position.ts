// What one can think of a statement, and how long it is: what pages need without the schemas of opinion.ts. SPEC 12.8.

/** UTF-16 units of a statement. */
export const LONGEST_STATEMENT = 300

/** What one can think of a statement; to pass is to have seen it and to take no side. */
export const POSITIONS = ['agree', 'disagree', 'pass'] as const
export type Position = (typeof POSITIONS)[number]

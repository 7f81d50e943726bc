// What officials find of a proposal: whether it can be done, as which project and at what cost. What can be done may become
// an option that people vote on. SPEC 12.9.
import * as z from 'zod/mini'
import { amount, currency, natural, slug, texts } from './codec.ts'

/** Index of a proposal's entry. */
const index = natural(Number.MAX_SAFE_INTEGER)

/** Which proposal an option of a contest came from. */
export const proposalReference = z.strictObject({ process: slug, entry: index })
export type ProposalReference = z.output<typeof proposalReference>

const finding = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('feasible'),
    /** The project that the proposal becomes, as voters will read it. */
    title: texts(1000),
    project: texts(8000),
    /** Whole units of the currency, like all costs of options. */
    cost: z.strictObject({ amount, currency }),
  }),
  z.strictObject({ kind: z.literal('not-feasible'), reasons: texts(8000) }),
])

export const assessProposal = z.strictObject({
  type: z.literal('assess-proposal'),
  proposal: index,
  office: texts(200),
  finding,
})

// What officials can promise in a process, and what they have: as the server tells it, for the forms.
import type { Subject } from '#protocol/promise.ts'
import type { ProcessView, ProposalView } from '#server/participation/views.ts'
import { type AccountabilityView, accountability } from '#web/accountability/api.ts'
import { elections, get } from '#web/device/api.ts'
import { formatNumber } from '#web/words/format.ts'
import { locale, textOf } from '#web/words/locale.svelte.ts'
import { m } from '#words/messages.js'

/** Something that a promise can follow from. */
export interface Choice {
  readonly name: string
  readonly subject: Subject
  /** In which its texts are written. */
  readonly languages: readonly string[]
}

export interface AccountsSight {
  readonly accounts: AccountabilityView
  readonly choices: readonly Choice[]
}

/** Every process by its short name and title. */
export async function processes(): Promise<ProcessView[]> {
  return (await get<{ processes: ProcessView[] }>('/api/processes')).processes
}

export async function lookAt({ process, participation }: ProcessView): Promise<AccountsSight> {
  const [accounts, all, proposals] = await Promise.all([
    accountability(process),
    elections(),
    participation === null ? [] : adopted(process),
  ])
  const counted = all
    .filter((one) => one.process === process)
    .flatMap(({ election, languages, contests }) =>
      contests.flatMap(({ title, result, options }, contest): Choice[] => {
        if (result?.status !== 'counted') return []
        const whole = { name: textOf(title), subject: { election, contest }, languages }
        const chosen = options.flatMap(({ id, title: own }, option): Choice[] =>
          result.winners.includes(id)
            ? [{ ...whole, name: `${whole.name}: ${textOf(own)}`, subject: { election, contest, option } }]
            : [],
        )
        return [whole, ...chosen]
      }),
    )
  const taken = proposals.map(({ index, texts }): Choice => {
    const [title = ''] = texts.at(-1)?.text?.split('\n') ?? []
    const number = m.record_field_subject_proposal({ proposal: formatNumber(index) })
    return {
      ...{ name: title === '' ? number : `${number}: ${title}`, subject: { proposal: index } },
      languages: [locale()],
    }
  })
  return { accounts, choices: [...counted, ...taken] }
}

/** Units of an amount that somebody has typed, with a point or a comma; undefined if it is none of so many decimals. */
export function unitsOf(typed: string, decimals: number): bigint | undefined {
  const [, whole, fraction = ''] = /^(\d{1,15})(?:[.,](\d+))?$/.exec(typed.replaceAll(/\s/g, '')) ?? []
  if (whole === undefined || fraction.length > decimals) return undefined
  return BigInt(whole + fraction.padEnd(decimals, '0'))
}

/** How many decimals a currency usually has. */
export function decimalsOf(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return Math.min(4, format.resolvedOptions().maximumFractionDigits ?? 2)
}

async function adopted(process: string): Promise<ProposalView[]> {
  const found: ProposalView[] = []
  let before: string | null = 'newest'
  while (before !== null) {
    const page: { proposals: ProposalView[]; next: number | null } = await get(
      `/api/processes/${process}/proposals?before=${before}`,
    )
    found.push(...page.proposals.filter(({ answer }) => answer !== null && answer.decision !== 'declined'))
    before = page.next === null ? null : String(page.next)
  }
  return found
}

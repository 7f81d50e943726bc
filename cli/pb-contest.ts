// A published budget as a contest of ours: its projects, its voting rule, its counting rule, its voters' marks.
import type { Contest, Rule } from '#protocol/manifest.ts'
import {
  methodOf,
  type PbFile,
  type PbProject,
  type PbVote,
  UnknownRuleError,
} from '#tally/formats/pabulib.ts'
import { Unusable } from './command.ts'
import { microdegrees } from './election-file.ts'

type Option = Contest['options'][number]

/** The contest that the file describes, for voters on this roll. Throws `Unusable` if its rule is not one of ours. */
export function contestOf(pb: PbFile, roll: string): Contest {
  return {
    title: { en: pb.meta.get('description') ?? 'Budget' },
    roll,
    options: pb.projects.map(({ id, cost, row }) => ({
      ...{ id, title: { en: row.get('name') ?? id }, cost },
      ...described(row),
      ...placed(row),
    })),
    order: 'fixed',
    rule: ruleOf(pb),
    blank: false,
    weighted: false,
    count: methodFor(pb),
    ...currencyOf(pb),
  }
}

/** A vote as one value per slot of that contest. */
export function valuesOf(contest: Contest, vote: PbVote): bigint[] {
  const points = new Map(vote.choices.map((id, i) => [id, vote.points[i] ?? 0n]))
  const values = contest.options.map(({ id }) => points.get(id) ?? 0n)
  return contest.rule.type === 'borda' ? [0n, ...values] : values
}

/** `count` votes evenly spaced over the file; all of them if there are no more. */
export function spread(votes: readonly PbVote[], count: number): PbVote[] {
  if (count >= votes.length) return [...votes]
  return Array.from({ length: count }, (_, i) => votes[Math.floor((i * votes.length) / count)]).filter(
    (v) => v !== undefined,
  )
}

function described(row: PbProject['row']): Pick<Option, 'description'> {
  const text = row.get('description')
  return text ? { description: { en: text } } : {}
}

/** The project's place, where the file gives both coordinates as degrees. */
function placed(row: PbProject['row']): Pick<Option, 'point'> {
  const [lat, lon] = [row.get('latitude') ?? '', row.get('longitude') ?? '']
  if (![lat, lon].every((degrees) => /^-?[0-9]+(\.[0-9]+)?$/.test(degrees))) return {}
  return { point: { lat: microdegrees(Number(lat)), lon: microdegrees(Number(lon)) } }
}

/** The file's currency, where it gives it by its three letters. */
function currencyOf({ meta }: PbFile): Pick<Contest, 'currency'> {
  const currency = meta.get('currency')
  return currency !== undefined && /^[A-Z]{3}$/.test(currency) ? { currency } : {}
}

function methodFor(pb: PbFile): Contest['count'] {
  try {
    return methodOf(pb)
  } catch (error) {
    if (error instanceof UnknownRuleError) throw new Unusable(error.message)
    throw error
  }
}

function ruleOf(pb: PbFile): Rule {
  const bound = (key: string, otherwise: number): bigint => BigInt(pb.meta.get(key) ?? otherwise)
  const options = pb.projects.length
  switch (pb.voteType) {
    case 'approval':
      return { type: 'approval', min: bound('min_length', 0), max: bound('max_length', options) }
    case 'cumulative': {
      const maxTotal = bound('max_sum_points', 0)
      if (maxTotal === 0n) throw new Unusable('The file does not say how many points a voter has.')
      const max = BigInt(pb.meta.get('max_points') ?? maxTotal)
      return { type: 'cumulative', minTotal: bound('min_sum_points', 0), maxTotal, max }
    }
    case 'ordinal': {
      const length = Number(pb.meta.get('max_length') ?? options)
      if (pb.meta.get('min_length') !== String(length)) {
        throw new Unusable('Rankings of different lengths get Borda points that no rule of ours allows.')
      }
      return { type: 'borda', points: Array.from({ length }, (_, i) => BigInt(length - i)) }
    }
  }
}

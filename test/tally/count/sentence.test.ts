// SPEC 9.5: every round in words, with every figure that the reader needs to recount it.
import { expect, test } from 'vitest'
import { count } from '#tally/count/count.ts'
import { methodSentence, sentence } from '#tally/count/sentence.ts'
import type { CountMethod } from '#tally/count/result.ts'

const options = [
  { id: 'Park', cost: 3000n },
  { id: 'Bridge', cost: 2000n },
  { id: 'Well', cost: 2000n },
]

function sentences(method: CountMethod, scores: bigint[]): string[] {
  return count(method, { options, scores, ballots: 9n }).rounds.map((round) => sentence(round))
}

test('an election', () => {
  expect(sentences({ name: 'borda', seats: 1 }, [1234n, 5n, 5n])).toEqual([
    'Park (score 1,234) is elected to seat 1.',
    'Bridge (score 5) is not elected: all seats are taken. Equal scores: Bridge, Well; its turn was set by the order of the list, and no other order would have changed the selection.',
    'Well (score 5) is not elected: all seats are taken. Equal scores: Bridge, Well; its turn was set by the order of the list, and no other order would have changed the selection.',
  ])
})

test('a budget with a threshold', () => {
  expect(sentences({ name: 'greedy-threshold', budget: 4000n, threshold: 2n }, [9n, 2n, 1n])).toEqual([
    'Park (score 9) is funded: it costs 3,000 and leaves 1,000.',
    'Bridge (score 2) is not funded: it costs 2,000 and only 1,000 is left.',
    'Well (score 1) is not funded: its score is below the threshold.',
  ])
})

test('a budget that ends, with a tie that decided', () => {
  expect(sentences({ name: 'greedy-no-skip', budget: 4000n }, [9n, 9n, 1n])).toEqual([
    'Bridge (score 9) is funded: it costs 2,000 and leaves 2,000. Equal scores: Park, Bridge; its turn was set by its cost, and this decided who is selected.',
    'Park (score 9) is not funded: it costs 3,000 and only 2,000 is left. Equal scores: Park, Bridge; its turn was set by its cost, and this decided who is selected.',
    'Well (score 1) is not funded: the count ended at the first project that did not fit.',
  ])
})

test('no votes', () => {
  expect(sentences({ name: 'plurality', seats: 1 }, [0n, 0n, 0n])[0]).toMatch(
    /^Park \(score 0\) is not elected: no option got a vote\./,
  )
  expect(sentences({ name: 'greedy', budget: 1n }, [0n, 0n, 0n])[0]).toMatch(
    /^Bridge \(score 0\) is not funded: no project got a vote\./,
  )
})

test('methods', () => {
  expect(methodSentence({ name: 'approval', seats: 1 })).toContain('the option with the highest sum')
  expect(methodSentence({ name: 'score', seats: 3 })).toContain('the 3 options with the highest sum')
  expect(methodSentence({ name: 'greedy', budget: 1000n })).toContain(
    'budget 1,000: by score, what does not fit is skipped',
  )
  expect(methodSentence({ name: 'greedy-threshold', budget: 1n, threshold: 150n })).toContain(
    'by score from 150 up',
  )
  expect(methodSentence({ name: 'greedy-no-skip', budget: 1n })).toContain('until one does not fit')
})

// SPEC 4.2, 4.4, 7.4: credentials that leave a roll, at the gate, in the fold and before the observer.
import { beforeEach, describe, expect, test } from 'vitest'
import { commitment, nullifier } from '#circuits/credential.ts'
import { leaf, rollRoot } from '#circuits/roll.ts'
import { type Act, MAX_CREDENTIALS } from '#protocol/act.ts'
import { encodeEntry } from '#protocol/entry.ts'
import { prepareRoot, rootOf } from '#tally/rolls.ts'
import { freezing } from '#tally/official.ts'
import { PROCESS, Scene } from './scene.ts'
import { answer, failures, inspect } from './verifying.ts'

const ROLL = 'members'
const row = new Uint8Array(32)
const add = (...of: [secret: bigint, weight: bigint][]): Act => ({
  ...{ type: 'add-to-roll', roll: ROLL },
  credentials: of.map(([secret, weight]) => ({ commitment: commitment(secret), weight, row })),
})
const remove = (...secrets: bigint[]): Act => ({
  ...{ type: 'remove-from-roll', roll: ROLL },
  credentials: secrets.map((secret) => commitment(secret)),
})

let scene: Scene
beforeEach(() => {
  scene = new Scene()
  scene.found()
  scene.act({ type: 'create-process', title: 'City' })
})
const ask = (act: Act) => answer(scene.state, ['act', scene.signed(act)])
function rollNow() {
  const roll = scene.state.processes.get(PROCESS)?.rolls.get(ROLL)
  if (roll === undefined) throw new Error('there is a roll')
  return roll
}

test('a list of voters is agreed to once, and for a roll that is open', () => {
  const list = (byte: number): Act => ({
    ...{ type: 'list-voters', roll: ROLL, rows: 2 },
    list: new Uint8Array(32).fill(byte),
  })
  scene.act(list(1))
  expect(ask(list(1))).toBe('already-exists')
  expect(ask(list(2))).toBe('accepted')
  expect(ask({ ...list(1), roll: 'others' } as Act)).toBe('already-exists')
  scene.act(add([1n, 1n]))
  scene.act(freezing(scene.state, PROCESS, ROLL))
  expect(ask(list(2))).toBe('roll-frozen')
  const [known] = scene.state.processes.get(PROCESS)?.lists.values() ?? []
  expect(known).toEqual({ roll: ROLL, rows: 2 })
})

test.each<[string, Act]>([
  ['taken off the list', { type: 'unlist-voters', roll: ROLL, rows: 1, list: new Uint8Array(32).fill(9) }],
  ['taken off the roll', remove(1n)],
])('who is %s comes back by no list that was agreed to before', (_, leaving) => {
  const list = (byte: number, roll = ROLL): Act => ({
    ...{ type: 'list-voters', roll, rows: 1 },
    list: new Uint8Array(32).fill(byte),
  })
  const lists = () => [...(scene.state.processes.get(PROCESS)?.lists.values() ?? [])]
  scene.act(add([1n, 1n]))
  scene.act(list(1))
  scene.act(list(2, 'others'))
  scene.act(leaving)
  expect(lists()).toEqual([{ roll: 'others', rows: 1 }])
  expect(ask(list(2, 'others'))).toBe('already-exists')
  // The same list is named anew, by as many as the first time.
  scene.act(list(1))
  expect(lists()).toHaveLength(2)
})

describe('the gate', () => {
  beforeEach(() => void scene.act(add([1n, 1n], [2n, 5n], [3n, 2n])))

  test('lets go who is there, once', () => {
    expect(ask(remove(2n))).toBe('accepted')
    expect(ask(remove(3n, 1n, 2n))).toBe('accepted')
    expect(ask(remove(4n))).toBe('credential-unknown')
    expect(ask(remove(1n, 4n))).toBe('credential-unknown')
    expect(ask(remove(1n, 1n))).toBe('credential-unknown')
    expect(ask({ ...remove(1n), roll: 'others' } as Act)).toBe('unknown-roll')
    scene.act(remove(2n))
    expect(ask(remove(2n))).toBe('credential-unknown')
  })

  test('lets nobody back, on that roll', () => {
    scene.act(remove(2n))
    expect(ask(add([2n, 5n]))).toBe('credential-removed')
    expect(ask(add([4n, 1n], [2n, 1n]))).toBe('credential-removed')
    expect(ask(add([4n, 5n]))).toBe('accepted')
    expect(ask({ ...add([2n, 5n]), roll: 'others' } as Act)).toBe('accepted')
  })

  test('takes no removal from a frozen roll', () => {
    scene.act(freezing(scene.state, PROCESS, ROLL))
    expect(ask(remove(1n))).toBe('roll-frozen')
  })

  test('an act that was signed before a removal is void, and one that adds is not', () => {
    const freeze = scene.signed(freezing(scene.state, PROCESS, ROLL))
    const { stateCounter } = scene.signed(remove(2n))
    scene.act(add([4n, 1n]))
    expect(scene.signed(remove(2n)).stateCounter).toBe(stateCounter)
    scene.act(remove(2n))
    expect(answer(scene.state, ['act', freeze])).toBe('act-counter-stale')
  })

  test('as large an act as may be fits an entry', () => {
    const secrets = Array.from({ length: MAX_CREDENTIALS }, (_, i) => BigInt(i))
    const act = remove(...secrets)
    expect(encodeEntry(['act', scene.signed(act)]).length).toBeLessThan(65_535)
    expect(() => scene.signed(remove(...secrets, 0n))).toThrow()
  })
})

/** Numbers below 2^16 that are the same in each run. */
function* numbers(seed: number): Generator<number, never> {
  for (let x = seed; ;) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0
    yield x >>> 16
  }
}

test.each([1, 2, 3])('additions and removals in any order leave what a plain list has: %i', (seed) => {
  const draw = numbers(seed)
  let plain: [secret: bigint, weight: bigint][] = []
  let fresh = 1n
  for (let step = 0; step < 30; step++) {
    const some = draw.next().value % 3 !== 0 || plain.length === 0
    if (some) {
      const more = Array.from({ length: 1 + (draw.next().value % 4) }, (): [bigint, bigint] => [
        fresh++,
        BigInt(1 + (draw.next().value % 9)),
      ])
      scene.act(add(...more))
      plain.push(...more)
    } else {
      const gone = plain.filter(() => draw.next().value % 3 === 0).map(([secret]) => secret)
      if (gone.length === 0) continue
      scene.act(remove(...gone.toReversed()))
      plain = plain.filter(([secret]) => !gone.includes(secret))
    }
    // After each step, for an earlier root must not be remembered as this one.
    const leaves = plain.map(([secret, weight]) => leaf(commitment(secret), weight))
    expect(rootOf(rollNow())).toBe(rollRoot(leaves, 10))
    expect([...rollNow().places]).toEqual(plain.map(([secret], i) => [commitment(secret), i]))
    expect(rollNow().totalWeight).toBe(plain.reduce((sum, [, weight]) => sum + weight, 0n))
    expect(rollNow().credentials.map(({ weight }) => weight)).toEqual(plain.map(([, weight]) => weight))
  }
  const { size, totalWeight, root } = freezing(scene.state, PROCESS, ROLL)
  expect([size, totalWeight]).toEqual([plain.length, rollNow().totalWeight])
  expect(ask({ type: 'freeze-roll', roll: ROLL, size, totalWeight, root })).toBe('accepted')
})

test('the root of a roll can be had in pieces, between which others have their turn', async () => {
  scene.act(add(...Array.from({ length: 500 }, (_, i): [bigint, bigint] => [BigInt(i + 1), 1n])))
  const roll = rollNow()
  const leaves = () => roll.credentials.map(({ commitment, weight }) => leaf(commitment, weight))
  let turns = 0
  const turn = () => {
    turns += 1
    // Somebody is added in the middle: the root of then is nobody's.
    if (turns === 2) scene.act(add([1000n, 1n]))
    return Promise.resolve()
  }
  const prepare = async () => {
    turns = 0
    await prepareRoot(roll, turn)
    return turns
  }
  expect(await prepare()).toBeGreaterThan(2)
  expect(rootOf(roll)).toBe(rollRoot(leaves(), 10))
  expect(await prepare()).toBe(0)
})

test('whoever reads a roll while somebody leaves it has read it whole', () => {
  scene.act(add([1n, 1n], [2n, 5n]))
  const { credentials } = rollNow()
  scene.act(remove(1n))
  expect(credentials).toHaveLength(2)
  expect(rollNow().credentials).toHaveLength(1)
})

describe('an observer', () => {
  test('finds an election sound from whose roll somebody was removed', async () => {
    const election = new Scene({ removed: [7n] })
    await election.run([[[1n, 0n]], [[1n, 0n]], [[0n, 1n]]])
    expect(failures(await inspect(election.entries))).toEqual([])
    const { context } = election.contestState()
    expect(election.contestState().voters.has(nullifier(7n, context.scope))).toBe(false)
  })

  test.each<[string, (scene: Scene) => Act, string]>([
    ['of who is not there', () => remove(4n), 'V6@5 credential-unknown'],
    ['of somebody twice', () => remove(2n), 'V6@5 credential-unknown'],
    ['undone', () => add([2n, 1n]), 'V6@5 credential-removed'],
    [
      'that the freezing leaves out',
      ({ state }) => ({ ...freezing(state, PROCESS, ROLL), size: 2 }),
      'V6@5 roll-mismatch',
    ],
    [
      'whose weight the freezing keeps',
      ({ state }) => ({ ...freezing(state, PROCESS, ROLL), totalWeight: 6n }),
      'V6@5 roll-mismatch',
    ],
    [
      'whose leaf the freezing keeps',
      ({ state }) => ({
        ...freezing(state, PROCESS, ROLL),
        root: rollRoot([leaf(commitment(1n), 1n), leaf(commitment(2n), 5n)], 10),
      }),
      'V6@5 roll-mismatch',
    ],
  ])('condemns a removal %s, which the server has let in', async (_, act, finding) => {
    scene.act(add([1n, 1n], [2n, 5n]))
    scene.act(remove(2n))
    const entries = [...scene.entries, encodeEntry(['act', scene.signed(act(scene))])]
    expect(failures(await inspect(entries))).toEqual([finding])
  })
})

// Official acts that wait for the approvals of others (SPEC 7.4, 7.8). Whoever proposes one has signed it; once enough
// have, it goes to the ledger with all signatures. What is shown and signed are the same bytes.
import { setImmediate as immediate } from 'node:timers/promises'
import { encodeField } from '#crypto/babyjubjub.ts'
import {
  type Act,
  ACT_CLASS,
  actCodec,
  actStatement,
  type SignedAct,
  type UnsignedAct,
} from '#protocol/act.ts'
import { maySign } from '#protocol/approval.ts'
import { encodeEntry } from '#protocol/entry.ts'
import type { Assertion, Official, Officials } from '#protocol/official.ts'
import { checkAssertion } from '#protocol/passkey.ts'
import { Refusal } from '#protocol/refusal.ts'
import { admitUnsigned } from '#tally/acts.ts'
import { freezing } from '#tally/official.ts'
import { prepareRoot } from '#tally/rolls.ts'
import type { Board } from '#server/board.ts'
import type { Database } from '#server/data/database.ts'
import {
  checkUnclaimed,
  deleteRows,
  deleteUnclaimed,
  findVoter,
  releaseRows,
  rowOf,
  rowsOf,
} from '#server/data/departure.ts'
import { asc, desc, eq, inArray, isNull } from '#server/data/drizzle.ts'
import { RegisterRefusal, type RollName } from '#server/data/register.ts'
import { approval, proposal } from '#server/data/schema.ts'
import type { Holds } from '#server/holds.ts'
import { Problem } from '#server/problem.ts'

/** An act may be signed for so long; it is valid at one place in its process only, so most end earlier. */
const VALIDITY = 7 * 24 * 3_600_000
/** One that freezes a roll: until it ends nobody registers. */
const FREEZING = 24 * 3_600_000

/** `stale`: another act came first, so that this one can stand nowhere any more. */
export type Standing = 'pending' | 'recorded' | 'withdrawn' | 'refused' | 'expired' | 'stale'

export interface Proposed {
  readonly id: number
  readonly unsigned: Unsigned
  readonly proposer: string
  /** Of an act that removes credentials: whether their people are to register again. */
  readonly replacement: boolean
  /** Rows of the register that leave the roll or its list by it, as long as it waits. */
  readonly concerns: readonly string[]
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Who has signed, the proposer first. */
  readonly approvers: readonly string[]
  readonly needed: number
  readonly standing: Standing
  readonly entry: number | null
  readonly refusal: string | null
}

/** An act as people sign it: they say why. */
type Unsigned = UnsignedAct & { readonly reason: string }
/** Who it is that an act removes, and what is to become of them. */
interface Plan {
  readonly replacement?: boolean
  /** The row that leaves the list by `unlist-voters`. */
  readonly row?: string
}
type Row = typeof proposal.$inferSelect

export class Proposals {
  readonly #db: Database
  readonly #board: Board
  readonly #holds: Holds
  readonly #clock: () => number
  /** One after the other: two approvals at once must not both find that one is missing. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(
    db: Database,
    board: Board,
    { holds, clock }: { readonly holds: Holds; readonly clock: () => number },
  ) {
    this.#db = db
    this.#board = board
    this.#holds = holds
    this.#clock = clock
  }

  /** Where an act in this process would stand now, and how long it may be signed. */
  place(process: string, validity = VALIDITY): Pick<UnsignedAct, 'process' | 'stateCounter' | 'expiry'> {
    const stateCounter = this.#board.state.processes.get(process)?.counter ?? 0
    return { process, stateCounter, expiry: this.#clock() + validity }
  }

  /** The act that freezes a roll as it is now. The roll takes nobody while it is signed; so long as it then waits, neither.
   *  Rejects with `Refusal`. */
  async freezing(of: RollName): Promise<Omit<Unsigned, 'reason'>> {
    await this.#holds.begin(of)
    try {
      await this.#rootReady(of)
      const act = freezing(this.#board.state, of.process, of.roll)
      return { ...this.place(of.process, FREEZING), act }
    } catch (error) {
      this.#holds.end(of)
      throw error
    }
  }

  /** What names or judges the root of a large roll then holds up nobody. */
  async #rootReady({ process, roll }: RollName): Promise<void> {
    const known = this.#board.state.processes.get(process)?.rolls.get(roll)
    if (known !== undefined && known.frozen === undefined) await prepareRoot(known, immediate)
  }

  /** Takes in an act that its proposer has signed; it is recorded at once where nobody else must agree. Rejects with
   *  `Refusal` where the ledger would not take it, with `Problem` where the signature is not theirs. */
  propose(by: string, unsigned: Unsigned, plan: Plan, signature: Assertion): Promise<Proposed> {
    return this.#inTurn(async () => {
      this.#checkSignature(by, unsigned, signature)
      return this.#finish(await this.#held(unsigned, () => this.#keep(by, unsigned, plan, signature)))
    })
  }

  /** Nobody registers between what an act says of the roll or of somebody on its list and its being kept or recorded. */
  async #held<T>({ process, act }: UnsignedAct, work: () => Promise<T>): Promise<T> {
    if (act.type !== 'freeze-roll' && act.type !== 'unlist-voters') return work()
    const of = { process, roll: act.roll }
    await this.#holds.begin(of)
    try {
      if (act.type === 'freeze-roll') await this.#rootReady(of)
      return await work()
    } finally {
      this.#holds.end(of)
    }
  }

  /** Keeps an act that the ledger would take; its number. */
  async #keep(by: string, unsigned: Unsigned, plan: Plan, signature: Assertion): Promise<number> {
    const { process, stateCounter, expiry, reason, act } = unsigned
    admitUnsigned({ ...this.#board.state, time: this.#board.time }, unsigned, [by])
    if (expiry > this.#clock() + (act.type === 'freeze-roll' ? FREEZING : VALIDITY))
      throw new Refusal('act-expired', 'valid too long')
    const { replacement } = plan
    const voterId = await this.#unlisted(unsigned, plan)
    return this.#db.orm.transaction(async (orm) => {
      const values = { process, stateCounter, expiry, reason, act: actCodec.encode(act), proposer: by }
      const [made] = await orm
        .insert(proposal)
        .values({ ...values, replacement, voterId, createdAt: this.#now() })
        .returning({ id: proposal.id })
      if (made === undefined) throw new Error('nothing was inserted')
      await orm.insert(approval).values(this.#rowOf(made.id, by, signature))
      return made.id
    })
  }

  /** Whom an act takes off the list. Rejects with `RegisterRefusal` unless they are on it and have not registered. */
  async #unlisted({ process, act }: Unsigned, { row = '' }: Plan): Promise<bigint | null> {
    if (act.type !== 'unlist-voters') return null
    const { id } = await findVoter(this.#db, { process, roll: act.roll, row })
    await checkUnclaimed(this.#db, id)
    return id
  }

  /** Another official's signature. Rejects as `propose` does. */
  approve(by: string, id: number, signature: Assertion): Promise<Proposed> {
    return this.#inTurn(async () => {
      const known = await this.get(id)
      if (known.standing !== 'pending') throw new Refusal('wrong-state', known.standing)
      if (known.approvers.includes(by)) throw new Refusal('wrong-state', 'signed already')
      this.#checkSignature(by, known.unsigned, signature)
      await this.#db.orm.insert(approval).values(this.#rowOf(id, by, signature))
      return this.#finish(id)
    })
  }

  /** Takes an act back. Only its proposer may. */
  withdraw(by: string, id: number): Promise<Proposed> {
    return this.#inTurn(async () => {
      const known = await this.get(id)
      if (known.proposer !== by) throw new Problem('forbidden', 'Only who proposed it may take it back.')
      if (known.standing !== 'pending') throw new Refusal('wrong-state', known.standing)
      await this.#db.orm.update(proposal).set({ outcome: 'withdrawn' }).where(eq(proposal.id, id))
      return this.get(id)
    })
  }

  /** The newest first. */
  async list(most: number): Promise<Proposed[]> {
    const rows = await this.#db.orm.select().from(proposal).orderBy(desc(proposal.id)).limit(most)
    return this.#proposed(rows)
  }

  /** One of them. Throws `Problem('not-found')`. */
  async get(id: number): Promise<Proposed> {
    const [known] = await this.#proposed(
      await this.#db.orm.select().from(proposal).where(eq(proposal.id, id)),
    )
    if (known === undefined) throw new Problem('not-found', 'No such act.')
    return known
  }

  /** Records what had enough signatures when the server was stopped. */
  async recover(): Promise<void> {
    const open = await this.#db.orm.select().from(proposal).where(isNull(proposal.outcome))
    for (const { id } of open) await this.#inTurn(() => this.#finish(id))
  }

  /** Sends an act to the ledger as soon as enough have signed. */
  async #finish(id: number): Promise<Proposed> {
    const known = await this.get(id)
    // What a crash came after, on its way to the ledger, looks stale; the ledger then knows it.
    const open = known.standing === 'pending' || known.standing === 'stale'
    if (!open || known.approvers.length < known.needed) return known
    const approvals = (await this.#approvals([id])).map(({ officialId, ...parts }) => ({
      ...{ signer: officialId, kind: 'webauthn' as const },
      proof: [parts.authenticatorData, parts.clientData, parts.signature] satisfies Assertion,
    }))
    const signed: SignedAct = { ...known.unsigned, approvals }
    try {
      const index = await this.#record(known, signed)
      await this.#db.orm
        .update(proposal)
        .set({ outcome: 'recorded', entryIndex: index })
        .where(eq(proposal.id, id))
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof RegisterRefusal)) throw error
      await this.#db.orm
        .update(proposal)
        .set({ outcome: 'refused', refusal: error.code })
        .where(eq(proposal.id, id))
    }
    return this.get(id)
  }

  /** Brings an act to the ledger, and what it means to the register; its entry. */
  #record(known: Proposed, signed: SignedAct): Promise<number> {
    return this.#held(signed, async () => {
      const leaving = await this.#leaving(known.id)
      if (leaving !== null) await checkUnclaimed(this.#db, leaving)
      const { index } = await this.#board.submit(encodeEntry(['act', signed]))
      if (leaving !== null) await deleteUnclaimed(this.#db, leaving)
      await this.#settle(known)
      return index
    })
  }

  /** What a recorded act means for the register: after a crash it is done again, for the outcome is noted last. */
  async #settle({ unsigned: { process, act }, replacement }: Proposed): Promise<void> {
    if (act.type !== 'remove-from-roll') return
    const of = { process, roll: act.roll }
    const commitments = act.credentials.map(encodeField)
    if (replacement) await releaseRows(this.#db, of, commitments, this.#now())
    else await deleteRows(this.#db, of, commitments)
  }

  /** Whom an act takes off the list, as long as they are on it. */
  async #leaving(id: number): Promise<bigint | null> {
    const own = await this.#db.orm.select({ id: proposal.voterId }).from(proposal).where(eq(proposal.id, id))
    return own[0]?.id ?? null
  }

  /** The approvals of these acts, in the order in which they came. */
  #approvals(ids: number[]) {
    return this.#db.orm
      .select()
      .from(approval)
      .where(inArray(approval.proposalId, ids))
      .orderBy(asc(approval.at), asc(approval.officialId))
  }

  async #proposed(rows: readonly Row[]): Promise<Proposed[]> {
    const approvals = Map.groupBy(await this.#approvals(rows.map(({ id }) => id)), (one) => one.proposalId)
    const proposed = rows.map(async (row): Promise<Proposed> => {
      const {
        id,
        process,
        stateCounter,
        expiry,
        proposer,
        reason,
        replacement,
        voterId,
        createdAt,
        entryIndex,
        refusal,
      } = row
      const act = actCodec.decode(row.act)
      const standing = row.outcome ?? this.#standing(row, act)
      const concerns = standing === 'pending' ? await this.#concerned(process, act, voterId) : []
      return {
        concerns,
        ...{
          id,
          proposer,
          replacement,
          refusal,
          standing,
          entry: entryIndex,
          createdAt: createdAt.getTime(),
        },
        unsigned: { process, stateCounter, expiry, reason, act },
        approvers: (approvals.get(id) ?? []).map(({ officialId }) => officialId),
        needed: this.#officials.approvals[ACT_CLASS[act.type]],
      }
    })
    return Promise.all(proposed)
  }

  /** Rows of the register that an act removes. */
  async #concerned(process: string, act: Act, voterId: bigint | null): Promise<string[]> {
    if (act.type === 'remove-from-roll')
      return rowsOf(this.#db, { process, roll: act.roll }, act.credentials.map(encodeField))
    const row = voterId === null ? undefined : await rowOf(this.#db, voterId)
    return row === undefined ? [] : [row]
  }

  #standing({ process, stateCounter, expiry }: Row, act: Act): Standing {
    const known = this.#board.state.processes.get(process)
    const counter = known?.counter ?? 0
    if (counter !== stateCounter || (act.type === 'create-process' && known !== undefined)) return 'stale'
    return this.#board.time > expiry ? 'expired' : 'pending'
  }

  /** Those whom the ledger names. Rejects acts before there are any. */
  get #officials(): Officials {
    const { officials } = this.#board.state
    if (officials === undefined) throw new Refusal('act-signer-unknown', 'the ledger names nobody yet')
    return officials.now
  }

  #checkSignature(by: string, unsigned: UnsignedAct, signature: Assertion): void {
    const { founded } = this.#board.state
    if (founded === undefined) throw new Error('no log')
    const known = this.#signer(by)
    if (!maySign(known.role, unsigned.act.type)) throw new Refusal('act-not-theirs', unsigned.act.type)
    const statement = actStatement(founded.log, unsigned)
    if (!checkAssertion(founded.genesis, known.key, statement, signature))
      throw new Refusal('act-signature-invalid', 'by the passkey for official acts')
  }

  #signer(id: string): Official {
    const known = this.#officials.officials.find((o) => o.id === id)
    if (known === undefined) throw new Refusal('act-signer-unknown', 'not yet named on the ledger')
    return known
  }

  #rowOf(proposalId: number, officialId: string, [authenticatorData, clientData, signature]: Assertion) {
    return { proposalId, officialId, authenticatorData, clientData, signature, at: this.#now() }
  }

  #now(): Date {
    return new Date(this.#clock())
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined)
    return done
  }
}

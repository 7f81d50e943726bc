// Tables of the application's private data, the same on PGlite and PostgreSQL. After a change:
// `npx drizzle-kit generate --dialect postgresql --schema server/data/schema.ts --out server/data/migrations`
import {
  bigint,
  boolean,
  check,
  customType,
  index,
  pgTable,
  primaryKey,
  sql,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from './drizzle.ts'

const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (value) => new Uint8Array(value),
  toDriver: (value) => Buffer.from(value),
})

const instant = (name: string) => timestamp(name, { withTimezone: true })

/** Languages in which mails are written: those of the web app. */
export const LANGUAGES = ['en', 'fi', 'sv', 'de', 'fr', 'es', 'gd'] as const

/** One row of an electoral register, and the credential its person has registered. */
export const voter = pgTable(
  'voter',
  {
    id: bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    /** Names of the process and of its roll, as on the ledger. */
    process: text().notNull(),
    roll: text().notNull(),
    /** The register's own identifier of the row. Private: only its salted hash goes to the ledger. */
    row: text().notNull(),
    /** 32 random bytes; makes the row's hash on the ledger unguessable. */
    salt: bytes().notNull(),
    /** 1 to 65,535. */
    weight: bigint({ mode: 'bigint' }).notNull(),
    /** Where the person gets mail, and in which language. Nowhere but here, and erased when asked. */
    address: text(),
    language: text({ enum: LANGUAGES }),
    /** How an identity provider knows the person, as private as the address. */
    identity: text(),
    /** The credential's commitment (SPEC 4.1), 32 bytes, from the moment its person claims the row. */
    commitment: bytes(),
    registeredAt: timestamp('registered_at', { withTimezone: true }),
    /** Index of the ledger entry that holds the commitment; null while that is pending. */
    entryIndex: bigint('entry_index', { mode: 'bigint' }),
  },
  (table) => [
    unique('voter_row').on(table.process, table.roll, table.row),
    // The identity first: whoever signs in is looked for on all rolls.
    unique('voter_identity').on(table.identity, table.process, table.roll),
    unique('voter_commitment').on(table.process, table.roll, table.commitment),
    index('voter_pending')
      .on(table.id)
      .where(sql`${table.commitment} is not null and ${table.entryIndex} is null`),
    check('voter_salt', sql`octet_length(${table.salt}) = 32`),
    check('voter_weight', sql`${table.weight} between 1 and 65535`),
    check('voter_commitment_length', sql`octet_length(${table.commitment}) = 32`),
    check('voter_registered', sql`(${table.commitment} is null) = (${table.registeredAt} is null)`),
    check('voter_entry', sql`${table.entryIndex} is null or ${table.commitment} is not null`),
  ],
)

/** A one-time registration code that was issued for a row: its hash only. At most two for a row. */
export const code = pgTable(
  'code',
  {
    id: bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    voterId: bigint('voter_id', { mode: 'bigint' })
      .notNull()
      .references(() => voter.id, { onDelete: 'cascade' }),
    hash: bytes().notNull(),
    issuedAt: timestamp('issued_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    unique('code_hash').on(table.hash),
    index('code_voter').on(table.voterId),
    check('code_hash_length', sql`octet_length(${table.hash}) = 32`),
  ],
)

/** The invitation or reminder that was sent to a voter last, or waits to be. Its text and its code are made when it leaves. */
export const mail = pgTable(
  'mail',
  {
    voterId: bigint('voter_id', { mode: 'bigint' })
      .primaryKey()
      .references(() => voter.id, { onDelete: 'cascade' }),
    kind: text({ enum: ['invitation', 'reminder'] }).notNull(),
    /** `sending` for the moments in which the mail server is spoken to; `failed` is tried again, `bounced` is not. */
    state: text({ enum: ['waiting', 'sending', 'sent', 'failed', 'bounced'] }).notNull(),
    attempts: bigint({ mode: 'number' }).notNull(),
    /** When the next attempt may be made. */
    dueAt: instant('due_at').notNull(),
    attemptedAt: instant('attempted_at'),
    /** What the mail server said against it. */
    reason: text(),
  },
  (table) => [
    index('mail_due')
      .on(table.dueAt)
      .where(sql`${table.state} in ('waiting', 'failed')`),
    check('mail_kind', sql`${table.kind} in ('invitation', 'reminder')`),
    check('mail_state', sql`${table.state} in ('waiting', 'sending', 'sent', 'failed', 'bounced')`),
  ],
)

/** Somebody with an account. Whose signature counts is said by the ledger alone. */
export const official = pgTable(
  'official',
  {
    /** As on the ledger. */
    id: text().primaryKey(),
    name: text().notNull(),
    role: text({ enum: ['owner', 'registrar', 'moderator', 'auditor'] }).notNull(),
    /** How an identity provider knows them, where they may sign in with it. */
    identity: text().unique('official_identity'),
    createdAt: instant('created_at').notNull(),
    /** From the moment the invitation was accepted. */
    joinedAt: instant('joined_at'),
    /** Whoever is removed cannot sign in again. */
    removedAt: instant('removed_at'),
  },
  (table) => [check('official_role', sql`${table.role} in ('owner', 'registrar', 'moderator', 'auditor')`)],
)

/** A one-time invitation: its hash only. */
export const invitation = pgTable('invitation', {
  hash: bytes().primaryKey(),
  officialId: text('official_id')
    .notNull()
    .references(() => official.id, { onDelete: 'cascade' }),
  expiresAt: instant('expires_at').notNull(),
})

/** A passkey: one for signing in, another for official acts and nothing else (SPEC 7.8). */
export const passkey = pgTable(
  'passkey',
  {
    /** Credential id, base64url. */
    id: text().primaryKey(),
    officialId: text('official_id')
      .notNull()
      .references(() => official.id, { onDelete: 'cascade' }),
    use: text({ enum: ['login', 'acts'] }).notNull(),
    /** COSE for signing in, 0x04 || x || y for acts. */
    key: bytes().notNull(),
    /** Signatures so far, where the authenticator counts them. */
    counter: bigint({ mode: 'number' }).notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    unique('passkey_use').on(table.officialId, table.use),
    check('passkey_use_known', sql`${table.use} in ('login', 'acts')`),
  ],
)

/** Somebody who is signed in: SHA-256 of what the cookie holds. */
export const session = pgTable(
  'session',
  {
    hash: bytes().primaryKey(),
    officialId: text('official_id')
      .notNull()
      .references(() => official.id, { onDelete: 'cascade' }),
    startedAt: instant('started_at').notNull(),
    seenAt: instant('seen_at').notNull(),
    /** What the browser called itself. */
    agent: text().notNull(),
  },
  (table) => [index('session_official').on(table.officialId)],
)

/** An official act that waits for approvals, or what became of it. */
export const proposal = pgTable('proposal', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  process: text().notNull(),
  stateCounter: bigint('state_counter', { mode: 'number' }).notNull(),
  /** Milliseconds since 1970: what is signed has them. */
  expiry: bigint({ mode: 'number' }).notNull(),
  /** Canonical bytes (SPEC 7.4). */
  act: bytes().notNull(),
  proposer: text()
    .notNull()
    .references(() => official.id),
  reason: text().notNull(),
  /** Of an act that removes credentials: whether their people are to register again. */
  replacement: boolean().notNull().default(false),
  /** Of an act that takes somebody off the list: whom. */
  voterId: bigint('voter_id', { mode: 'bigint' }).references(() => voter.id, { onDelete: 'set null' }),
  createdAt: instant('created_at').notNull(),
  outcome: text({ enum: ['recorded', 'withdrawn', 'refused'] }),
  /** Index of the entry, where it is recorded; the code, where it was refused. */
  entryIndex: bigint('entry_index', { mode: 'number' }),
  refusal: text(),
})

/** An official's signature under a proposed act: the parts of the assertion. */
export const approval = pgTable(
  'approval',
  {
    proposalId: bigint('proposal_id', { mode: 'number' })
      .notNull()
      .references(() => proposal.id, { onDelete: 'cascade' }),
    officialId: text('official_id')
      .notNull()
      .references(() => official.id),
    authenticatorData: bytes('authenticator_data').notNull(),
    clientData: bytes('client_data').notNull(),
    signature: bytes().notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.proposalId, table.officialId] })],
)

/** What officials do beside the ledger. */
export const DEEDS = [
  'joined',
  'invited',
  'guardian-invited',
  'identified',
  'signed-in',
  'signed-out',
  'proposed',
  'approved',
  'withdrew',
  'imported',
  'mailed',
  'readdressed',
  'coded',
  'looked',
  'removed',
  'ceremony-begun',
  'contributor-invited',
  'contributor-skipped',
  'ceremony-ended',
] as const

/** What officials did beside the ledger: who, what, when, why. */
export const deed = pgTable(
  'deed',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant('at').notNull(),
    officialId: text('official_id')
      .notNull()
      .references(() => official.id),
    what: text({ enum: DEEDS }).notNull(),
    /** Whom or what it concerns. */
    detail: text().notNull(),
  },
  (table) => [index('deed_official').on(table.officialId)],
)

/** Each time an official looked a voter up. Rows are only added, which a trigger sees to, and outlive the voter's. */
export const lookup = pgTable(
  'lookup',
  {
    id: bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant('at').notNull(),
    officialId: text('official_id')
      .notNull()
      .references(() => official.id),
    process: text().notNull(),
    roll: text().notNull(),
    row: text().notNull(),
    /** As they gave it; null where a voter was found to be given a code, replaced or removed. */
    reason: text(),
  },
  (table) => [index('lookup_row').on(table.process, table.roll, table.row)],
)

/** A ceremony of the proof system (SPEC 10.2). */
export const ceremony = pgTable('ceremony', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  /** What phase 1 is called, and the file's SHA-256; none for the development setup's. */
  phase1: text().notNull(),
  powers: bytes(),
  /** Which public value will end it, as announced at the beginning. */
  beacon: text().notNull(),
  beganAt: instant('began_at').notNull(),
  /** Once it has ended, the value. */
  endedAt: instant('ended_at'),
  value: bytes(),
})

/** Somebody who was asked to contribute. */
export const contributor = pgTable(
  'contributor',
  {
    /** SHA-256 of the secret in the link. */
    hash: bytes().primaryKey(),
    ceremonyId: bigint('ceremony_id', { mode: 'number' })
      .notNull()
      .references(() => ceremony.id),
    name: text().notNull(),
    invitedAt: instant('invited_at').notNull(),
    /** Until then nobody else may contribute. */
    heldUntil: instant('held_until'),
    /** Of one who is no longer waited for. */
    skippedAt: instant('skipped_at'),
    reason: text(),
  },
  (table) => [unique('contributor_name').on(table.ceremonyId, table.name)],
)

/** A proving key of a ceremony: what it began with (0), what each contribution made of it, and what the beacon did. */
export const zkey = pgTable(
  'zkey',
  {
    ceremonyId: bigint('ceremony_id', { mode: 'number' })
      .notNull()
      .references(() => ceremony.id),
    circuit: text({ enum: ['signal', 'S', 'L'] }).notNull(),
    position: bigint({ mode: 'number' }).notNull(),
    /** SHA-256 of the file, and of the constraints that it is a key of. */
    sha256: bytes().notNull(),
    r1cs: bytes().notNull(),
    /** Name and hash of the contribution; none of the beginning. */
    name: text(),
    hash: bytes(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.ceremonyId, table.circuit, table.position] }),
    check('zkey_circuit', sql`${table.circuit} in ('signal', 'S', 'L')`),
  ],
)

/** How often followers get mail. */
export const RHYTHMS = ['day', 'week'] as const

/** An address to which news of a process, or of one promise in it, go. Nothing here says whose it is, on which roll or under which pseudonym. */
export const follower = pgTable(
  'follower',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    process: text().notNull(),
    /** The promise of which alone news are wanted, by the index of its entry. */
    promise: bigint({ mode: 'number' }),
    address: text().notNull(),
    language: text({ enum: LANGUAGES }).notNull(),
    every: text({ enum: RHYTHMS }).notNull(),
    /** In the links of the mails: who has it can confirm and end this, and nothing else. */
    secret: bytes().notNull(),
    askedAt: instant('asked_at').notNull(),
    /** From the moment the link was opened that only the address has got. */
    confirmedAt: instant('confirmed_at'),
    /** The newest entry whose news were sent, or had happened before. */
    told: bigint({ mode: 'number' }).notNull(),
    /** When the next mail may be sent; none between asking and confirming. */
    dueAt: instant('due_at'),
    attempts: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    unique('follower_secret').on(table.secret),
    uniqueIndex('follower_asked')
      .on(table.process, sql`coalesce(${table.promise}, -1)`, sql`lower(${table.address})`)
      .where(sql`${table.confirmedAt} is null`),
    uniqueIndex('follower_confirmed')
      .on(table.process, sql`coalesce(${table.promise}, -1)`, sql`lower(${table.address})`)
      .where(sql`${table.confirmedAt} is not null`),
    index('follower_due')
      .on(table.dueAt)
      .where(sql`${table.dueAt} is not null`),
    check('follower_every', sql`${table.every} in ('day', 'week')`),
    check('follower_secret_length', sql`octet_length(${table.secret}) = 32`),
  ],
)

/** What people have written (SPEC 12.4): the record holds but a commitment to it, so that it can be erased here. */
export const writing = pgTable('writing', {
  /** HMAC-SHA-256 of the text under the key. */
  commitment: bytes().primaryKey(),
  key: bytes(),
  text: text(),
  /** What a sealed comment came in (SPEC 12.11); key and text are null until it is opened. */
  box: bytes(),
  keptAt: instant('kept_at').notNull(),
})

/** Whose row of the register it is that wants to speak under a name (SPEC 12.12). Goes with the name. */
export const introduction = pgTable(
  'introduction',
  {
    commitment: bytes()
      .primaryKey()
      .references(() => writing.commitment, { onDelete: 'cascade' }),
    voterId: bigint('voter_id', { mode: 'bigint' })
      .notNull()
      .references(() => voter.id, { onDelete: 'cascade' }),
  },
  (table) => [index('introduction_voter').on(table.voterId)],
)

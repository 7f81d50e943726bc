// Why something cannot be done on a device: a closed list of codes, each with the fields that a sentence about it needs
// and that sentence in English. Programs that speak other languages go by code and fields.

/** English sentences by code, each made of its fields. */
export type Sentences = Readonly<Record<string, (fields: never) => string>>

/** A code with what goes with it: one object of plain data, or nothing. */
export type CodeOf<S extends Sentences> = {
  [C in keyof S]: [code: C, ...fields: Parameters<S[C]>]
}[keyof S]

/** The sentence of a code. */
export function sentence<S extends Sentences>(sentences: S, [code, ...fields]: CodeOf<S>): string {
  return (sentences[code] as (...fields: unknown[]) => string)(...fields)
}

/** Anything that is the user's or the world's fault and no refusal of the gate. `code` is from the subclass's list. */
export abstract class Failure extends Error {
  abstract readonly code: string
  abstract readonly fields: object
}

const UNUSABLE = {
  // The server.
  unreachable: ({ server, detail }: { server: string; detail: string }) =>
    `${server} does not answer: ${detail}`,
  busy: ({ seconds }: { seconds: number }) => `The server is busy; try again in ${seconds} s.`,
  unavailable: () => 'The server cannot accept anything now.',
  'too-many-attempts': ({ seconds }: { seconds: number }) =>
    `Too many wrong codes from here; try again in ${seconds} s.`,
  'roll-waits': ({ seconds }: { seconds: number }) =>
    `Officials are signing that the roll is complete; unless they agree, try again in ${seconds} s at the latest.`,
  'not-found': ({ path }: { path: string }) => `The server has no ${path}.`,
  'bad-answer': ({ path, detail }: { path: string; detail: string }) =>
    `The server gave no usable answer to ${path}: ${detail}`,
  'code-unknown': () => 'This registration code is not known.',
  'code-used': () => 'This registration code has been used with another credential.',
  'not-shown': () => 'The server’s register does not have the person with this credential.',
  'name-invalid': () => 'No name can be like this.',
  'commitment-taken': () => 'This credential has been registered with another code.',
  'sign-in-failed': () => 'This sign-in was too long ago, or has been used.',
  'identity-unknown': () => 'The row that was signed in for is not on the register any more.',
  'identity-registered': () => 'Whoever signed in has registered another credential already.',
  // What the server shows.
  'policy-unreadable': ({ detail }: { detail: string }) => `The policy cannot be read: ${detail}`,
  'receipt-invalid': () => 'The server acknowledged an entry with a receipt that does not hold.',
  'file-differs': ({ hash }: { hash: string }) => `The server sent another file than ${hash}.`,
  'record-unreadable': ({ detail }: { detail: string }) => `This is no Comitia record: ${detail}`,
  'checkpoint-unsigned': () => 'The checkpoint is not signed as the policy asks.',
  'checkpoint-older': () => 'The checkpoint is older than the entries that were seen already.',
  'other-ledger': () => 'The checkpoint belongs to another ledger.',
  'entries-differ': () => 'The entries are not those of the signed checkpoint.',
  'unknown-election': ({ process, election }: { process: string; election: string }) =>
    `There is no election ${process}/${election}.`,
  // Files with secrets.
  'file-unreadable': () => 'The file does not open: it is none of ours, or damaged.',
  'passphrase-wrong': () => 'The file does not open: wrong passphrase.',
  // A voter.
  'word-count': ({ count, needed }: { count: number; needed: number }) =>
    `These are ${count} words; a credential has ${needed}.`,
  'word-unknown': ({ place, word }: { place: number; word: string }) =>
    `Word ${place} (${word}) is not on the list.`,
  'word-checksum': () => 'The words do not belong together: one is another, or two are swapped.',
  'entries-unsound': ({ detail }: { detail: string }) =>
    `The ledger's entries do not hold together: ${detail}.`,
  'roll-differs': ({ roll }: { roll: string }) =>
    `The server shows another electoral roll (${roll}) than the one that was frozen.`,
  'not-on-roll': () => 'This credential is not on the electoral roll.',
  'not-open': () => 'The election is not open.',
  // A guardian.
  'not-a-guardian': () => 'The election does not name this guardian’s key.',
  'several-seats': () => 'This guardian serves several elections.',
  'not-joined': () => 'First take part in an attempt at the key.',
  'open-already': () => 'The election is open already; its key exists.',
  'secrets-used': () => 'The secrets of this attempt are used up.',
  'no-key-share': () => 'There is no key share yet.',
  'nothing-sealed': () => 'No comments are sealed to the key of this election.',
  'intent-unknown': ({ contest }: { contest: number }) =>
    `This guardian was restored from a backup, and the ledger shows no intent of it for contest ${contest}. ` +
    'If one was announced after the backup was made, somebody is hiding it in order to have two different sums ' +
    'decrypted. Only if you know that none was, say so.',
} as const satisfies Sentences

/** What is there cannot be used, or is not there. */
export class Unusable extends Failure {
  override readonly name = 'Unusable'
  readonly code: keyof typeof UNUSABLE
  readonly fields: object

  constructor(...code: CodeOf<typeof UNUSABLE>) {
    super(sentence(UNUSABLE, code))
    this.code = code[0]
    this.fields = code[1] ?? {}
  }
}

// What the booth does not do: a slip of the voter's, or something that went on behind the page's back.
import { type CodeOf, Failure, sentence, type Sentences } from '#client/failure.ts'

const BOOTH = {
  'no-credential': () => 'There is no credential on this device.',
  'nothing-marked': () => 'Nothing is marked in any contest.',
  'marks-invalid': () => 'The marks of a contest do not fit its rule.',
  'ballot-pending': () => 'A ballot is on its way to the ledger.',
  'ballot-changed': () => 'This ballot has been opened or replaced meanwhile.',
} as const satisfies Sentences

/** Something that the booth does not do now, and why. */
export class BoothFailure extends Failure {
  override readonly name = 'BoothFailure'
  readonly code: keyof typeof BOOTH
  readonly fields = {}

  constructor(...code: CodeOf<typeof BOOTH>) {
    super(sentence(BOOTH, code))
    this.code = code[0]
  }
}

// The checks of a verification and what they find in English, for the command line, reports and guardians' programs. SPEC 11.
import { REFUSALS, type RefusalCode } from '#protocol/refusal.ts'
import { type Check, type Finding, type FindingWords, wordsOf } from '#tally/verify/finding.ts'

/** What each check is about. */
export const CHECK_TITLES: Readonly<Record<Check, string>> = {
  V1: 'Log: leaves, root and consistency with every checkpoint held',
  V2: 'Signatures of the checkpoint',
  V3: 'Canonical decoding of each entry',
  V4: 'Each entry allowed where it stands, official acts signed',
  V5: 'Setup of the proof system',
  V6: 'Electoral rolls',
  V7: 'Key generation',
  V8: 'Ballots: encodings, context, batch equation, proof',
  V9: 'Ballots unique, sequence and revoting',
  V10: 'Aggregates and bounds',
  V11: 'Intents and partial decryptions',
  V12: 'Decoding within bounds',
  V13: 'Mix proofs',
  V14: 'Counting method',
  V15: 'Opened ballot',
  V16: 'Announced result',
  V17: 'Published web application',
  V18: 'Participation: plans, signals and their proofs, answers',
  V19: 'Accountability: promises, reports, published spending',
}

/** A finding as a sentence, which begins with the entry that it is about. */
export function findingSentence(finding: Finding): string {
  const words = wordsOf(ENGLISH, finding)
  return finding.entry === undefined ? words : `Entry ${finding.entry}: ${words}`
}

/** A finding as data for programs, with its sentence for people. */
export function findingData(finding: Finding): Finding & { readonly sentence: string } {
  return { ...finding, sentence: findingSentence(finding) }
}

type Refused = Pick<FindingWords, RefusalCode>
const REFUSED = Object.fromEntries(
  REFUSALS.map((code) => [
    code,
    ({ detail }: { detail: string }) => `${code}${detail === '' ? '' : `: ${detail}`}.`,
  ]),
) as Refused

const ENGLISH: FindingWords = {
  ...REFUSED,
  'entries-signed': ({ entries }) => `All ${entries} entries are the ones that the checkpoint signs.`,
  'checkpoint-unreadable': () => 'There is no checkpoint that can be read.',
  'record-empty': () => 'The record has no entries.',
  'entries-unsigned': ({ here, signed }) =>
    `The entries are not those of the checkpoint (${here} here, ${signed} signed).`,
  'origin-differs': () => 'The checkpoint belongs to a log of another origin than the genesis entry says.',
  'held-fork': ({ checkpoint, entries }) =>
    `FORK: the record does not extend checkpoint ${checkpoint} that you hold (size ${entries}). Keep both as evidence.`,
  'intent-fork': ({ guardian }) =>
    `FORK: guardian ${guardian} saw a checkpoint after closing that this record does not extend.`,
  'policy-satisfied': () => 'The checkpoint is signed as your policy asks.',
  'policy-unsatisfied': () => 'The checkpoint lacks the signatures that the policy asks for.',
  'no-policy': () =>
    'The signature fits the key that the record itself names; bring your own policy to check whose it is.',
  'held-unsigned': ({ checkpoint }) =>
    `Checkpoint ${checkpoint} that you hold is not signed as the policy asks.`,
  'entries-canonical': ({ entries }) => `All ${entries} entries are canonical.`,
  'no-entries': () => 'There are no entries.',
  'entries-allowed': () =>
    'Every entry is allowed where it stands, and every official act is signed by enough officials.',
  'setup-sound': ({ circuit, contributors }) =>
    `Circuit ${circuit}: key and ceremony belong together; contributed: ${contributors.join(', ') || 'nobody'}.`,
  'setup-unsound': ({ circuit, detail }) => `Circuit ${circuit}: ${detail}.`,
  'setup-differs': ({ circuit, detail }) => `Circuit ${circuit}: ${detail}.`,
  'development-setup': ({ circuit }) =>
    `Circuit ${circuit}: DEVELOPMENT SETUP. Its secrets are public, so anybody can forge ballots; for practice only.`,
  'setup-not-rebuilt': ({ circuit }) =>
    `Circuit ${circuit}: unknown setup. Keys were not rebuilt from circuit and powers of tau; run with --setup.`,
  'no-setup': () => 'No election has been opened.',
  'rolls-rebuilt': ({ sizes }) =>
    `Rolls of ${sizes.join(', ')} credentials were rebuilt, each credential unique.`,
  'weight-rare': ({ election, voters }) =>
    `${election}: the smallest weight class has ${voters} voters, among whom alone a vote is hidden.`,
  'no-roll': () => 'No electoral roll has been frozen.',
  'key-shared': ({ election, threshold, guardians }) =>
    `${election}: ${threshold} of ${guardians} guardians hold the key.${threshold === 1 ? ' A single guardian can open every ballot.' : ''}`,
  'no-key': () => 'No election has an election key yet.',
  'ballots-proven': ({ ballots }) => `All ${ballots} ballots carry sound encryption and proof.`,
  'proofs-remembered': ({ entries }) =>
    `Proofs among the first ${entries} entries were checked in an earlier run.`,
  'key-unsound': () => 'the proof cannot be checked, since its verification key is missing or unsound.',
  'no-ballots': () => 'There are no ballots in this record.',
  'ballots-distinct': ({ ballots, counted }) =>
    `All ${ballots} ballots are distinct; ${counted} of them count.`,
  'aggregates-right': () => 'The aggregates were recomputed from the counted ballots.',
  'ballots-differ': ({ contest }) =>
    `the announced number of counted ballots of contest ${contest} is not what the record gives.`,
  'none-closed': () => 'No election has closed yet.',
  'decryptions-proven': ({ shares }) =>
    `All ${shares} partial decryptions are proven and were announced by enough intents.`,
  'intent-unsigned': ({ guardian }) =>
    `The intent of guardian ${guardian} names a checkpoint that is not signed as the policy asks.`,
  'none-decrypted': () => 'Nothing has been decrypted yet.',
  'sums-right': () => 'Every sum was decrypted again and lies within its bounds.',
  'sums-differ': ({ contest }) => `an announced sum of contest ${contest} is not what the record gives.`,
  'none-mixed': () => 'No contest of this version is mixed.',
  'count-right': () => 'The count was repeated from the sums, round by round.',
  'count-differs': ({ contest }) => `the announced count of contest ${contest} is not what the record gives.`,
  'opening-true': ({ tracker, noted }) =>
    `The opened ballot ${tracker} holds exactly the marks that its opening shows, and is not in the record. ${NOTED[noted]}`,
  'opening-unreadable': ({ detail }) => `The file is no opening: ${detail}.`,
  'opening-not-noted': () =>
    'Another ballot was opened than was noted before. The device that sealed it must not be trusted.',
  'opening-elsewhere': () => 'The opened ballot belongs to no contest of this record.',
  'opening-false': () =>
    'The opened ballot is NOT what it claims to be: it cannot be recomputed from its opening. The device that sealed it must not be trusted.',
  'opening-cast': () => 'the opened ballot is in the record here: an opened ballot must never be cast.',
  'no-opening': () => 'No opened ballot was given.',
  'result-right': () => 'The announced result is the recomputed one.',
  'contests-differ': () => 'the announced number of contests is not what the record gives.',
  'none-announced': () => 'No result has been announced yet.',
  'result-refused': () => 'A result was announced and is refused under another check.',
  'application-same': () => 'the server hands out this web application, file by file.',
  'application-differs': ({ paths, more }) =>
    `the server’s web application is another: ${paths.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
  'no-server': () => 'the files of a web application are named; only a server’s can be compared with them.',
  'no-application': () => 'The record names no web application.',
  'signals-sound': ({ signals }) =>
    `All ${signals} signals are sound: each by somebody on the roll, within the plan, and counted once.`,
  'seals-sound': ({ comments, waiting }) =>
    `All ${comments} sealed comments are sealed by their authors, and every opening is proven; ${waiting} wait to be opened.`,
  'no-signals': () => 'Nobody has taken part in a process beside voting.',
  'spending-same': ({ promises, releases }) =>
    `${promises} promises stand as they were signed, and all ${releases} published releases are the ones that were signed.`,
  'no-promises': () => 'Nothing has been promised, and no spending published.',
}

/** What was noted of an opened ballot before: only a hash of full length rules out two that were made to look alike. */
const NOTED = {
  nothing: 'Compare its tracker with the one that was shown before it was opened.',
  tracker: 'Its tracker is the one that was noted before.',
  hash: 'It is the very ballot whose hash was noted before.',
} as const

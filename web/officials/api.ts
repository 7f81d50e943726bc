// What officials ask of the server that they came from (server/officials/).
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser'
import type { UnsignedAct } from '#protocol/act.ts'
import type { LetterView, MailOverview, VoterMailView } from '#server/mail/operations.ts'
import type { NextView, ProposedView } from '#server/officials/acts.ts'
import type { FoundView } from '#server/officials/desk.ts'
import type { AccountView, DeedView, Invitation, Me } from '#server/officials/people.ts'
import type { FoundVoterView } from '#server/officials/voters.ts'
import type { ListingView, RollView } from '#server/voters.ts'
import { get, post, postForBytes, postText } from '#web/device/api.ts'

/** How far a voter's mail is. */
export type Delivery = keyof MailOverview['deliveries']
/** The roll whose voters get mails. */
export type RollName = Pick<RollView, 'process' | 'roll'>
/** Which mail, in which language. */
export interface MailChoice {
  readonly kind: 'invitation' | 'reminder'
  readonly language: string
}
export type {
  AccountView,
  DeedView,
  FoundView,
  FoundVoterView,
  LetterView,
  MailOverview,
  VoterMailView,
  Me,
  NextView,
  ProposedView,
  RollView,
}

/** What a newcomer is told before the two passkeys are made. */
export interface Welcome {
  readonly newcomer: { readonly id: string; readonly name: string; readonly role: Me['role'] } | null
  readonly login: PublicKeyCredentialCreationOptionsJSON
  readonly acts: PublicKeyCredentialCreationOptionsJSON
}

export interface Pair {
  readonly login: RegistrationResponseJSON
  readonly acts: RegistrationResponseJSON
}

/** Parts of an assertion in base64url: authenticatorData, clientDataJSON, signature. */
export type AssertionText = readonly [string, string, string]

/** Whether somebody is signed in here, and whether the first official is still to come. */
export const session = () => get<{ signedIn: boolean; first: boolean }>('/api/officials/session')
export const me = () => get<Me>('/api/officials/me')

export const welcomeFirst = (code: string, name: string) =>
  post<Welcome>('/api/officials/first/options', { code, name })
export const joinFirst = (code: string, id: string, name: string, pair: Pair): Promise<void> =>
  post('/api/officials/first', { code, id, name, ...pair })
export const welcome = (code: string) => post<Welcome>('/api/officials/join/options', { code })
export const join = (code: string, pair: Pair): Promise<void> =>
  post('/api/officials/join', { code, ...pair })

export const entrance = () =>
  post<{ login: PublicKeyCredentialRequestOptionsJSON }>('/api/officials/session/options')
export const signIn = (answer: AuthenticationResponseJSON): Promise<void> =>
  post('/api/officials/session', answer)
export const signOut = (where: 'here' | 'elsewhere'): Promise<void> =>
  post('/api/officials/session/end', { where })

/** Ends one session, by its id. */
export const endSession = (id: string): Promise<void> => post(`/api/officials/sessions/${id}/end`)

export async function people(): Promise<AccountView[]> {
  return (await get<{ officials: AccountView[] }>('/api/officials')).officials
}
/** Where a link is to go by mail. */
export interface Destination {
  readonly address: string
  readonly language: string
}
/** The code to hand over, unless a mail has brought it, and why it has not. */
export const invite = (newcomer: NonNullable<Welcome['newcomer']>, mail?: Destination) =>
  post<Invitation>('/api/officials/invitations', { ...newcomer, mail })
/** Of an election, or of one that is still being written, by its title. */
export type GuardianOf =
  | { readonly process: string; readonly election: string; readonly guardian: number }
  | { readonly title: string }
/** Why the mail server did not take the link to a guardian's page; null if it did. */
export const inviteGuardian = async (of: GuardianOf, mail: Destination): Promise<string | null> =>
  (await post<{ reason: string | null }>('/api/officials/guardians', { ...of, mail })).reason

export const remove = (id: string): Promise<void> =>
  post(`/api/officials/people/${encodeURIComponent(id)}/removal`)

/** Lets somebody sign in as whom the identity provider knows by this; null: no longer. */
export const identify = (id: string, identity: string | null): Promise<void> =>
  post(`/api/officials/people/${encodeURIComponent(id)}/identity`, { identity })

/** What officials did beside the record, the newest first. */
export const deeds = async () => (await get<{ deeds: DeedView[] }>('/api/officials/deeds')).deeds

export async function acts(): Promise<ProposedView[]> {
  return (await get<{ acts: ProposedView[] }>('/api/officials/acts')).acts
}
/** Acts that could be proposed now, and rolls that could be frozen. */
export const next = () => get<NextView>('/api/officials/next')
/** The act that freezes a roll, at its place. */
export const freezing = (of: RollName) =>
  post<Omit<UnsignedAct, 'act'> & { act: string }>('/api/officials/freezing', of)
export const place = (process: string) =>
  get<Pick<UnsignedAct, 'process' | 'stateCounter' | 'expiry'>>(
    `/api/officials/place?process=${encodeURIComponent(process)}`,
  )
/** Who it is that an act removes: their row where they have not registered, else whether they are to register again. */
export interface Concerning {
  readonly replacement?: boolean
  readonly row?: string
}
export const propose = (
  proposal: Omit<UnsignedAct, 'act'> &
    Concerning & {
      act: string
      reason: string
      assertion: AssertionText
    },
) => post<ProposedView>('/api/officials/acts', proposal)
export const approve = (id: number, assertion: AssertionText) =>
  post<ProposedView>(`/api/officials/acts/${id}/approvals`, { assertion })
export const withdraw = (id: number) => post<ProposedView>(`/api/officials/acts/${id}/withdrawal`)

export async function rolls(): Promise<RollView[]> {
  return (await get<{ rolls: RollView[] }>('/api/officials/rolls')).rolls
}
/** Looks the same lines through, and says by which hash officials agree to them and whether they have. */
export async function lookThrough(process: string, roll: string, lines: string): Promise<ListingView> {
  const query = new URLSearchParams({ process, roll }).toString()
  return JSON.parse(await postText(`/api/officials/lists?${query}`, 'text/csv', lines)) as ListingView
}
/** Adds lines `row,weight` (and `,address,language,identity` as far as wanted) to a roll's register; lines `row,code` in the same order. */
export const importVoters = (process: string, roll: string, lines: string): Promise<string> =>
  postText(`/api/officials/voters?${new URLSearchParams({ process, roll }).toString()}`, 'text/csv', lines)
/** A PDF with a page for each who has not registered. Each call draws new codes. */
export const printLetters = ({ process, roll }: RollName, language: string): Promise<Uint8Array> =>
  postForBytes('/api/officials/letters', { process, roll, language })

export const findVoter = ({ process, roll }: RollName, row: string) =>
  get<FoundVoterView>(`/api/officials/voters/voter?${queryOf({ process, roll, row })}`)
/** A code that nobody shows again. */
export const makeCode = async ({ process, roll }: RollName, row: string): Promise<string> =>
  (await post<{ code: string }>('/api/officials/voters/code', { process, roll, row })).code

export const mailOverview = (of: RollName) =>
  get<MailOverview>(`/api/officials/mail?${queryOf({ process: of.process, roll: of.roll })}`)
/** Voters by their rows, after one of them. */
export async function mailVoters(
  { process, roll }: RollName,
  delivery: Delivery,
  after: string,
): Promise<VoterMailView[]> {
  const query = queryOf({ process, roll, delivery, after })
  return (await get<{ voters: VoterMailView[] }>(`/api/officials/mail/voters?${query}`)).voters
}
/** How many mails wait to be sent by it. */
export async function sendMails(
  { process, roll }: RollName,
  what: 'invitations' | 'reminders',
): Promise<number> {
  return (await post<{ queued: number }>(`/api/officials/mail/${what}`, { process, roll })).queued
}
export const readdress = ({ process, roll }: RollName, row: string, address: string | null): Promise<void> =>
  post('/api/officials/mail/address', { process, roll, row, address })
export const letter = ({ process, roll }: RollName, { kind, language }: MailChoice) =>
  get<LetterView>(`/api/officials/mail/letter?${queryOf({ process, roll, kind, language })}`)
/** Why the mail server did not take it; null if it did. */
export async function testMail(
  { process, roll }: RollName,
  what: MailChoice,
  address: string,
): Promise<string | null> {
  const mail = { process, roll, ...what, address }
  return (await post<{ reason: string | null }>('/api/officials/mail/test', mail)).reason
}

function queryOf(fields: Record<string, string>): string {
  return new URLSearchParams(fields).toString()
}

/** Voters by row or address, and why they are looked for, which they can read. */
export const lookUp = (text: string, reason: string) =>
  post<FoundView>('/api/officials/desk', { text, reason })

// The way to the operator's mail server (SMTP by nodemailer), and what its answers mean for one mail.
import { createTransport } from 'nodemailer'
import { probe } from './probe.ts'
import { type MailSettings, serverOf } from './settings.ts'

export interface Message {
  readonly to: string
  readonly subject: string
  readonly text: string
  /** Beside those of every mail. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * What became of a mail. `bounced`: refused for good. `deferred`: not now. `lost`: the connection ended before the answer,
 * so that nobody knows whether the mail was taken. `unreachable`: the server takes no mail of ours at present.
 */
export type Outcome =
  | { readonly is: 'sent' }
  | { readonly is: 'bounced' | 'deferred' | 'lost' | 'unreachable'; readonly reason: string }

export interface Transport {
  readonly send: (message: Message) => Promise<Outcome>
  /** Why the server takes no mail; undefined if it would. Who asks need not wait for a silent one. */
  readonly trouble: (end: AbortSignal) => Promise<string | undefined>
  /** What is under way is lost. */
  readonly close: () => void
}

/** How long the server may be silent, in milliseconds: before it greets, and over a mail, of which a slow one takes its time
 *  to judge (RFC 5321, 4.5.3.2.6). Who hangs up earlier sends the same mail again and again. */
const PATIENCE = 20_000
const PATIENCE_WITH_MAIL = 10 * 60_000
/** Characters that are kept of what a server says. */
const LONGEST = 300

/** Connects when there is something to send, and keeps the connection while there is more. Of two one is there for what an
 *  official sends and waits for, while the queue's mail is under way. */
export function openTransport({ url, from }: Pick<MailSettings, 'url' | 'from'>): Transport {
  const server = { ...serverOf(url), connectionTimeout: PATIENCE, greetingTimeout: PATIENCE }
  const transporter = createTransport(
    {
      ...server,
      ...{ disableFileAccess: true, disableUrlAccess: true },
      ...{ pool: true, maxConnections: 2, maxRequeues: 0 },
      socketTimeout: PATIENCE_WITH_MAIL,
    },
    { from, headers: { 'Auto-Submitted': 'auto-generated' } },
  )
  return {
    async send({ to, subject, text, headers = {} }) {
      try {
        // An address in parts: nothing in it can become a second one.
        await transporter.sendMail({ to: { name: '', address: to }, subject, text, headers: { ...headers } })
        return { is: 'sent' }
      } catch (error) {
        return outcomeOf(error as SmtpError)
      }
    },
    async trouble(end) {
      try {
        await probe({ ...server, socketTimeout: PATIENCE }, end)
        return undefined
      } catch (error) {
        return reasonOf(error as SmtpError)
      }
    },
    close: () => transporter.close({ force: true }),
  }
}

interface SmtpError extends Error {
  readonly code?: string
  readonly command?: string
  readonly responseCode?: number
  readonly response?: string
  readonly syscall?: string
}

function outcomeOf(error: SmtpError): Outcome {
  const { code, command = '', responseCode, syscall = '' } = error
  const reason = reasonOf(error)
  const aboutMail = ['RCPT TO', 'DATA'].includes(command)
  if (aboutMail && responseCode !== undefined)
    return { is: responseCode < 500 ? 'deferred' : 'bounced', reason }
  if (code === 'EENVELOPE' && command === 'API') return { is: 'bounced', reason }
  const before = responseCode !== undefined || ['connect', 'getaddrinfo'].includes(syscall)
  const broken = code === 'ECONNECTION' || code === 'ESOCKET' || code === 'ETIMEDOUT'
  return { is: broken && !before ? 'lost' : 'unreachable', reason }
}

function reasonOf({ response, message }: SmtpError): string {
  return (response ?? message)
    .replace(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, LONGEST)
}

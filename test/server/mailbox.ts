// A real SMTP server that takes mails, puts them off or refuses them as a test wishes, and keeps what it took.
import type { AddressInfo } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

/** A mail as it came. */
export interface Received {
  readonly to: string
  readonly header: string
  readonly text: string
}

/** What the server says to a mail: SMTP code and words; `lost` takes it and hangs up without an answer. */
export type Answer = readonly [code: number, words: string] | 'lost'

export class Mailbox implements AsyncDisposable {
  readonly received: Received[] = []
  /** Answers other than "taken", by recipient; those under '' are given before anybody is asked for. */
  readonly answers = new Map<string, Answer>()
  /** Called with each mail that has come, which is acknowledged when this is done. */
  onMail: (mail: Received) => void | Promise<void> = () => undefined
  #server: SMTPServer | undefined
  #port = 0

  /** Listens on a free port, which it keeps when it is opened again. */
  async open(): Promise<void> {
    const server = new SMTPServer({
      ...{ authOptional: true, disabledCommands: ['STARTTLS'], closeTimeout: 1 },
      onMailFrom: (_address, _session, done) => done(this.#failure('')),
      onRcptTo: ({ address }, _session, done) => done(this.#failure(address)),
      onData: (stream, { envelope }, done) => {
        void textOf(stream).then(async (whole) => {
          const [{ address: to } = { address: '' }] = envelope.rcptTo
          const mail = { to, ...readMail(whole) }
          this.received.push(mail)
          await this.onMail(mail)
          if (this.answers.get(to) === 'lost') hangUp(server)
          else done()
        })
      },
    })
    server.on('error', () => undefined)
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (server.server.address() as AddressInfo).port
    this.#server = server
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.#port}`
  }

  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server !== undefined) await new Promise<void>((resolve) => server.close(resolve))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #failure(to: string): Error | undefined {
    const answer = this.answers.get(to)
    if (answer === undefined || answer === 'lost') return undefined
    const [responseCode, words] = answer
    return Object.assign(new Error(words), { responseCode })
  }
}

/** The code in a mail's link. */
export function codeIn({ text }: Received): string {
  return /\/join#([0-9A-Z-]+)/.exec(text)?.[1] ?? ''
}

function hangUp(server: SMTPServer): void {
  for (const { _socket } of server.connections) _socket.destroy()
}

/** Header, unfolded, and text of a message in quoted-printable or as it is. */
function readMail(whole: string): Pick<Received, 'header' | 'text'> {
  const [header = '', ...rest] = whole.split('\r\n\r\n')
  const body = rest.join('\n\n').replaceAll('\r\n', '\n')
  const quoted = /^Content-Transfer-Encoding: quoted-printable$/im.test(header)
  return { header: header.replace(/\r\n\s+/g, ' '), text: quoted ? decodeQuoted(body) : body }
}

function decodeQuoted(body: string): string {
  return body
    .replace(/=\n/g, '')
    .replace(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString())
}

// The operator's mail server, as the environment names it, and the connection that it asks for.
import { isOnThisMachine, SettingsError } from '#server/settings.ts'

export interface MailSettings {
  /** `smtp://` or `smtps://`, with user and password if the server asks for them. */
  readonly url: string
  /** Who mails are from: an address, or a name and an address in angle brackets. People answer to it. */
  readonly from: string
  /** Most mails a minute. */
  readonly perMinute: number
}

/** Mails a minute where nothing is said: few servers refuse as many. */
const USUAL_RATE = '120'

/** What COMITIA_SMTP_URL, COMITIA_MAIL_FROM and COMITIA_MAIL_RATE say; undefined without the first two. Throws
 *  `SettingsError`. */
export function readMailSettings(environment: NodeJS.ProcessEnv): MailSettings | undefined {
  const { COMITIA_SMTP_URL: url, COMITIA_MAIL_FROM: from, COMITIA_MAIL_RATE: rate = USUAL_RATE } = environment
  if (url === undefined && from === undefined) return undefined
  if (url === undefined || from === undefined)
    throw new SettingsError('COMITIA_SMTP_URL and COMITIA_MAIL_FROM are given together or not at all.')
  serverOf(url)
  if (!/^([^<>@]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/.test(from))
    throw new SettingsError('COMITIA_MAIL_FROM is an address, or a name and <an address>.')
  if (!/^[1-9][0-9]{0,4}$/.test(rate))
    throw new SettingsError('COMITIA_MAIL_RATE is a number of mails a minute.')
  return { url, from, perMinute: Number(rate) }
}

/** The connection to a mail server. Over a network it is encrypted, since mails hold codes. Throws `SettingsError`. */
export function serverOf(url: string) {
  const found = URL.parse(url)
  const whole = found !== null && /^smtps?:$/.test(found.protocol) && found.hostname !== ''
  if (!whole || /%(?![0-9a-f]{2})/i.test(`${found.username}${found.password}`))
    throw new SettingsError('COMITIA_SMTP_URL is smtp://host:port or smtps://user:password@host:port.')
  const { protocol, hostname, port, username, password } = found
  const secure = protocol === 'smtps:'
  const host = hostname.replace(/^\[|\]$/g, '')
  return {
    ...{ host, secure, port: Number(port === '' ? (secure ? 465 : 587) : port) },
    requireTLS: !secure && !isOnThisMachine(hostname),
    ...(username !== '' && {
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    }),
  }
}

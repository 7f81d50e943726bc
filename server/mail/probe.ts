// Whether the mail server would take mails: it greets, encrypts and knows us. The library's own way to ask cannot be
// broken off, and a server that is silent would hold up the end of ours.
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection'

type Settings = SMTPConnectionOptions & {
  readonly auth?: { readonly user: string; readonly pass: string }
}

/** Rejects with what the server says, or once `end` breaks it off. */
export async function probe({ auth, ...options }: Settings, end: AbortSignal): Promise<void> {
  const connection = new SMTPConnection(options)
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  const answered = (error?: Error | null): void => (error ? reject(error) : resolve(undefined))
  const close = (): void => {
    connection.close()
    reject(new Error('broken off'))
  }
  connection.on('error', reject)
  connection.once('end', () => reject(new Error('Connection closed')))
  end.addEventListener('abort', close, { once: true })
  try {
    connection.connect((error) => {
      if (error || auth === undefined || !connection.allowsAuth) answered(error)
      else connection.login({ credentials: auth }, answered)
    })
    await promise
    connection.quit()
  } catch (error) {
    connection.close()
    throw error
  } finally {
    end.removeEventListener('abort', close)
  }
}

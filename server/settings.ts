// What the operator's settings have in common, wherever they are for.

/** Settings with which something cannot work. The message repeats none of them, for some are secrets. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/** Whether this is the same machine, where nobody else listens.
 *  @param hostname as in a URL */
export function isOnThisMachine(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

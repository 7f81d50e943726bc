// How often a source may guess: failed attempts only, so that an office behind one address is not held up (pitfall W10).
import { isIPv4 } from 'node:net'

/** Failures that a source may make at once, and seconds after which it may make one more. */
const BURST = 20
const SECONDS_EACH = 3
/** Sources remembered; at more the oldest are forgotten. */
const MAX_SOURCES = 100_000

export class Attempts {
  readonly #clock: () => number
  /** When each source has used up nothing any more, in milliseconds. */
  readonly #clear = new Map<string, number>()

  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** Seconds until this source may try again; 0 if it may now. */
  wait(source: string): number {
    const debt = ((this.#clear.get(source) ?? 0) - this.#clock()) / 1000
    return Math.max(0, Math.ceil(debt - (BURST - 1) * SECONDS_EACH))
  }

  /** Notes a failed attempt. */
  fail(source: string): void {
    const now = this.#clock()
    const clear = Math.max(this.#clear.get(source) ?? 0, now) + SECONDS_EACH * 1000
    this.#clear.delete(source)
    this.#clear.set(source, clear)
    for (const [oldest] of this.#clear) {
      if (this.#clear.size <= MAX_SOURCES) break
      this.#clear.delete(oldest)
    }
  }
}

/** What counts as one source: an IPv4 address, or the 64-bit network of an IPv6 address, whose holder has all of it.
 *  @param forwarded the X-Forwarded-For header, believed if the address is a known proxy's */
export function sourceOf(address: string, forwarded: string | undefined, proxies: readonly string[]): string {
  const hops = forwarded?.split(',').map((hop) => hop.trim()) ?? []
  let source = plainAddress(address)
  // The last hop that no proxy of ours has written itself.
  while (proxies.includes(source)) {
    const hop = hops.pop()
    if (hop === undefined) break
    source = plainAddress(hop)
  }
  return isIPv4(source) ? source : network(source)
}

/** An IPv4 address written as an IPv6 one is the IPv4 address. */
function plainAddress(address: string): string {
  const mapped = /^::ffff:([0-9.]+)$/i.exec(address)?.[1]
  return mapped !== undefined && isIPv4(mapped) ? mapped : address
}

/** The first four of an IPv6 address's eight groups. */
function network(address: string): string {
  const [head = '', tail] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  if (tail !== undefined) {
    const after = tail.split(':').filter(Boolean)
    while (groups.length + after.length < 8) groups.push('0')
    groups.push(...after)
  }
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':')
}
